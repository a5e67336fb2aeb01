"""How many event streams a gateway holds open, asked when somebody looks (GW-21)."""

from collections.abc import Callable

from ansinh_kit.observability.metrics import Metrics
from prometheus_client import Gauge


def count_open_streams(metrics: Metrics, count: Callable[[], int]) -> None:
    """Show what `count` says at each look."""
    gauge = Gauge("gateway_event_streams_open", "Event streams that are open", registry=metrics.registry)
    gauge.set_function(count)
