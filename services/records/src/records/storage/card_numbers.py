"""Whose card number is whose: a reservation per number decides, before a card is issued."""

from collections.abc import Collection, Iterable
from contextlib import AbstractAsyncContextManager
from typing import Final

from ansinh_kit.personal_data.blind_index import BlindIndex
from ansinh_kit.reservations import Key, Reservations

CARD_NUMBER_SCOPE: Final = "card_number"


class CardNumbers:
    """Numbers stand here as blind indexes, under every root key while these rotate; the owner is a participant's id.

    A number stays its owner's as long as a card of theirs bears it: a withdrawn card is still found by it, and told as
    withdrawn. Corrected to another number, a card leaves the mistaken one to whose it is.
    """

    def __init__(self, reservations: Reservations, blind_index: BlindIndex) -> None:
        self._reservations = reservations
        self._blind_index = blind_index

    def held(self, numbers: Iterable[str], *, participant_id: str, commit_id: str) -> AbstractAsyncContextManager[None]:
        """Hold the numbers for this participant while the commit is made.

        Raises:
            AlreadyReservedError: Another participant has one of them; `owner` is its id.
        """
        keys = [key for number in sorted(set(numbers)) for key in self._keys(number)]
        return self._reservations.held(keys, owner=participant_id, commit_id=commit_id)

    async def give_back(self, numbers: Iterable[str], *, participant_id: str, commit_id: str) -> None:
        """Undo what this command held for rows it then refused; what others of the owner hold stays."""
        for number in sorted(set(numbers)):
            for scope, key in self._keys(number):
                await self._reservations.give_back(scope, key, owner=participant_id, commit_id=commit_id)

    async def let_go(self, numbers: Iterable[str], *, participant_id: str, known: Collection[str]) -> None:
        """Free numbers that no card of the owner bears as of the commits in `known`.

        One that another command of the owner has asked for meanwhile stays.
        """
        for number in sorted(set(numbers)):
            for scope, key in self._keys(number):
                await self._reservations.release_unless_asked_anew(scope, key, owner=participant_id, known=known)

    async def owner_of(self, number: str) -> str | None:
        """Return the participant who has the number; its commit may still be on its way, or never come."""
        for scope, key in self._keys(number):
            owner = await self._reservations.find_owner(scope, key)
            if owner is not None:
                return owner
        return None

    async def hand_over(self, numbers: Iterable[str], *, giver: str, taker: str, commit_id: str) -> None:
        """Make the numbers of `giver` those of `taker`, whose commit `commit_id` follows. Bears being called again."""
        for number in sorted(set(numbers)):
            for scope, key in self._keys(number):
                await self._reservations.release(scope, key, owner=giver)
                await self._reservations.reserve(scope, key, owner=taker, commit_id=commit_id)

    def _keys(self, number: str) -> list[Key]:
        return [(CARD_NUMBER_SCOPE, index) for index in self._blind_index.all_of(CARD_NUMBER_SCOPE, number)]
