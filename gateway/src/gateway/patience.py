"""The one timer of a request under way: how long is left depends on who has to do something next (LIM-26)."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long the service may take to begin its answer once it has the request, and how long everything may take."""

    first_byte_seconds: float = 5.0
    whole_seconds: float = 30.0


class Patience:
    """Moves the end of an `asyncio.timeout` as a request goes from stage to stage.

    One timer instead of one for each stage, and no task of its own: this is on the path of every request.
    """

    def __init__(self, timer: asyncio.Timeout, timeouts: Timeouts) -> None:
        self._timer = timer
        self._loop = asyncio.get_running_loop()
        self._first_byte_seconds = timeouts.first_byte_seconds
        self._ends_at = self._loop.time() + timeouts.whole_seconds
        timer.reschedule(self._ends_at)

    def wait_for_first_byte(self) -> None:
        """The service has the whole request: from now on it must answer soon."""
        self._timer.reschedule(min(self._ends_at, self._loop.time() + self._first_byte_seconds))

    def wait_for_rest(self) -> None:
        """The answer has begun: it may take what is left of the whole."""
        self._timer.reschedule(self._ends_at)

    def end_now(self) -> None:
        """Stop, because nobody waits for the answer any more."""
        if not self._timer.expired():
            self._timer.reschedule(self._loop.time())
