"""What operators see of gateways that count together (GW-16)."""

from collections.abc import Callable
from typing import Literal, get_args

from ansinh_kit.observability.metrics import Metrics
from prometheus_client import Counter, Gauge

Heard = Literal["applied", "own", "late", "repeated", "too_long", "foreign", "malformed"]


class LimitNewsMetrics:
    def __init__(self, metrics: Metrics) -> None:
        registry = metrics.registry
        heard = Counter(
            "gateway_limit_news_total", "Messages about limits that came, by what became of them", ["outcome"],
            registry=registry,
        )  # fmt: skip
        self._heard = {outcome: heard.labels(outcome) for outcome in get_args(Heard)}
        self._untold = Counter(
            "gateway_limit_takes_untold_total", "Tokens given away that no other gateway will hear of",
            registry=registry,
        )  # fmt: skip
        self._age = Gauge(
            "gateway_limit_news_age_seconds",
            "Since this gateway last heard anybody over the broker, itself included; it counts alone meanwhile",
            registry=registry,
        )
        self._neighbours = Gauge("gateway_limit_neighbours", "Other gateways that were heard lately", registry=registry)

    def heard(self, outcome: Heard) -> None:
        self._heard[outcome].inc()

    def untold(self, tokens: int) -> None:
        self._untold.inc(tokens)

    def show(self, *, age_seconds: Callable[[], float], neighbours: Callable[[], int]) -> None:
        """Show these from now on, asked when somebody looks."""
        self._age.set_function(age_seconds)
        self._neighbours.set_function(neighbours)
