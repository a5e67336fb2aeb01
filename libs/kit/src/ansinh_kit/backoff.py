"""Waiting times between tries, longer each time, never the same for two processes."""

import random
from typing import Final

_SOURCE: Final = random.SystemRandom()


class Backoff:
    """Doubles from `first_seconds` to `most_seconds`; each wait is drawn between half and the whole of its step."""

    def __init__(self, *, first_seconds: float = 0.5, most_seconds: float = 30.0) -> None:
        self._first_seconds = first_seconds
        self._most_seconds = most_seconds
        self._tries = 0

    def next_seconds(self) -> float:
        """Return how long to wait now. Jitter: processes that failed together must not come back together."""
        # The exponent is bounded: 2.0 ** 1100 is not a float any more.
        step = min(self._most_seconds, self._first_seconds * 2.0 ** min(self._tries, 32))
        self._tries += 1
        return _SOURCE.uniform(step / 2, step)

    def reset(self) -> None:
        self._tries = 0
