"""Folds the log into one read model."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Final

from prometheus_client import Counter, Gauge

from ansinh_kit.database import Database
from ansinh_kit.event_store.store import EventPage, EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.documents import DocumentCodec
from ansinh_kit.projections.folding import changes_of, fold_changes, keys_of
from ansinh_kit.projections.generations import Generation, Generations
from ansinh_kit.projections.held_documents import HeldDocuments
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.reading_ahead import pages_after
from ansinh_kit.projections.stored_documents import StoredDocuments

_projected = Counter("ansinh_projection_events_total", "Events folded into a read model", ["projection"])
_position = Gauge("ansinh_projection_position", "Log position a read model has reached", ["projection"])


class Projector:
    """Folds events into a generation of a projection; a `Follower` tells it when.

    Any number of projectors may run at once: a document at a position is the same whoever wrote it, and a write
    never replaces a later one. More than one is waste, not harm.
    """

    def __init__(
        self, *, store: EventStore, database: Database, projection: Projection, cipher: PersonalDataCipher
    ) -> None:
        self.name: Final = projection.name
        self._store = store
        self._database = database
        self._projection = projection
        self._codec = DocumentCodec(projection, cipher)
        self._generations = Generations(database, projection)

    @property
    def generations(self) -> Generations:
        return self._generations

    async def fold(self, events: Sequence[RecordedEvent], generation: Generation) -> None:
        """Write the documents that these events change; the checkpoint stays for the caller to move.

        Raises:
            UnavailableError: The database is down. Folding the same events again is harmless, in part done or not.
        """
        changes = changes_of(self._projection, events)
        if changes:
            documents = self._documents(generation)
            before = await documents.load(keys_of(changes))
            await documents.save(fold_changes(self._projection, before, changes), known=before)

    async def catch_up(self, generation: Generation) -> Generation:
        """Fold everything the log holds by now into `generation`; return where it stands."""
        async with pages_after(self._store, generation.position) as pages:
            async for page in pages:
                await self.fold(page.events, generation)
                # The checkpoint comes after the documents: a crash in between folds the page again, which they notice.
                generation = await self._generations.advance(generation, page.read_through)
                self.tell(len(page.events), page.read_through)
        return generation

    async def build(self, generation: Generation, *, held_documents: int) -> AsyncGenerator[EventPage]:
        """Fold the log into a generation that nobody reads or writes yet; yield each page when it is done.

        Fit to be read only when this is exhausted: until then documents are in memory, at most `held_documents` of
        them, and the checkpoint does not move.
        """
        documents = HeldDocuments(self._documents(generation), capacity=held_documents)
        async with pages_after(self._store, generation.position, ahead=2) as pages:
            async for page in pages:
                changes = changes_of(self._projection, page.events)
                before = await documents.load(keys_of(changes))
                await documents.save(fold_changes(self._projection, before, changes))
                generation = replace(generation, position=page.read_through)
                yield page
        await documents.flush()
        await self._generations.advance(generation, generation.position)

    def tell(self, events: int, position: int) -> None:
        """Show in the metrics that the read model has seen so many more events, and stands at `position`."""
        _projected.labels(self.name).inc(events)
        _position.labels(self.name).set(position)

    def _documents(self, generation: Generation) -> StoredDocuments:
        return StoredDocuments(self._database[generation.collection], self._codec)
