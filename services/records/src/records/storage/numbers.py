"""Whose number is whose: a reservation per number decides, before anything is written."""

from collections.abc import Collection, Iterable
from contextlib import AbstractAsyncContextManager

from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.reservations import Key, Reservations

from records.domain.participant.details import NumberKey, Numbers


class ParticipantNumbers:
    """Numbers stand here as blind indexes, under every root key while these rotate; the owner is a participant's id."""

    def __init__(self, reservations: Reservations, blind_index: BlindIndex) -> None:
        self._reservations = reservations
        self._blind_index = blind_index

    def held(self, numbers: Numbers, *, participant_id: str, commit_id: str) -> AbstractAsyncContextManager[None]:
        """Hold all numbers for this participant while its commit is made.

        Raises:
            AlreadyReservedError: Another participant has one of them; `owner` is its id.
        """
        keys = self.keys(sorted(numbers.number_keys()))
        return self._reservations.held(keys, owner=participant_id, commit_id=commit_id)

    async def find_owner(self, number: NumberKey) -> str | None:
        """Return the participant who has reserved the number; its commit may still be on its way, or never come."""
        for scope, key in self.keys([number]):
            owner = await self._reservations.find_owner(scope, key)
            if owner is not None:
                return owner
        return None

    async def find_owners(self, numbers: Collection[NumberKey]) -> dict[NumberKey, str]:
        """Return who has reserved which of the numbers, numbers of nobody left out, with a question for each scope."""
        wanted: dict[str, dict[str, NumberKey]] = {}
        for number in numbers:
            for scope, key in self.keys([number]):
                wanted.setdefault(scope, {})[key] = number
        owners: dict[NumberKey, str] = {}
        for scope, keys in wanted.items():
            found = await self._reservations.find_owners(scope, keys)
            owners |= {keys[key]: owner for key, owner in found.items()}
        return owners

    async def release(self, numbers: Iterable[NumberKey], *, participant_id: str) -> None:
        """Give up those of the numbers that this participant holds."""
        for scope, key in self.keys(numbers):
            await self._reservations.release(scope, key, owner=participant_id)

    def keys(self, numbers: Iterable[NumberKey]) -> list[Key]:
        """Return the reservation keys of the numbers, newest root key first for each."""
        return [(scope, index) for scope, number in numbers for index in self._blind_index.all_of(scope, number)]
