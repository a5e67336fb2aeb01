import asyncio
from collections.abc import AsyncIterator

import pytest
from ansinh_kit.counters import Counters, InMemoryCounters, MongoCounters
from ansinh_kit.mongo import connect


class CountersContract:
    async def test_a_series_gives_each_number_once_also_when_asked_for_its_first_ones_at_once(
        self, counters: Counters
    ) -> None:
        for series in ("06601/2026", "06602/2026", "06603/2026", "06604/2026", "06605/2026"):
            given = await asyncio.gather(*[counters.next(series) for _ in range(8)])
            assert sorted(given) == list(range(1, 9))


class TestInMemoryCounters(CountersContract):
    @pytest.fixture
    def counters(self) -> Counters:
        return InMemoryCounters()


class TestMongoCounters(CountersContract):
    @pytest.fixture
    async def counters(self, mongo_url: str, database_name: str) -> AsyncIterator[Counters]:
        client = connect(mongo_url, app_name="counters-test")
        yield MongoCounters(client.database(database_name))
        client.close()
