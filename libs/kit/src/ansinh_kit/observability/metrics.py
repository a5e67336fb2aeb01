"""Prometheus metrics of a process. Labels are route templates, states and names from the code, nothing else."""

from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_REQUEST_BUCKETS_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """What one app counts, made in its composition root; tests make as many as they like."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        self.service = service

    def exposition(self) -> tuple[bytes, str]:
        """Return the text for Prometheus and its content type.

        What belongs to the process and not to an app (messaging, projections, memory, file handles) is counted in
        the library's own registry and shown along.
        """
        return generate_latest(self.registry) + generate_latest(REGISTRY), CONTENT_TYPE_LATEST


class HttpMetrics:
    """How many requests, how long, with which status: by method and route template."""

    def __init__(self, metrics: Metrics) -> None:
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "From the request's head to the end of the answer",
            ["method", "route", "status"],
            buckets=_REQUEST_BUCKETS_SECONDS,
            registry=metrics.registry,
        )
        in_flight = Gauge("http_requests_in_flight", "Requests begun and not answered", registry=metrics.registry)
        self._in_flight = 0
        in_flight.set_function(lambda: self._in_flight)
        # As many as there are labels: found by what they are made of instead of being put together for every request.
        self._of_labels: dict[tuple[str, str, int], Histogram] = {}

    def begun(self) -> None:
        self._in_flight += 1

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        self._in_flight -= 1
        # A method is the client's text until it is on the list: as a label it would be theirs to multiply.
        labels = (method if method in METHODS else "other", route, status)
        observed = self._of_labels.get(labels)
        if observed is None:
            observed = self._of_labels[labels] = self._seconds.labels(labels[0], route, str(status))
        observed.observe(seconds)


class TaskMetrics:
    """The background tasks of a process: which are running, and how often each has crashed."""

    def __init__(self, metrics: Metrics) -> None:
        self._crashes = Counter(
            "background_task_crashes_total",
            "Times a background task ended with an error and was started again",
            ["task"],
            registry=metrics.registry,
        )
        self._running = Gauge(
            "background_task_running", "1 while the task runs, 0 while it waits", ["task"], registry=metrics.registry
        )

    def started(self, task: str) -> None:
        self._running.labels(task).set(1)

    def crashed(self, task: str) -> None:
        self._running.labels(task).set(0)
        self._crashes.labels(task).inc()

    def ended(self, task: str) -> None:
        self._running.labels(task).set(0)
