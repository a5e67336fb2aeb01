"""What operators see of each service as the gateway reaches it."""

from collections.abc import Callable
from typing import Literal, get_args

from ansinh_kit.observability.metrics import Metrics
from prometheus_client import Counter, Gauge

Outcome = Literal["answered", "unreachable", "broken", "late", "full", "circuit_open"]


class UpstreamMetrics:
    """Counters and gauges by service, whose name comes from the routing table and never from a request."""

    def __init__(self, metrics: Metrics) -> None:
        self._requests = Counter(
            "gateway_upstream_requests_total",
            "Requests to a service by how they ended for the gateway",
            ["service", "outcome"],
            registry=metrics.registry,
        )
        self._retries = Counter(
            "gateway_upstream_retries_total", "Second tries", ["service"], registry=metrics.registry
        )
        self._under_way = Gauge(
            "gateway_upstream_requests_under_way",
            "Requests that hold a place, those waiting for a connection included",
            ["service"],
            registry=metrics.registry,
        )
        self._open = Gauge(
            "gateway_upstream_circuit_open",
            "1 while the circuit breaker is open",
            ["service"],
            registry=metrics.registry,
        )

    def of(self, service: str) -> "ServiceMetrics":
        """Return the service's own, found once and not for every request."""
        outcomes: dict[Outcome, Counter] = {
            outcome: self._requests.labels(service, outcome) for outcome in get_args(Outcome)
        }
        return ServiceMetrics(
            outcomes, self._retries.labels(service), self._under_way.labels(service), self._open.labels(service)
        )


class ServiceMetrics:
    def __init__(self, outcomes: dict[Outcome, Counter], retries: Counter, under_way: Gauge, circuit: Gauge) -> None:
        self._outcomes = outcomes
        self._retries = retries
        self._under_way = under_way
        self._circuit = circuit

    def ended(self, outcome: Outcome) -> None:
        self._outcomes[outcome].inc()

    def retried(self) -> None:
        self._retries.inc()

    def show(self, *, under_way: Callable[[], int], circuit_open: Callable[[], bool]) -> None:
        """Show these from now on, asked when somebody looks: cheaper than to note them with every request."""
        self._under_way.set_function(under_way)
        self._circuit.set_function(circuit_open)
