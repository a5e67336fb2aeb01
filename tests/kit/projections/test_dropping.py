"""Builds that are read no more: gone in the end, whatever dies or is slow on the way."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast

import pytest
from ansinh_kit.database import Collection, Database
from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import connect
from ansinh_kit.projections.dropping import drop_patiently
from ansinh_kit.projections.generations import GenerationGoneError, Generations
from ansinh_kit.projections.registry import REGISTRY, collections_of

from tests.kit.projections.visits import Rooms

pytestmark = pytest.mark.mongo
FIRST, SECOND, THIRD = (f"view_rooms_v1_g{number}" for number in (1, 2, 3))


class DiedError(Exception):
    """The process was killed here."""


class FaultyDatabase:
    """Carries calls out, or not, or says that it has not: by the kind of the call."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dies_before: set[str] = set()
        self.dies_after: set[str] = set()
        self.unanswered_drops = 0

    async def call(
        self,
        kind: str,
        asked: Callable[..., Awaitable[Any]],
        *arguments: Any,  # noqa: ANN401 - as the driver takes them
    ) -> Any:  # noqa: ANN401 - as the driver gives it
        if kind in self.dies_before:
            raise DiedError
        answer = await asked(*arguments)
        if kind in self.dies_after:
            raise DiedError
        return answer

    async def drop_collection(self, name: str) -> None:
        await self.call("drop_collection", self._database.drop_collection, name)
        if self.unanswered_drops > 0:
            self.unanswered_drops -= 1
            raise UnavailableError("mongodb")

    def __getitem__(self, name: str) -> Collection:
        return cast("Collection", _FaultyCollection(self, self._database[name]))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the database has
        return getattr(self._database, name)


class _FaultyCollection:
    def __init__(self, database: FaultyDatabase, collection: Collection) -> None:
        self._database = database
        self._collection = collection

    async def create_index(self, *arguments: Any) -> Any:  # noqa: ANN401 - as the driver takes them
        return await self._database.call("create_index", self._collection.create_index, *arguments)

    async def insert_one(self, *arguments: Any) -> Any:  # noqa: ANN401 - as above
        return await self._database.call("insert_one", self._collection.insert_one, *arguments)

    async def delete_one(self, *arguments: Any) -> Any:  # noqa: ANN401 - as above
        return await self._database.call("delete_one", self._collection.delete_one, *arguments)

    async def update_many(self, *arguments: Any) -> Any:  # noqa: ANN401 - as above
        return await self._database.call("update_many", self._collection.update_many, *arguments)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the collection has
        return getattr(self._collection, name)


class Builds:
    """A read model whose second build is read, and which has rows in both."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.faulty = FaultyDatabase(database)
        self.generations = Generations(database, Rooms())
        self.mortal = Generations(cast("Database", self.faulty), Rooms())

    async def switched(self) -> "Builds":
        await self.generations.active_or_first()
        await self.generations.switch_to(await self.generations.start_next())
        for name in (FIRST, SECOND):
            await self.database[name].insert_one({"_id": "a"})
        return self

    async def there(self) -> list[str]:
        return sorted(name for name in await self.database.list_collection_names() if name.startswith("view_"))

    async def entered(self) -> list[str]:
        entries = await self.database[REGISTRY].find({"collection": {"$exists": True}}).to_list()
        return sorted(entry["collection"] for entry in entries)


@pytest.fixture
async def builds(mongo_url: str, database_name: str) -> AsyncIterator[Builds]:
    client = connect(mongo_url, app_name="tests")
    yield await Builds(client.database(database_name)).switched()
    client.close()


@pytest.mark.parametrize("call", ["update_many", "drop_collection", "delete_one"])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_drop_that_was_cut_off_anywhere_is_finished_by_the_next(builds: Builds, call: str, moment: str) -> None:
    getattr(builds.faulty, f"dies_{moment}").add(call)
    with pytest.raises(DiedError):
        await builds.mortal.drop_inactive()
    # Whoever has to find every build finds the one that is still there.
    assert await collections_of(builds.database, "rooms") == await builds.there()

    await builds.generations.drop_inactive()

    assert (await builds.there(), await builds.entered()) == ([SECOND], [SECOND])
    assert await builds.generations.drop_inactive() == []


async def test_nobody_goes_back_to_a_build_whose_drop_was_cut_off(builds: Builds) -> None:
    first = await builds.generations.get(1)
    builds.faulty.dies_before.add("drop_collection")
    with pytest.raises(DiedError):
        await builds.mortal.drop_inactive()

    with pytest.raises(GenerationGoneError):
        await builds.generations.switch_to(first)


async def test_a_collection_that_no_entry_names_is_found_and_dropped(builds: Builds) -> None:
    await builds.database[REGISTRY].delete_one({"collection": FIRST})
    assert FIRST in await collections_of(builds.database, "rooms")

    assert await builds.generations.drop_inactive() == [FIRST]
    assert await builds.there() == [SECOND]


async def test_builds_of_other_read_models_and_versions_are_left_alone(builds: Builds) -> None:
    others = ["view_rooms_v2_g1", "view_rooms_v11_g1", "view_rooms_of_b_v1_g1", "view_rooms_v1_g1_kept"]
    for name in others:
        await builds.database[name].insert_one({"_id": "a"})

    assert await builds.generations.drop_inactive() == [FIRST]
    assert await builds.there() == sorted([SECOND, *others])
    assert await collections_of(builds.database, "rooms") == ["view_rooms_v11_g1", SECOND, "view_rooms_v2_g1"]


async def test_a_new_build_does_not_begin_where_something_lies(builds: Builds) -> None:
    await builds.database[THIRD].insert_one({"_id": "old"})
    assert (await builds.generations.start_next()).number == 4


async def test_a_build_that_another_process_is_just_making_is_no_stray(builds: Builds) -> None:
    builds.faulty.dies_before.add("create_index")
    with pytest.raises(DiedError):
        await builds.mortal.start_next()
    # It is known before there is anything of it: so it is given up in order, and its maker hears of it.
    assert THIRD in await builds.entered()
    being_made = await builds.generations.get(3)
    await builds.generations.drop_inactive()
    with pytest.raises(GenerationGoneError):
        await builds.generations.switch_to(being_made)


async def test_a_first_build_that_was_entered_and_no_more_gets_its_indexes(mongo_url: str, database_name: str) -> None:
    client = connect(mongo_url, app_name="tests")
    builds = Builds(client.database(database_name))
    builds.faulty.dies_before.add("create_index")
    with pytest.raises(DiedError):
        await builds.mortal.active_or_first()
    builds.faulty.dies_before.clear()
    made: list[str] = []
    await builds.mortal.active_or_first()
    made += await builds.there()
    client.close()
    assert made == [FIRST]


async def test_a_drop_that_is_not_answered_in_time_is_no_error(builds: Builds) -> None:
    builds.faulty.unanswered_drops = 2
    assert await builds.mortal.drop_inactive() == [FIRST]
    assert (await builds.there(), await builds.entered()) == ([SECOND], [SECOND])


async def test_a_database_that_never_answers_is_one_and_the_build_stays_known(builds: Builds) -> None:
    builds.faulty.unanswered_drops = 1_000
    with pytest.raises(UnavailableError):
        await drop_patiently(cast("Database", builds.faulty), FIRST, patience_seconds=0.0)
    assert FIRST in await builds.entered()
