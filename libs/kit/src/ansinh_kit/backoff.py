"""How long to wait before the next try: longer each time, never the same for two processes."""

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from `first_seconds` to `longest_seconds`, each drawn between half of it and all of it.

    The draw keeps many clients that lost one server from coming back in the same instant.
    """

    first_seconds: float = 0.1
    longest_seconds: float = 5.0
    draw: Callable[[], float] = random.random

    def seconds_before(self, attempt: int) -> float:
        """Return the wait before try number `attempt`; the first try, number 1, waits for nothing."""
        if attempt <= 1:
            return 0.0
        # The exponent is bounded: after weeks of trying it would not fit into a float.
        whole = min(self.longest_seconds, self.first_seconds * 2.0 ** min(attempt - 2, 32))
        return whole * (0.5 + self.draw() / 2)
