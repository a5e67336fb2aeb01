"""The one timer of a request under way: how long is left depends on who has to do something next (LIM-26)."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long the service may take to begin its answer once it has the request, and how long everything may take."""

    first_byte_seconds: float = 5.0
    whole_seconds: float = 30.0


class Patience:
    """Ends an `asyncio.timeout` when the stage a request is in takes too long. `stop` it in any case.

    One alarm for all stages, set anew only when the end comes nearer: one that rings too early looks again. This is on
    the path of every request, and to set an alarm costs as much as to read the request's head.
    """

    def __init__(self, timer: asyncio.Timeout, timeouts: Timeouts) -> None:
        self._timer = timer
        self._loop = asyncio.get_running_loop()
        self._first_byte_seconds = timeouts.first_byte_seconds
        self._whole_ends_at = self._ends_at = self._loop.time() + timeouts.whole_seconds
        self._alarm: asyncio.TimerHandle | None = None
        self._rings_at = 0.0

    def wait_for_request(self) -> None:
        """The request is still coming: it may take what is left of the whole, as the answer may."""
        self._end_at(self._whole_ends_at)

    def wait_for_first_byte(self) -> None:
        """The service has the whole request: from now on it must answer soon."""
        self._end_at(min(self._whole_ends_at, self._loop.time() + self._first_byte_seconds))

    def wait_for_rest(self) -> None:
        """The answer has begun: it may take what is left of the whole."""
        self._end_at(self._whole_ends_at)

    def stop(self) -> None:
        """Set no alarm any more. The alarm is let go of: what a request leaves in a circle waits for the collector."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def end_now(self) -> None:
        """Stop, because nobody waits for the answer any more."""
        if not self._timer.expired():
            self._timer.reschedule(self._loop.time())

    def _end_at(self, moment: float) -> None:
        self._ends_at = moment
        if self._alarm is not None:
            if self._rings_at <= moment:
                return
            self._alarm.cancel()
        self._alarm = self._loop.call_at(moment, self._look)
        self._rings_at = moment

    def _look(self) -> None:
        self._alarm = None
        if self._loop.time() < self._ends_at:
            self._end_at(self._ends_at)
        else:
            self.end_now()
