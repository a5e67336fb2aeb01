"""The log page by page, the next one being read and decoded while the present one is worked on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ansinh_kit.cancellation import end_tasks
from ansinh_kit.event_store.store import EventPage, EventStore

PAGE_COMMITS: Final = 500


@asynccontextmanager
async def pages_after(store: EventStore, position: int) -> AsyncIterator["PagesAhead"]:
    """Give the pages of the log after `position`. Nothing is being read any more once the context is left."""
    pages = PagesAhead(store, position)
    try:
        yield pages
    finally:
        await pages.close()


class PagesAhead:
    """Iterate over it: the pages in order, until the end of the log as it is when it is reached.

    Only behind a full page is the next one read ahead. Behind any other the log has just ended, and who asks later
    gets more: each page costs the same few questions and writes, however little is on it.
    """

    def __init__(self, store: EventStore, position: int) -> None:
        self._store = store
        self._position = position
        self._reading: asyncio.Task[EventPage] | None = None

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
        reading = self._reading or self._read()
        self._reading = None
        page = await reading
        if page.read_through == self._position:
            return None
        full = page.read_through - self._position >= PAGE_COMMITS
        self._position = page.read_through
        self._reading = self._read() if full else None
        return page

    async def close(self) -> None:
        if self._reading is not None:
            await end_tasks([self._reading])
            self._reading = None

    def _read(self) -> asyncio.Task[EventPage]:
        return asyncio.create_task(self._store.read_after(self._position, limit=PAGE_COMMITS), name="log-page")
