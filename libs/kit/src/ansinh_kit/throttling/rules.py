"""How often something may be tried: sliding windows, and waits that double. The caller counts before it compares.

An attempt is written down when it is admitted, so a hundred at once are a hundred attempts. What succeeded is
taken back by forgetting the attempts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attempts:
    """Admitted attempts, oldest first, as far back as the rule needs; `waits` counts the waits imposed in a row."""

    at: tuple[datetime, ...] = ()
    waits: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now: the next attempt is admitted at `until`."""

    until: datetime


class Throttle(Protocol):
    @property
    def memory(self) -> timedelta:
        """How long after the last attempt nothing of it matters any more."""
        ...

    def admit(self, attempts: Attempts, now: datetime) -> Attempts | Wait:
        """Return the attempts with this one among them, or until when to wait."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` attempts in any stretch of `period`."""

    limit: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class Windows:
    """Every window must have room. An attempt exactly `period` old has left its window."""

    windows: tuple[Window, ...]

    @property
    def memory(self) -> timedelta:
        return max(window.period for window in self.windows)

    def admit(self, attempts: Attempts, now: datetime) -> Attempts | Wait:
        kept = tuple(at for at in attempts.at if now - at < self.memory)
        full = [until for window in self.windows if (until := _room_at(window, kept, now)) is not None]
        return Wait(max(full)) if full else Attempts((*kept, now))


def _room_at(window: Window, attempts: tuple[datetime, ...], now: datetime) -> datetime | None:
    inside = [at for at in attempts if now - at < window.period]
    return None if len(inside) < window.limit else inside[-window.limit] + window.period


@dataclass(frozen=True, slots=True)
class DoublingWaits:
    """`free` attempts in `period`; after them each one costs a wait, twice as long every time, up to `longest`.

    After `memory` without an attempt all is forgotten: the waits never add up to a lock-out (LIM-13).
    """

    free: int
    period: timedelta
    first: timedelta
    longest: timedelta
    memory: timedelta

    def admit(self, attempts: Attempts, now: datetime) -> Attempts | Wait:
        last = attempts.at[-1] if attempts.at else None
        if last is None or now - last >= self.memory:
            return self._written_down(Attempts(), now)
        until = last + self._wait_after(attempts.waits)
        return Wait(until) if now < until else self._written_down(attempts, now)

    def _written_down(self, attempts: Attempts, now: datetime) -> Attempts:
        recent = (*(at for at in attempts.at if now - at < self.period), now)
        waiting = attempts.waits > 0 or len(recent) >= self.free
        return Attempts(recent, attempts.waits + 1 if waiting else 0)

    def _wait_after(self, waits: int) -> timedelta:
        if waits == 0:
            return timedelta(0)
        doublings = min(waits - 1, 32)
        return min(self.first * (1 << doublings), self.longest)
