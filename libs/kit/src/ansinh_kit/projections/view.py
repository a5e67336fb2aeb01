"""The reading side of a read model."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ansinh_kit.database import Collection, Database, Document
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import translated
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.documents import DocumentCodec
from ansinh_kit.projections.generations import Generations
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.remembered_collection import RememberedCollection

_POLL_SECONDS: Final = 0.02


class View:
    """Queries over the active generation of a projection. Personal fields come back decrypted, or `[erased]`."""

    def __init__(
        self,
        *,
        database: Database,
        projection: Projection,
        cipher: PersonalDataCipher,
        monotonic_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._name = projection.name
        self._codec = DocumentCodec(projection, cipher)
        self._generations = Generations(database, projection)
        self._remembered = RememberedCollection(monotonic_seconds)

    async def get(self, key: str) -> Document | None:
        """Return the document under `key`; `None` if there is none.

        After a switch to another build it may come from the one before for `LEASE_SECONDS`, unless `wait_for` was
        called; that there is none is always said of the build that is read now.
        """
        stored = await self._stored(key)
        return None if stored is None else (await self._codec.to_folded(stored)).document

    async def _stored(self, key: str) -> Document | None:
        remembered = self._remembered.find()
        if remembered is not None:
            with translated():
                stored = await remembered.find_one({"_id": key})
            if stored is not None:
                return stored
        collection = await self._active()
        if remembered is not None and collection.name == remembered.name:
            return None
        with translated():
            return await collection.find_one({"_id": key})

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]:
        """Return matching documents, at most `limit`. Personal fields cannot be queried: they are ciphertext."""
        collection = await self._active()
        with translated():
            cursor = collection.find({**query, "_gone": {"$ne": True}})
            found = await cursor.sort(sort).skip(skip).limit(limit).to_list()
        folded = [await self._codec.to_folded(stored) for stored in found]
        return [each.document for each in folded if each.document is not None]

    async def count(self, query: Mapping[str, Any]) -> int:
        collection = await self._active()
        with translated():
            return await collection.count_documents({**query, "_gone": {"$ne": True}})

    async def wait_for(self, position: int, *, timeout_seconds: float) -> None:
        """Return once the view has seen `position`: a caller reads its own writes.

        Raises:
            UnavailableError: It did not get there in time.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                while await self._position() < position:  # noqa: ASYNC110 - as said below
                    # The projector may be another process: there is no event of this loop to wait on.
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError as error:
            raise UnavailableError(f"view {self._name}") from error

    async def _position(self) -> int:
        asked_at = self._remembered.now_seconds()
        active = await self._generations.active()
        if active is None:
            return 0
        # Whoever waited reads what was waited for, not the build before, which may be behind.
        self._remembered.keep(self._database[active.collection], asked_at_seconds=asked_at)
        return active.position

    async def _active(self) -> Collection:
        # Asked for wherever the answer may be "none": a build that was switched from may be dropped at any moment, and
        # an empty answer of a collection that is gone would read as "nothing on record".
        asked_at = self._remembered.now_seconds()
        name = await self._generations.active_collection()
        if name is None:
            raise UnavailableError(f"view {self._name}")
        collection = self._database[name]
        self._remembered.keep(collection, asked_at_seconds=asked_at)
        return collection
