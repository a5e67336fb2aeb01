"""The collection a reader was told of a moment ago."""

from collections.abc import Callable
from typing import Final

from ansinh_kit.database import Collection

LEASE_SECONDS: Final = 0.5


class RememberedCollection:
    """Holds the collection last said to be read, for half a second from when that was asked.

    Ended sooner by every later answer, whoever asked. Good for what is found there: after a switch that is at most so
    much older than what is found in the new build. Never good for "there is nothing": the collection may be gone.
    """

    def __init__(self, monotonic_seconds: Callable[[], float]) -> None:
        self._seconds = monotonic_seconds
        self._collection: Collection | None = None
        self._ends_at_seconds = 0.0

    def now_seconds(self) -> float:
        return self._seconds()

    def find(self) -> Collection | None:
        """Return the collection; `None` if nobody asked of late."""
        return self._collection if self._seconds() < self._ends_at_seconds else None

    def keep(self, collection: Collection, *, asked_at_seconds: float) -> None:
        self._collection, self._ends_at_seconds = collection, asked_at_seconds + LEASE_SECONDS
