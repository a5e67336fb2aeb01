"""Something fetched now and then: one fetch at a time, kept for a while, and a failure kept for a moment, too."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from auth.providers.port import EIdUnavailableError

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Fetches when asked and what is kept is older than `life_seconds`.

    After a failed fetch everybody is refused for `pause_seconds` without another one: a provider that is down for
    hours costs nobody a time-out each.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Value]],
        *,
        life_seconds: float,
        pause_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._life_seconds = life_seconds
        self._pause_seconds = pause_seconds
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        self._kept: tuple[float, Value] | None = None
        self._failed: tuple[float, EIdUnavailableError] | None = None

    async def get(self) -> Value:
        """Return what is kept, or fetch it.

        Raises:
            EIdUnavailableError: It cannot be fetched, or could not a moment ago.
        """
        return await self._younger_than(self._life_seconds)

    async def anew(self, *, unlike: Value) -> Value:
        """Return something that was fetched after `unlike` was: once for all who found it wanting at the same time.

        Raises:
            EIdUnavailableError: As in `get`.
        """
        async with self._turn:
            if self._kept is not None and self._kept[1] is not unlike:
                return self._kept[1]
            return await self._fetched()

    async def _younger_than(self, seconds: float) -> Value:
        async with self._turn:
            if self._kept is not None and self._monotonic() - self._kept[0] < seconds:
                return self._kept[1]
            return await self._fetched()

    async def _fetched(self) -> Value:
        if self._failed is not None and self._monotonic() - self._failed[0] < self._pause_seconds:
            raise EIdUnavailableError(self._failed[1].reason)
        try:
            value = await self._fetch()
        except EIdUnavailableError as error:
            self._failed = (self._monotonic(), error)
            raise
        self._kept, self._failed = (self._monotonic(), value), None
        return value
