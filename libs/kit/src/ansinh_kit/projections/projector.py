"""Keeps one read model up to date with the log."""

from collections.abc import AsyncIterator
from typing import Final

import structlog
from prometheus_client import Counter, Gauge

from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.mongo import BulkRejectedError, ReplaceOne, translated
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.documents import DocumentCodec
from ansinh_kit.projections.folding import Folded, fold_events, keys_of
from ansinh_kit.projections.generations import Generation, Generations
from ansinh_kit.projections.projection import Projection

_BATCH_COMMITS: Final = 500
_POLL_SECONDS: Final = 1.0
_PRIMARY_KEY: Final = "_id_"

_projected = Counter("ansinh_projection_events_total", "Events folded into a read model", ["projection"])
_position = Gauge("ansinh_projection_position", "Log position a read model has reached", ["projection"])

log = structlog.get_logger(__name__)


class Projector:
    """Folds the log into the active generation of a projection, for ever.

    Any number of projectors may run at once: a document at a position is the same whoever wrote it, and a write
    never replaces a later one. More than one is waste, not harm.
    """

    def __init__(
        self, *, store: EventStore, database: Database, projection: Projection, cipher: PersonalDataCipher
    ) -> None:
        self._store = store
        self._database = database
        self._projection = projection
        self._codec = DocumentCodec(projection, cipher)
        self._generations = Generations(database, projection)

    @property
    def generations(self) -> Generations:
        return self._generations

    async def run(self) -> None:
        """Follow the log until cancelled.

        Raises:
            UnavailableError: The database is down. Run it again: it goes on from its checkpoint.
        """
        while True:
            generation = await self._generations.active_or_first()
            generation = await self.catch_up(generation)
            await self._store.wait_beyond(generation.position, timeout_seconds=_POLL_SECONDS)

    async def catch_up(self, generation: Generation) -> Generation:
        """Fold everything the log holds by now into `generation`; return where it stands."""
        async for reached in self.pages(generation):
            generation = reached
        return generation

    async def pages(self, generation: Generation) -> AsyncIterator[Generation]:
        """Fold the log page by page, until its end; yield where `generation` stands after each."""
        while True:
            page = await self._store.read_after(generation.position, limit=_BATCH_COMMITS)
            if page.read_through == generation.position:
                return
            await self._write(generation, page.events)
            # The checkpoint comes after the documents: a crash in between folds the page again, which they notice.
            generation = await self._generations.advance(generation, page.read_through)
            _projected.labels(self._projection.name).inc(len(page.events))
            _position.labels(self._projection.name).set(generation.position)
            yield generation

    async def _write(self, generation: Generation, events: tuple[RecordedEvent, ...]) -> None:
        keys = keys_of(self._projection, events)
        if not keys:
            return
        collection = self._database[generation.collection]
        with translated():
            found = await collection.find({"_id": {"$in": sorted(keys)}}).to_list()
        stored = {document["_id"]: await self._codec.to_folded(document) for document in found}
        changed = fold_events(self._projection, stored, events)
        writes = [await self._replacement(key, folded) for key, folded in changed.items()]
        if not writes:
            return
        try:
            with translated():
                await collection.bulk_write(writes, ordered=False)
        except BulkRejectedError as error:
            if any(failure.duplicate_of != _PRIMARY_KEY for failure in error.failures):
                raise
            # A rival has written these documents at a later position already: nothing is missing.
            log.info("projection_overtaken", projection=self._projection.name, documents=len(error.failures))

    async def _replacement(self, key: str, folded: Folded) -> ReplaceOne[dict[str, object]]:
        stored = await self._codec.to_stored(key, folded)
        return ReplaceOne({"_id": key, "_position": {"$lt": folded.position}}, stored, upsert=True)
