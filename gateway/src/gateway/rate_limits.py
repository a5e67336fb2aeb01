"""Token buckets in this process's memory: they decide at once, whatever other gateways and the broker do (ADR-0028)."""

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


@dataclass(frozen=True, slots=True)
class Takings:
    """What was taken here since it was last asked for: tokens by key, and how many of keys beyond `max_told`."""

    by_key: dict[str, int]
    untold: int


class TokenBuckets:
    """One bucket for each key. Memory is bounded: the key unused for longest is forgotten first, which favours it.

    Args:
        max_told: How many keys are counted apart until `takings` is asked again.
    """

    def __init__(self, rate: Rate, *, monotonic: Monotonic, max_keys: int = 100_000, max_told: int = 2_000) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._max_keys = max_keys
        self._max_told = max_told
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._taken: dict[str, int] = {}
        self._untold = 0

    def change(self, rate: Rate) -> None:
        """Count by another rate from now on; what was counted so far stays counted."""
        self._rate = rate

    def take(self, key: str) -> None:
        """Take one token.

        Raises:
            Refusal: 429 with the seconds until the next one; nothing is taken then.
        """
        now = self._monotonic()
        tokens = self._tokens(key, now)
        if tokens < 1:
            self._keep(key, tokens, now)
            wait = math.ceil((1 - tokens) / self._rate.per_second)
            raise Refusal("too_many_requests", retry_after_seconds=max(1, wait))
        self._keep(key, tokens - 1, now)
        if key in self._taken or len(self._taken) < self._max_told:
            self._taken[key] = self._taken.get(key, 0) + 1
        else:
            self._untold += 1

    def taken_elsewhere(self, key: str, tokens: int) -> None:
        """Take what another gateway has given away. It may leave less than nothing: that is worked off first."""
        now = self._monotonic()
        self._keep(key, self._tokens(key, now) - tokens, now)

    def takings(self) -> Takings:
        """Return what `take` gave away since the last call."""
        takings = Takings(self._taken, self._untold)
        self._taken, self._untold = {}, 0
        return takings

    def _tokens(self, key: str, now: float) -> float:
        tokens, seen_at = self._buckets.pop(key, (float(self._rate.burst), now))
        return min(float(self._rate.burst), tokens + (now - seen_at) * self._rate.per_second)

    def _keep(self, key: str, tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
