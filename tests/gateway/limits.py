"""Gateways as far as their limits go, with a clock that a test moves and a way between them that it chooses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from ansinh_kit.clock import RandomIds
from ansinh_kit.key_list import KeyList, NamedKey
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.testing.clock import FixedClock
from gateway.limit_news import LimitNewsSeal
from gateway.limit_news_metrics import LimitNewsMetrics
from gateway.rate_limits import Rate, TokenBuckets
from gateway.refusals import Refusal
from gateway.shared_limits import SharedLimits

from tests.gateway.seconds import Seconds

KEYS = KeyList((NamedKey("k1", b"k" * 32),))


class Time:
    """What the clocks of all gateways show."""

    def __init__(self) -> None:
        self.seconds = Seconds()
        self.clock = FixedClock()

    def pass_by(self, seconds: float) -> None:
        self.seconds.now += seconds
        self.clock.advance(timedelta(seconds=seconds))


@dataclass
class CountingGateway:
    guests: TokenBuckets
    holders: TokenBuckets
    limits: SharedLimits
    metrics: Metrics

    def allowed(self, tries: int, key: str = "192.0.2.1", *, of: TokenBuckets | None = None) -> int:
        """Return how many of so many tries pass: requests of guests unless told otherwise."""
        return sum(_passes(of or self.guests, key) for _ in range(tries))

    def news(self, outcome: str) -> float:
        """Return how many messages came to this end."""
        return self.metrics.registry.get_sample_value("gateway_limit_news_total", {"outcome": outcome}) or 0.0

    def shown(self, metric: str) -> float | None:
        return self.metrics.registry.get_sample_value(metric)


def _passes(buckets: TokenBuckets, key: str) -> bool:
    try:
        buckets.take(key)
    except Refusal:
        return False
    return True


def counting_gateway(
    rate: Rate,
    send: Callable[[bytes], Awaitable[bool]],
    *,
    time: Time | None = None,
    keys: KeyList = KEYS,
    max_told: int = 2_000,
) -> CountingGateway:
    time = time or Time()
    guests = TokenBuckets(rate, monotonic=time.seconds, max_told=max_told)
    holders = TokenBuckets(rate, monotonic=time.seconds, max_told=max_told)
    metrics = Metrics("gateway")
    limits = SharedLimits(
        {"guests": guests, "holders": holders},
        send,
        seal=LimitNewsSeal(keys),
        clock=time.clock,
        ids=RandomIds(),
        monotonic=time.seconds,
        metrics=LimitNewsMetrics(metrics),
    )
    return CountingGateway(guests, holders, limits, metrics)


class Wire:
    """Brings each message to every gateway at once, its sender included, as the broker does; or to none."""

    def __init__(self) -> None:
        self.gateways: list[CountingGateway] = []
        self.sent: list[bytes] = []
        self.is_cut = False

    async def send(self, message: bytes) -> bool:
        if self.is_cut:
            return False
        self.sent.append(message)
        for gateway in self.gateways:
            gateway.limits.hear(message)
        return True

    def join(self, rate: Rate, *, time: Time | None = None, keys: KeyList = KEYS) -> CountingGateway:
        gateway = counting_gateway(rate, self.send, time=time, keys=keys)
        self.gateways.append(gateway)
        return gateway
