"""The only place that reads the clock or draws an id; everything else is handed the result."""

import os
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class IdGenerator(Protocol):
    def new_id(self) -> str:
        """Return 128 random bits as 32 lower-case hex digits."""
        ...


class RandomIds:
    def new_id(self) -> str:
        return os.urandom(16).hex()
