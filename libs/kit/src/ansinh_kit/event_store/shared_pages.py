"""One reading of the log for all who follow it in this process."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Final

from ansinh_kit.event_store.commit_log import CommitLog
from ansinh_kit.event_store.store import EventCodec, EventPage, EventStore

_KEPT_SECONDS: Final = 1.0

Key = tuple[int, int]


Read = Callable[[int, int], Coroutine[Any, Any, EventPage]]


class SharedPages:
    """Reads and decodes a page once for all who ask for it at the same time, or within the next second.

    The read models of a service follow the same log, are woken by the same bell and so ask for the same pages: a
    service with ten of them would read and decode everything ten times. What stands at a position never changes, so
    a page stays true. It may end before the log does by now: whoever gets it asks for the next one anyway.
    """

    def __init__(self, read: Read, *, kept_seconds: float = _KEPT_SECONDS) -> None:
        self._read = read
        self._kept_seconds = kept_seconds
        self._pages: dict[Key, asyncio.Task[EventPage]] = {}

    @property
    def held(self) -> int:
        """How many pages are being read or kept."""
        return len(self._pages)

    async def after(self, position: int, limit: int) -> EventPage:
        """Return the page after `position`; empty only if nothing stood there when this was called."""
        key = (position, limit)
        reading = self._pages.get(key)
        if reading is None:
            # Shielded: whoever asked first may stop waiting, and the others still get their page.
            return await asyncio.shield(self._begin(key))
        page = await asyncio.shield(reading)
        # Somebody asked before us, and what was written since would be missed: "nothing" cannot be shared.
        return page if page.read_through > position else await self._read(position, limit)

    def _begin(self, key: Key) -> asyncio.Task[EventPage]:
        reading = asyncio.create_task(self._read(*key), name="shared-log-page")
        self._pages[key] = reading
        reading.add_done_callback(partial(self._settle, key))
        return reading

    def _settle(self, key: Key, reading: asyncio.Task[EventPage]) -> None:
        """Keep a page for those who are about to ask; forget an error, and that there was nothing."""
        if reading.cancelled() or reading.exception() is not None or reading.result().read_through == key[0]:
            self._pages.pop(key, None)
        else:
            asyncio.get_running_loop().call_later(self._kept_seconds, self._pages.pop, key, None)


class SharingEventStore(EventStore):
    """An `EventStore` whose pages are shared: for a process in which several follow the log."""

    def __init__(self, log: CommitLog, codec: EventCodec) -> None:
        super().__init__(log, codec)
        self._pages = SharedPages(self._read)

    async def read_after(self, position: int, *, limit: int = 500) -> EventPage:
        return await self._pages.after(position, limit)

    async def _read(self, position: int, limit: int) -> EventPage:
        return await super().read_after(position, limit=limit)
