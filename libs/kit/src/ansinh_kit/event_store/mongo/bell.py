"""News that the log has grown: at once from this process, within a poll from any other."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

# From every 0.1 s to every 0.5 s in about five seconds without news.
_SLOWER: Final = 1.1


class Bell:
    """Wakes those who wait for the log to grow. All waiters of a process share one poll of the server.

    Args:
        poll_seconds: How often to ask while the log grows.
        quiet_poll_seconds: How often at least when it has not grown for a while: four services that asked ten times a
            second for nothing took a tenth of a core.
    """

    def __init__(
        self,
        last_beyond: Callable[[int], Awaitable[int]],
        *,
        poll_seconds: float,
        quiet_poll_seconds: float = 0.5,
    ) -> None:
        self._last_beyond = last_beyond
        self._poll_seconds = poll_seconds
        self._quiet_poll_seconds = max(poll_seconds, quiet_poll_seconds)
        self._pause_seconds = poll_seconds
        self._highest = 0
        self._polled_at = float("-inf")
        self._rung = asyncio.Event()

    def ring(self, position: int) -> None:
        """Tell that something stands at `position`."""
        if position > self._highest:
            self._highest = position
            self._pause_seconds = self._poll_seconds
            self._rung.set()
            self._rung = asyncio.Event()

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_seconds
        while self._highest <= position:
            remaining = deadline - loop.time()
            if remaining <= 0:
                return False
            if not await self._heard_within(min(remaining, self._pause_seconds)):
                await self._poll()
        return True

    async def _heard_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return False
        return True

    async def _poll(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._polled_at < self._pause_seconds:
            return
        self._polled_at = now
        self._pause_seconds = min(self._pause_seconds * _SLOWER, self._quiet_poll_seconds)
        self.ring(await self._last_beyond(self._highest))
