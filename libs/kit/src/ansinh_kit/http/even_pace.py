"""Answers that take the same time, found or not: from the time alone nobody learns who is on record."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager


class EvenPace:
    """Keeps answers back until `seconds` after they were asked for; longer than any of them takes by itself."""

    def __init__(
        self,
        seconds: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._sleep = sleep

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Leave the block not before its time, whether with an answer or a refusal."""
        until = self._monotonic() + self._seconds
        try:
            yield
        finally:
            await self._sleep(max(0.0, until - self._monotonic()))
