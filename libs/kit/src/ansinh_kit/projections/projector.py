"""Keeps one read model up to date with the log."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Final

from prometheus_client import Counter, Gauge

from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventPage, EventStore
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.documents import DocumentCodec
from ansinh_kit.projections.folding import fold_events, keys_of
from ansinh_kit.projections.generations import Generation, Generations
from ansinh_kit.projections.held_documents import HeldDocuments
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.reading_ahead import pages_after
from ansinh_kit.projections.stored_documents import StoredDocuments

_POLL_SECONDS: Final = 1.0

_projected = Counter("ansinh_projection_events_total", "Events folded into a read model", ["projection"])
_position = Gauge("ansinh_projection_position", "Log position a read model has reached", ["projection"])


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
        documents = self._documents(generation)
        async with pages_after(self._store, generation.position) as pages:
            async for page in pages:
                await self._fold(page, documents)
                # The checkpoint comes after the documents: a crash in between folds the page again, which they notice.
                generation = await self._generations.advance(generation, page.read_through)
                self._tell(page)
        return generation

    async def build(self, generation: Generation, *, held_documents: int) -> AsyncGenerator[EventPage]:
        """Fold the log into a generation that nobody reads or writes yet; yield each page when it is done.

        Fit to be read only when this is exhausted: until then documents are in memory, at most `held_documents` of
        them, and the checkpoint does not move.
        """
        documents = HeldDocuments(self._documents(generation), capacity=held_documents)
        async with pages_after(self._store, generation.position) as pages:
            async for page in pages:
                before = await documents.load(keys_of(self._projection, page.events))
                await documents.save(fold_events(self._projection, before, page.events))
                generation = replace(generation, position=page.read_through)
                yield page
        await documents.flush()
        await self._generations.advance(generation, generation.position)

    async def _fold(self, page: EventPage, documents: StoredDocuments) -> None:
        before = await documents.load(keys_of(self._projection, page.events))
        await documents.save(fold_events(self._projection, before, page.events), known=before)

    def _documents(self, generation: Generation) -> StoredDocuments:
        return StoredDocuments(self._database[generation.collection], self._codec)

    def _tell(self, page: EventPage) -> None:
        _projected.labels(self._projection.name).inc(len(page.events))
        _position.labels(self._projection.name).set(page.read_through)
