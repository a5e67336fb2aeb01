"""Token buckets in this process's memory: a second line behind the proxy in front, and the only one in development."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from gateway.refusals import Refusal

Monotonic = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` requests at once, and `per_second` more as time goes by."""

    burst: int
    per_second: float


class TokenBuckets:
    """One bucket for each key. Memory is bounded: the key unused for longest is forgotten first, which favours it."""

    def __init__(self, rate: Rate, *, monotonic: Monotonic, max_keys: int = 100_000) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def change(self, rate: Rate) -> None:
        """Count by another rate from now on; what was counted so far stays counted."""
        self._rate = rate

    def take(self, key: str) -> None:
        """Take one token.

        Raises:
            Refusal: 429 with the seconds until the next one; nothing is taken then.
        """
        now = self._monotonic()
        tokens, seen_at = self._buckets.pop(key, (float(self._rate.burst), now))
        tokens = min(float(self._rate.burst), tokens + (now - seen_at) * self._rate.per_second)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = math.ceil((1 - tokens) / self._rate.per_second)
            raise Refusal("too_many_requests", retry_after_seconds=max(1, wait))
