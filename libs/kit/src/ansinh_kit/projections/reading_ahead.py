"""The log page by page, the next one being read and decoded while the present one is worked on."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ansinh_kit.cancellation import end_tasks
from ansinh_kit.event_store.store import EventPage, EventStore

PAGE_COMMITS: Final = 500


@asynccontextmanager
async def pages_after(store: EventStore, position: int, *, ahead: int = 1) -> AsyncIterator["PagesAhead"]:
    """Give the pages of the log after `position`. Nothing is being read any more once the context is left."""
    pages = PagesAhead(store, position, ahead=ahead)
    try:
        yield pages
    finally:
        await pages.close()


class PagesAhead:
    """Iterate over it: the pages in order, until the end of the log as it is when it is reached.

    Only behind a full page are the next ones read ahead. Behind any other the log has just ended, and who asks later
    gets more: each page costs the same few questions and writes, however little is on it.

    Args:
        ahead: How many pages may be on their way. With two the server reads one while the other is decoded here.
    """

    def __init__(self, store: EventStore, position: int, *, ahead: int = 1) -> None:
        self._store = store
        self._position = position
        self._ahead = ahead
        self._reading: deque[asyncio.Task[EventPage]] = deque()

    @property
    def position(self) -> int:
        """Where the next page begins."""
        return self._position

    def __aiter__(self) -> "PagesAhead":
        return self

    async def __anext__(self) -> EventPage:
        page = await self.next()
        if page is None:
            raise StopAsyncIteration
        return page

    async def next(self) -> EventPage | None:
        """Return the next page, `None` if nothing stands there yet: then it may be asked for again."""
        page = await (self._reading.popleft() if self._reading else self._read(self._position))
        full = page.read_through - self._position >= PAGE_COMMITS
        if full:
            self._position = page.read_through
            self._read_ahead()
            return page
        # What is on its way begins where this page would have ended.
        await self.close()
        before, self._position = self._position, page.read_through
        return None if page.read_through == before else page

    async def close(self) -> None:
        reading = list(self._reading)
        self._reading.clear()
        await end_tasks(reading)

    def _read_ahead(self) -> None:
        while len(self._reading) < self._ahead:
            self._reading.append(self._read(self._position + len(self._reading) * PAGE_COMMITS))

    def _read(self, position: int) -> asyncio.Task[EventPage]:
        return asyncio.create_task(self._store.read_after(position, limit=PAGE_COMMITS), name="log-page")
