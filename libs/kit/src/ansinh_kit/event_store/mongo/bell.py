"""News that the log has grown: at once from this process, within a poll from any other."""

import asyncio
from collections.abc import Awaitable, Callable


class Bell:
    """Wakes those who wait for the log to grow. All waiters of a process share one poll of the server."""

    def __init__(self, last_beyond: Callable[[int], Awaitable[int]], *, poll_seconds: float) -> None:
        self._last_beyond = last_beyond
        self._poll_seconds = poll_seconds
        self._highest = 0
        self._polled_at = float("-inf")
        self._rung = asyncio.Event()

    def ring(self, position: int) -> None:
        """Tell that something stands at `position`."""
        if position > self._highest:
            self._highest = position
            self._rung.set()
            self._rung = asyncio.Event()

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_seconds
        while self._highest <= position:
            remaining = deadline - loop.time()
            if remaining <= 0:
                return False
            if not await self._heard_within(min(remaining, self._poll_seconds)):
                await self._poll()
        return True

    async def _heard_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._rung.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _poll(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._polled_at < self._poll_seconds:
            return
        self._polled_at = now
        self.ring(await self._last_beyond(self._highest))
