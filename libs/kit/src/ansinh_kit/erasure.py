"""Taking away all that a service holds of a person, in the order that leaves nothing to be read. Source: PII-06."""

from collections.abc import Iterable

from ansinh_kit.database import Database
from ansinh_kit.event_store.mongo.snapshots import drop_snapshots_of
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.documents import erase_in, holds
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.registry import collections_of
from ansinh_kit.reservations import Reservations


class StoredRemains:
    """What stands outside the log and was made from it: every build of the read models, and snapshots."""

    def __init__(self, database: Database, projections: Iterable[Projection] = ()) -> None:
        self._database = database
        self._projections = tuple(projections)

    async def remove(self, subject_id: str) -> None:
        for projection in self._projections:
            for name in await collections_of(self._database, projection.name):
                await erase_in(self._database[name], subject_id, projection.personal_fields)
        await drop_snapshots_of(self._database, subject_id)

    async def where(self, subject_id: str) -> list[str]:
        """Return the names of the collections of read models that hold something encrypted for the person."""
        return [
            name
            for projection in self._projections
            for name in await collections_of(self._database, projection.name)
            if await holds(self._database[name], subject_id)
        ]


class Erasure:
    """Every step may be done again, so whoever died half-way begins anew.

    The keys come first: from then on nothing of the person can be read, and what follows takes away the remains.
    That it was ordered, and on which legal basis, is in the log before any of it.
    """

    def __init__(
        self,
        cipher: PersonalDataCipher,
        *,
        reservations: Reservations | None = None,
        stored: StoredRemains | None = None,
    ) -> None:
        self._cipher = cipher
        self._reservations = reservations
        self._stored = stored

    async def erase(self, subject_id: str, *, owners: Iterable[str] = ()) -> None:
        """Forget the person.

        Args:
            owners: What holds the person's numbers as reservations; they become free.

        Raises:
            UnavailableError: Not all of it was done; do it again.
        """
        await self._cipher.forget(subject_id)
        if self._reservations is not None:
            for owner in owners:
                await self._reservations.release_all(owner)
        if self._stored is not None:
            await self._stored.remove(subject_id)

    async def remains(self, subject_id: str) -> list[str]:
        """Return where something of the person is left; nothing once all of it is done.

        Raises:
            UnavailableError: Keyring or database did not answer.
        """
        keys = [] if await self._cipher.is_forgotten(subject_id) else ["keyring"]
        return keys if self._stored is None else [*keys, *await self._stored.where(subject_id)]
