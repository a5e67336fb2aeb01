"""A database whose writes stand still until a test lets each go on, fail, get lost or come late.

The seam is the port itself: production code has no hook for this.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, cast

from ansinh_kit.database import BulkRejectedError, Collection, Database, Document
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import translated


class Verdict(Enum):
    """What becomes of a write that was sent."""

    DONE = auto()
    NEVER_ARRIVED = auto()
    ANSWER_LOST = auto()
    HALF_DONE = auto()
    """The first half is written, then the connection breaks."""
    ARRIVES_LATE = auto()
    """The client gives up; the server does it when the test says so."""


@dataclass
class Held:
    """A write on its way to the server."""

    kind: str
    whole: Callable[[], Awaitable[Any]]
    half: Callable[[], Awaitable[Any]]
    verdict: asyncio.Future[Verdict] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class HeldDatabase:
    """One process's view of a database. `held` is the write that waits; `late` are those the server still has."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.held: Held | None = None
        self.late: list[Callable[[], Awaitable[Any]]] = []
        self.reading = 0
        self.free = False
        """While true, writes go on at once: for setting up."""

    def __getitem__(self, name: str) -> Collection:
        return cast("Collection", HeldCollection(self, self._database[name]))

    def let(self, verdict: Verdict) -> None:
        held, self.held = self.held, None
        assert held is not None
        held.verdict.set_result(verdict)

    async def write(
        self, kind: str, whole: Callable[[], Awaitable[Any]], half: Callable[[], Awaitable[Any]] | None = None
    ) -> Any:  # noqa: ANN401 - what the driver returns
        if self.free:
            return await whole()
        held = Held(kind, whole, half or whole)
        self.held = held
        match await held.verdict:
            case Verdict.DONE:
                return await self._counted(whole)
            case Verdict.HALF_DONE:
                await self._tolerating_duplicates(held.half)
            case Verdict.ANSWER_LOST:
                await self._tolerating_duplicates(whole)
            case Verdict.ARRIVES_LATE:
                self.late.append(whole)
            case Verdict.NEVER_ARRIVED:
                pass
        raise UnavailableError("mongodb")

    async def deliver_late_writes(self) -> None:
        late, self.late = self.late, []
        for write in late:
            await self._tolerating_duplicates(write)

    async def _tolerating_duplicates(self, write: Callable[[], Awaitable[Any]]) -> None:
        # Nobody else translates here: a late write comes after its caller is gone.
        try:
            with translated():
                await self._counted(write)
        except BulkRejectedError:
            return

    async def _counted(self, call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - as `write`
        async with self.reads():
            return await call()

    @asynccontextmanager
    async def reads(self) -> AsyncIterator[None]:
        self.reading += 1
        try:
            yield
        finally:
            self.reading -= 1


class HeldCollection:
    def __init__(self, holder: HeldDatabase, collection: Collection) -> None:
        self._holder = holder
        self._collection = collection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - calls that are not held pass through
        return getattr(self._collection, name)

    def with_options(self, **options: Any) -> "HeldCollection":  # noqa: ANN401 - as the port
        del options
        return self

    async def find_one(self, *query: Any, **options: Any) -> Document | None:  # noqa: ANN401 - as the port
        async with self._holder.reads():
            return await self._collection.find_one(*query, **options)

    async def find_one_and_update(self, *query: Any, **options: Any) -> Any:  # noqa: ANN401 - as the port
        return await self._holder.write("reserve", lambda: self._collection.find_one_and_update(*query, **options))

    async def insert_many(self, documents: Sequence[Document], *, ordered: bool) -> Any:  # noqa: ANN401 - as the port
        half = documents[: (len(documents) + 1) // 2]
        return await self._holder.write(
            "insert",
            lambda: self._collection.insert_many(documents, ordered=ordered),
            lambda: self._collection.insert_many(half, ordered=ordered),
        )
