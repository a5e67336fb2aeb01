"""The documents of one generation in the database: read by id, and written only over earlier ones."""

import asyncio
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Final

import structlog

from ansinh_kit.batches import IDS_AT_ONCE, batches
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.database import Collection, Document
from ansinh_kit.mongo import BulkRejectedError, InsertOne, translated
from ansinh_kit.projections.documents import DocumentCodec
from ansinh_kit.projections.folding import Folded
from ansinh_kit.projections.replacing import over_earlier_ones

# Also on a busy machine a bulk of this size is answered long before the driver gives up (10 s).
_WRITTEN_AT_ONCE: Final = 200
_PRIMARY_KEY: Final = "_id_"

log = structlog.get_logger(__name__)


class StoredDocuments:
    """Rivals may write the same documents at the same time: no write replaces a later one."""

    def __init__(self, collection: Collection, codec: DocumentCodec) -> None:
        self._collection = collection
        self._codec = codec

    async def load(self, keys: Iterable[str]) -> dict[str, Folded]:
        """Return those of the documents that are there, removed ones too."""
        found: list[Document] = []
        for ids in batches(sorted(keys), IDS_AT_ONCE):
            with translated():
                found += await self._collection.find({"_id": {"$in": ids}}).to_list()
        return await self._codec.to_folded_many(found)

    async def save(self, changed: Mapping[str, Folded], *, known: Container[str]) -> None:
        """Write each document, unless a rival has written it at the same or a later position.

        Args:
            known: The ids of those that are in the database for certain; of the others nothing need be known.
        """
        writing: asyncio.Task[None] | None = None
        try:
            for part in batches(changed.items(), _WRITTEN_AT_ONCE):
                stored = await self._codec.to_stored_many(dict(part))
                if writing is not None:
                    await writing
                # The server writes these while the next ones are encrypted here.
                writing = asyncio.create_task(self._write(stored, known))
            if writing is not None:
                await writing
        finally:
            if writing is not None:
                await end_tasks([writing])

    async def _write(self, stored: Sequence[Document], known: Container[str]) -> None:
        await self._replace([document for document in stored if document["_id"] in known])
        overtaken = await self._insert([document for document in stored if document["_id"] not in known])
        await self._replace(overtaken)

    async def _insert(self, documents: Sequence[Document]) -> Sequence[Document]:
        """Write new documents; return those that a rival was faster to make.

        An insert is several times cheaper than an upsert, and most documents of a page are new or known.
        """
        if not documents:
            return []
        try:
            with translated():
                await self._collection.bulk_write([InsertOne(document) for document in documents], ordered=False)
        except BulkRejectedError as error:
            if any(failure.duplicate_of != _PRIMARY_KEY for failure in error.failures):
                raise
            log.info("projection_overtaken", collection=self._collection.name, documents=len(error.failures))
            return [documents[failure.index] for failure in error.failures]
        return []

    async def _replace(self, documents: Sequence[Document]) -> None:
        """Write over documents that are there. What matches none was written by a rival at a later position."""
        if documents:
            with translated():
                await self._collection.bulk_write(over_earlier_ones(documents), ordered=False)
