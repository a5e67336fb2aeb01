"""A reader remembers for half a second which build is read, and is never told "nothing" by one that was dropped."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from ansinh_kit.database import Database
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.projections.generations import Generations
from ansinh_kit.projections.remembered_collection import LEASE_SECONDS
from ansinh_kit.projections.view import View

from tests.database_commands import commands_sent
from tests.kit.projections.visits import Rooms

pytestmark = pytest.mark.mongo


@dataclass
class Builds:
    """Builds of a read model by hand, each with one room whose visitors tell the builds apart."""

    database: Database
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.generations = Generations(self.database, Rooms())
        self.view = View(
            database=self.database,
            projection=Rooms(),
            cipher=PersonalDataCipher(InMemoryKeyring()),
            monotonic_seconds=lambda: self.seconds,
        )

    async def switch(self, *, visitors: int, position: int = 1) -> None:
        await self.generations.active_or_first()
        built = await self.generations.start_next()
        await self.database[built.collection].insert_one({"_id": "a", "_position": position, "visitors": visitors})
        await self.generations.switch_to(await self.generations.advance(built, position))

    async def visitors(self) -> int | None:
        found = await self.view.get("a")
        return None if found is None else found["visitors"]


@pytest.fixture
async def builds(mongo_url: str, database_name: str) -> AsyncIterator[Builds]:
    client = connect(mongo_url, app_name="test-remembered")
    yield Builds(client.database(database_name))
    client.close()


async def test_within_the_lease_a_document_is_one_question(builds: Builds) -> None:
    await builds.switch(visitors=1)
    await builds.visitors()
    with commands_sent() as commands:
        assert await builds.visitors() == 1
    assert len(commands) == 1


async def test_after_the_lease_the_build_that_was_switched_to_is_read(builds: Builds) -> None:
    await builds.switch(visitors=1)
    assert await builds.visitors() == 1
    await builds.switch(visitors=2)
    builds.seconds += LEASE_SECONDS
    assert await builds.visitors() == 2


async def test_a_reader_who_waited_reads_what_it_waited_for(builds: Builds) -> None:
    await builds.switch(visitors=1)
    assert await builds.visitors() == 1
    await builds.switch(visitors=2, position=7)
    await builds.view.wait_for(7, timeout_seconds=5)
    assert await builds.visitors() == 2


async def test_a_build_that_was_dropped_never_reads_as_nothing_on_record(builds: Builds) -> None:
    await builds.switch(visitors=1)
    assert await builds.visitors() == 1
    await builds.switch(visitors=2)
    await builds.generations.drop_inactive()
    assert await builds.visitors() == 2


async def test_what_is_nowhere_is_said_of_the_build_that_is_read(builds: Builds) -> None:
    await builds.switch(visitors=1)
    assert await builds.view.get("nowhere") is None
    assert await builds.view.get("nowhere") is None
