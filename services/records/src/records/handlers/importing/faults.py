"""Imports that met a fault nobody foresaw: tried again with growing waits, and given up in the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ansinh_kit.backoff import Backoff
from ansinh_kit.clock import Clock

_TRIES: Final = 5
_BACKOFF: Final = Backoff(first_seconds=2.0, longest_seconds=30.0)


@dataclass(frozen=True, slots=True)
class _Tried:
    times: int
    again_at: datetime


class Faults:
    """Counted in this process: after a restart, which may have brought a mended release, an import is tried anew."""

    def __init__(self, clock: Clock, *, tries: int = _TRIES, backoff: Backoff = _BACKOFF) -> None:
        self._clock = clock
        self._tries = tries
        self._backoff = backoff
        self._tried: dict[str, _Tried] = {}

    def has_to_wait(self, import_id: str) -> bool:
        tried = self._tried.get(import_id)
        return tried is not None and self._clock.now() < tried.again_at

    def is_hopeless_after(self, import_id: str) -> bool:
        """Note another fault of this import, and return whether it was tried often enough."""
        times = 1 + (self._tried[import_id].times if import_id in self._tried else 0)
        if times >= self._tries:
            self.forget(import_id)
            return True
        wait = timedelta(seconds=self._backoff.seconds_before(times + 1))
        self._tried[import_id] = _Tried(times, self._clock.now() + wait)
        return False

    def forget(self, import_id: str) -> None:
        """The import ended."""
        self._tried.pop(import_id, None)
