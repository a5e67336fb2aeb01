"""News of other processes: quick while there is some, asked for rarely while there is none."""

import asyncio
import time

from ansinh_kit.event_store.mongo.bell import Bell


class Log:
    """What another process writes: `last` is its position. Counts how often it was asked for."""

    def __init__(self) -> None:
        self.last = 0
        self.asked = 0

    async def last_beyond(self, position: int) -> int:
        self.asked += 1
        return max(position, self.last)


async def test_a_quiet_log_is_asked_less_and_less() -> None:
    log = Log()
    bell = Bell(log.last_beyond, poll_seconds=0.01, quiet_poll_seconds=0.2)
    assert not await bell.wait_beyond(0, timeout_seconds=1.0)
    assert 1 <= log.asked <= 30


async def test_after_news_it_is_asked_as_often_as_before() -> None:
    log = Log()
    bell = Bell(log.last_beyond, poll_seconds=0.01, quiet_poll_seconds=30.0)
    for _ in range(60):
        bell._polled_at = float("-inf")
        await bell._poll()
    assert bell._pause_seconds > 1.0
    bell.ring(1)
    log.last = 2
    begun = time.monotonic()
    assert await bell.wait_beyond(1, timeout_seconds=60)
    assert time.monotonic() - begun < 25


async def test_a_quiet_log_still_wakes_at_once_for_the_own_process() -> None:
    bell = Bell(Log().last_beyond, poll_seconds=60.0)
    waiting = asyncio.create_task(bell.wait_beyond(0, timeout_seconds=50))
    await asyncio.sleep(0)
    bell.ring(1)
    assert await asyncio.wait_for(waiting, 10)
