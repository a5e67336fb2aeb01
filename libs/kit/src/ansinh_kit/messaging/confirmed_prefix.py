"""How far the log is confirmed without a hole."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class _Settling:
    position: int
    outstanding: int
    recorded_at: datetime | None


class ConfirmedPrefix:
    """Positions are begun in order and settled in any; `position` is the last one up to which all are settled."""

    def __init__(self, position: int) -> None:
        self.position = position
        self._settling: deque[_Settling] = deque()
        self._moved = asyncio.Event()

    def begin(self, position: int, outstanding: int, recorded_at: datetime | None = None) -> _Settling:
        """Note that `outstanding` messages of this position must be confirmed; with none it is settled already."""
        settling = _Settling(position, outstanding, recorded_at)
        self._settling.append(settling)
        self._advance()
        return settling

    def confirm(self, settling: _Settling) -> None:
        """Note that one message of a position is confirmed."""
        settling.outstanding -= 1
        self._advance()

    def oldest_waiting(self) -> datetime | None:
        """Return when the first unconfirmed event was recorded; `None` if none waits."""
        return self._settling[0].recorded_at if self._settling else None

    async def wait_moved(self, *, timeout_seconds: float) -> bool:
        """Wait until `position` has moved since the last call; `False` if the time ran out."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._moved.wait()
        except TimeoutError:
            return False
        self._moved.clear()
        return True

    def _advance(self) -> None:
        while self._settling and self._settling[0].outstanding == 0:
            settled = self._settling.popleft().position
            if settled > self.position:
                self.position = settled
                self._moved.set()
