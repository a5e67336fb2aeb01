"""The log page by page, the next one being read and decoded while the present one is worked on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ansinh_kit.event_store.store import EventPage, EventStore

_PAGE_COMMITS: Final = 500


@asynccontextmanager
async def pages_after(store: EventStore, position: int) -> AsyncIterator["PagesAhead"]:
    """Give the pages of the log after `position`. Nothing is being read any more once the context is left."""
    pages = PagesAhead(store, position)
    try:
        yield pages
    finally:
        await pages.close()


class PagesAhead:
    """Iterate over it: the pages in order, until the end of the log as it is when it is reached."""

    def __init__(self, store: EventStore, position: int) -> None:
        self._store = store
        self._position = position
        self._reading = self._read()

    def __aiter__(self) -> "PagesAhead":
        return self

    async def __anext__(self) -> EventPage:
        page = await self._reading
        if page.read_through == self._position:
            raise StopAsyncIteration
        self._position = page.read_through
        self._reading = self._read()
        return page

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    def _read(self) -> asyncio.Task[EventPage]:
        return asyncio.create_task(self._store.read_after(self._position, limit=_PAGE_COMMITS), name="log-page")
