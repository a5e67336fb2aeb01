"""Read models with interests of their own, a database that counts and fails, and a follower over both."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from ansinh_kit.cancellation import end_tasks
from ansinh_kit.database import Collection, Database, Document
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventPage, EventStore
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.projections.folding import fold_events
from ansinh_kit.projections.follower import Follower
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from ansinh_kit.testing.plain_codec import PlainCodec

from tests.kit.projections.visits import REGISTRY as EVENTS
from tests.kit.projections.visits import Rooms

_WRITES = frozenset({"bulk_write", "update_many"})


class RoomsOf(Rooms):
    """As `Rooms`, of some rooms only.

    It stumbles over each event of the rooms in `broken`, and makes of those in `unwritable` what no server takes.
    """

    def __init__(self, name: str, rooms: Iterable[str]) -> None:
        self.name = name
        self.rooms = frozenset(rooms)
        self.broken: set[str] = set()
        self.unwritable: set[str] = set()

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return [key for key in super().keys(event) if key in self.rooms]

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        if key in self.broken:
            raise LookupError(key)
        folded = super().fold(key, document, event)
        return folded | {"visitors": 2**80} if folded and key in self.unwritable else folded


class HeldStore(EventStore):
    """A store of which the pages after some positions stand still until they are let go."""

    def __init__(self) -> None:
        super().__init__(InMemoryCommitLog(), PlainCodec(EVENTS))
        self.held: dict[int, asyncio.Event] = {}

    async def read_after(self, position: int, *, limit: int = 500) -> EventPage:
        if position in self.held:
            await self.held[position].wait()
        return await super().read_after(position, limit=limit)


class WatchedDatabase:
    """Counts the calls by collection and kind, and loses the connection at some writes of documents or checkpoints."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.calls: Counter[tuple[str, str]] = Counter()
        self.lost_writes: set[int] = set()

    def __getitem__(self, name: str) -> Collection:
        return cast("Collection", _WatchedCollection(self, self._database[name]))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the database has
        return getattr(self._database, name)

    def count(self, collection: str, kind: str) -> None:
        self.calls[collection, kind] += 1
        writes = sum(self.calls[each] for each in self.calls if each[1] in _WRITES)
        if kind in _WRITES and writes in self.lost_writes:
            raise UnavailableError("mongodb")


class _WatchedCollection:
    def __init__(self, database: WatchedDatabase, collection: Collection) -> None:
        self._database = database
        self._collection = collection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the collection has
        if name in _WRITES:
            self._database.count(self._collection.name, name)
        return getattr(self._collection, name)


class Followed:
    """One service's log in memory and some read models of it on the real server."""

    def __init__(self, database: Database, projections: Sequence[RoomsOf]) -> None:
        self.watched = WatchedDatabase(database)
        self.database = cast("Database", self.watched)
        self.projections = projections
        self.store = HeldStore()
        self.cipher = PersonalDataCipher(InMemoryKeyring())
        self._commits = 0

    def projector(self, projection: RoomsOf) -> Projector:
        return Projector(store=self.store, database=self.database, projection=projection, cipher=self.cipher)

    def follower(self, *projections: RoomsOf) -> Follower:
        projectors = [self.projector(each) for each in projections or self.projections]
        return Follower(store=self.store, database=self.database, projectors=projectors)

    @asynccontextmanager
    async def following(self, *projections: RoomsOf) -> AsyncIterator[Follower]:
        """Keep a follower running, begun again whenever it loses the database."""
        follower = self.follower(*projections)
        running = asyncio.create_task(_again_and_again(follower))
        try:
            yield follower
        finally:
            await end_tasks([running])
            if not running.cancelled():
                running.result()

    def view(self, projection: RoomsOf) -> View:
        return View(database=self.database, projection=projection, cipher=self.cipher)

    async def record(self, *events: DomainEvent) -> int:
        """Append one commit, and return its position."""
        self._commits += 1
        name = f"commit-{self._commits}"
        metadata = Metadata(correlation_id="c")
        result = await self.store.append(name, events, expected_version=0, commit_id=name, metadata=metadata)
        return result.position

    async def shown(self, projection: RoomsOf) -> dict[str, Document]:
        """Return what the read model shows once it has seen the whole log."""
        view = self.view(projection)
        await view.wait_for(await self.store.last_position(), timeout_seconds=30)
        found = {room: await view.get(room) for room in sorted(projection.rooms)}
        return {room: document for room, document in found.items() if document is not None}

    async def expected(self, projection: RoomsOf) -> Mapping[str, Document]:
        """Return what the log says by itself."""
        page = await EventStore.read_after(self.store, 0, limit=100_000)
        folded = fold_events(projection, {}, page.events)
        return {room: each.document for room, each in folded.items() if each.document is not None}


async def _again_and_again(follower: Follower) -> None:
    while True:
        with suppress(UnavailableError):
            await follower.run()
