"""What a page and the last position cost: they must not grow with the log, on any server."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

import pytest
from ansinh_kit.database import Collection, Cursor, Database, Document
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.mongo.documents import COMMITS, POSITIONS
from ansinh_kit.event_store.mongo.positions import Positions

from tests.kit.event_store.commits import commit_of, read_everything
from tests.kit.event_store.memory_database import memory_database


class WatchedDatabase:
    """Keeps what was asked of the log."""

    def __init__(self) -> None:
        self._database = memory_database()
        self.asked: list[Mapping[str, Any]] = []

    def __getitem__(self, name: str) -> Collection:
        return cast("Collection", WatchedCollection(self._database[name], self.asked if name == COMMITS else []))


class WatchedCollection:
    def __init__(self, collection: Collection, asked: list[Mapping[str, Any]]) -> None:
        self._collection = collection
        self._asked = asked

    def find(self, query: Mapping[str, Any], projection: Mapping[str, Any] | None = None) -> Cursor:
        self._asked.append(query)
        return self._collection.find(query, projection)

    async def find_one(
        self,
        query: Mapping[str, Any],
        projection: Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Document | None:
        self._asked.append(query)
        return await self._collection.find_one(query, projection, **options)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the collection has
        return getattr(self._collection, name)


@pytest.fixture
def watched() -> WatchedDatabase:
    return WatchedDatabase()


@pytest.fixture
async def log(watched: WatchedDatabase) -> AsyncIterator[MongoCommitLog]:
    log = MongoCommitLog(cast("Database", watched), hole_patience_seconds=0)
    await log.start()
    yield log
    await log.close()


async def fill(log: MongoCommitLog, commits: int) -> None:
    for number in range(commits):
        await log.append(commit_of(stream=f"room-{number}"))


async def test_pages_are_asked_for_by_ranges_of_positions_as_wide_as_the_page(
    log: MongoCommitLog, watched: WatchedDatabase
) -> None:
    await fill(log, 250)
    watched.asked.clear()

    assert len(await read_everything(log, limit=120)) == 250

    *pages, _ = [query["position"] for query in watched.asked]
    assert all(asked["$lte"] - asked["$gt"] == 120 for asked in pages)


async def test_the_end_of_the_log_is_looked_for_near_the_counter(log: MongoCommitLog, watched: WatchedDatabase) -> None:
    await fill(log, 250)
    watched.asked.clear()

    assert await log.last_position() == 250
    assert min(query["position"]["$gt"] for query in watched.asked) >= 150


async def test_positions_reserved_and_never_used_are_not_the_last(
    log: MongoCommitLog, watched: WatchedDatabase
) -> None:
    await fill(log, 3)
    await Positions(cast("Database", watched)[POSITIONS]).reserve(100)

    assert await log.last_position() == 3
    assert (await log.read_after(3, limit=10)).read_through == 3


async def test_a_hole_wider_than_a_page_is_closed(log: MongoCommitLog, watched: WatchedDatabase) -> None:
    await Positions(cast("Database", watched)[POSITIONS]).reserve(60)
    await fill(log, 1)

    assert [commit.position for commit in await read_everything(log, limit=10)] == [61]


@pytest.mark.parametrize("counter", [None, 3])
async def test_after_a_restore_with_an_older_counter_no_position_is_handed_out_twice(counter: int | None) -> None:
    database = memory_database()
    log = MongoCommitLog(database)
    await log.start()
    await fill(log, 5)
    await log.close()
    restored = memory_database()
    await restored[COMMITS].insert_many([document async for document in database[COMMITS].find({})])
    positions = Positions(restored[POSITIONS])
    if counter is not None:
        await positions.start_after(counter)

    again = MongoCommitLog(restored)
    await again.start()

    assert await positions.reserve(1) == range(6, 7)
    await again.close()
