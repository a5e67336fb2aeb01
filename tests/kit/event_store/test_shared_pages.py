import asyncio

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.shared_pages import SharedPages
from ansinh_kit.event_store.store import EventPage

from tests.eventually import eventually


class Log:
    """Pages of one commit each, counted as they are read; a reading stands still until `go` is set."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.readings = 0
        self.broken = False
        self.go = asyncio.Event()
        self.go.set()

    async def read(self, position: int, limit: int) -> EventPage:
        del limit
        self.readings += 1
        seen = self.last
        await self.go.wait()
        if self.broken:
            raise UnavailableError("mongodb")
        return EventPage((), min(position + 1, seen))


async def test_those_who_ask_at_the_same_time_share_one_reading() -> None:
    log = Log(last=5)
    pages = SharedPages(log.read)

    found = await asyncio.gather(*(pages.after(3, 500) for _ in range(10)))

    assert {page.read_through for page in found} == {4}
    assert log.readings == 1


async def test_a_page_is_shared_with_those_who_come_a_little_later_and_then_forgotten() -> None:
    log = Log(last=5)
    pages = SharedPages(log.read, kept_seconds=0.05)

    await pages.after(3, 500)
    await pages.after(3, 500)
    assert log.readings == 1
    assert pages.held == 1
    await eventually(lambda: pages.held == 0)


async def test_that_there_was_nothing_is_not_told_to_those_who_asked_later() -> None:
    log = Log(last=3)
    log.go.clear()
    pages = SharedPages(log.read)
    early = asyncio.create_task(pages.after(3, 500))
    await eventually(lambda: log.readings == 1)
    log.last = 4
    late = asyncio.create_task(pages.after(3, 500))
    log.go.set()

    assert (await early).read_through == 3
    assert (await late).read_through == 4


async def test_who_stops_waiting_takes_the_page_from_nobody() -> None:
    log = Log(last=5)
    log.go.clear()
    pages = SharedPages(log.read)
    first, second = (asyncio.create_task(pages.after(3, 500)) for _ in range(2))
    await eventually(lambda: log.readings == 1)

    first.cancel()
    log.go.set()

    assert (await second).read_through == 4


async def test_an_error_is_told_and_not_kept() -> None:
    log = Log(last=5)
    log.broken = True
    pages = SharedPages(log.read)
    with pytest.raises(UnavailableError):
        await pages.after(3, 500)

    log.broken = False

    assert (await pages.after(3, 500)).read_through == 4
