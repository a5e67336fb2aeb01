import asyncio
from datetime import timedelta

import pytest
from ansinh_kit.mongo import Database
from auth.domain.throttling import Window, Windows
from auth.storage.throttles import Throttles, TooManyAttemptsError

from tests.auth.builders import NOW

FIVE = Windows((Window(5, timedelta(minutes=1)),))


async def admitted(throttles: Throttles) -> bool:
    try:
        await throttles.admit("key", FIVE, NOW)
    except TooManyAttemptsError:
        return False
    return True


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
