"""Stops asking a service that mostly fails, and finds out by single requests when it is back (GW-13, LIM-27).

Failing means that it cannot be reached, breaks off or is late. An answer, whatever its status, is a working service:
one that refuses log-ins with 503 because its hashing pool is full still answers everything else.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.refusals import Refusal

_SPANS: Final = 10
"""The window moves in steps of a tenth: cheap to count, and no sudden forgetting."""


@dataclass(frozen=True, slots=True)
class BreakerRule:
    """Open when `failing_share` of at least `least_requests` in the last `window_seconds` failed."""

    failing_share: float = 0.5
    least_requests: int = 20
    window_seconds: float = 10.0
    probe_seconds: float = 5.0


@dataclass(slots=True)
class _Span:
    number: int
    requests: int = 0
    failures: int = 0


class CircuitBreaker:
    """Counts how requests to one service end.

    While open it lets one request through every `probe_seconds`; the first that is answered closes it. A probe that
    nobody waits for any more therefore blocks nothing: the next one comes in its time.
    """

    def __init__(self, rule: BreakerRule, *, monotonic: Callable[[], float]) -> None:
        self._rule = rule
        self._monotonic = monotonic
        self._span_seconds = rule.window_seconds / _SPANS
        self._spans: deque[_Span] = deque(maxlen=_SPANS)
        self._next_probe_at: float | None = None

    @property
    def is_open(self) -> bool:
        return self._next_probe_at is not None

    def enter(self) -> None:
        """Let one request through.

        Raises:
            Refusal: 503 with the seconds until the next probe.
        """
        if self._next_probe_at is None:
            return
        now = self._monotonic()
        if now < self._next_probe_at:
            raise Refusal("upstream_unavailable", retry_after_seconds=int(self._next_probe_at - now) + 1)
        self._next_probe_at = now + self._rule.probe_seconds

    def answered(self) -> None:
        """Note that the service began an answer."""
        if self._next_probe_at is not None:
            self._next_probe_at = None
            self._spans.clear()
        self._span().requests += 1

    def failed(self) -> None:
        """Note that it could not be reached, broke off before its answer, or was late with it."""
        span = self._span()
        span.requests += 1
        span.failures += 1
        if self._next_probe_at is None and self._mostly_fails(span.number):
            self._next_probe_at = self._monotonic() + self._rule.probe_seconds

    def _span(self) -> _Span:
        number = int(self._monotonic() / self._span_seconds)
        if not self._spans or self._spans[-1].number != number:
            self._spans.append(_Span(number))
        return self._spans[-1]

    def _mostly_fails(self, newest: int) -> bool:
        recent = [span for span in self._spans if span.number > newest - _SPANS]
        requests = sum(span.requests for span in recent)
        failures = sum(span.failures for span in recent)
        return requests >= self._rule.least_requests and failures >= requests * self._rule.failing_share
