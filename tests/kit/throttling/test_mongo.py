import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from ansinh_kit.mongo import Database, connect
from ansinh_kit.throttling.memory import InMemoryThrottles
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.port import Throttling, TooManyAttemptsError
from ansinh_kit.throttling.rules import Window, Windows

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIVE = Windows((Window(5, timedelta(minutes=1)),))


async def admitted(throttles: Throttling, key: str = "key", now: datetime = NOW) -> bool:
    try:
        await throttles.admit(key, FIVE, now)
    except TooManyAttemptsError:
        return False
    return True


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="throttling-test")
    yield client.database(database_name)
    client.close()


class ThrottlingContract:
    async def test_keys_are_counted_apart_and_have_room_again_when_the_window_has_passed(
        self, throttles: Throttling
    ) -> None:
        assert [await admitted(throttles) for _ in range(6)] == [True] * 5 + [False]
        assert await admitted(throttles, key="another")
        assert await admitted(throttles, now=NOW + timedelta(minutes=1))

    async def test_a_refusal_says_when_to_come_again_and_does_not_count(self, throttles: Throttling) -> None:
        for _ in range(5):
            await throttles.admit("key", FIVE, NOW)
        later = NOW + timedelta(seconds=45)
        for _ in range(3):
            with pytest.raises(TooManyAttemptsError) as refusal:
                await throttles.admit("key", FIVE, later)
            assert refusal.value.retry_after_seconds == 15


class TestInMemoryThrottles(ThrottlingContract):
    @pytest.fixture
    def throttles(self) -> Throttling:
        return InMemoryThrottles()


class TestThrottles(ThrottlingContract):
    @pytest.fixture
    def throttles(self, database: Database) -> Throttling:
        return Throttles(database)


@pytest.mark.sec("OTC-06")
@pytest.mark.sec("SEC-06")
async def test_processes_side_by_side_admit_no_more_than_the_limit(database: Database) -> None:
    processes = [Throttles(database) for _ in range(4)]
    outcomes = await asyncio.gather(*(admitted(process) for process in processes for _ in range(10)))
    assert outcomes.count(True) == 5


@pytest.mark.sec("LIM-14")
async def test_failures_in_a_row_stop_at_the_limit_also_when_they_come_at_once(database: Database) -> None:
    processes = [Throttles(database) for _ in range(4)]
    counted = await asyncio.gather(
        *(process.count_failure("row", limit=10, now=NOW) for process in processes for _ in range(10))
    )
    assert counted.count(True) == 10


async def test_one_success_takes_back_one_attempt_of_many(database: Database) -> None:
    throttles = Throttles(database)
    for _ in range(5):
        await throttles.admit("key", FIVE, NOW)
    await throttles.take_back("key", FIVE, NOW)
    assert await admitted(throttles)
    assert not await admitted(throttles)


@pytest.mark.sec("F-34")
async def test_a_restarted_process_goes_on_counting_where_the_one_before_ended(database: Database) -> None:
    ended = Throttles(database)
    for _ in range(4):
        await ended.admit("key", FIVE, NOW)
        assert await ended.count_failure("row", limit=5, now=NOW)
    restarted = Throttles(database)
    assert [await admitted(restarted) for _ in range(2)] == [True, False]
    assert [await restarted.count_failure("row", limit=5, now=NOW) for _ in range(2)] == [True, False]
