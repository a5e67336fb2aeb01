"""One request and its answer as operators see it: a log line and metrics, none with anything personal (GW-15)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ansinh_kit.observability.metrics import HttpMetrics
from ansinh_kit.observability.request_lines import RequestLines

from gateway.routing import METHODS

Outcome = Literal["answered", "refused", "client_left", "broken", "failed"]

_SAFE_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_CLIENT_CLOSED_REQUEST = 499  # nginx's number for it: nobody is sent this, dashboards know it

_QUIET = frozenset({"/health/live", "/health/ready"})  # asked every few seconds, for ever


@dataclass(slots=True)
class Exchange:
    """What is known of a request so far. `route` is a template, never the path that came."""

    request_id: str
    method: str
    started_at: float
    route: str = "none"
    client_request_id: str | None = None
    caller_kind: str | None = None
    code: str | None = None
    outcome: Outcome = "answered"
    status: int | None = None
    origin: bytes | None = None

    def keep_client_request_id(self, value: bytes) -> None:
        """Note the client's own id, if it is one harmless word (GW-14)."""
        if _SAFE_REQUEST_ID.fullmatch(value):
            self.client_request_id = value.decode("ascii")


class ExchangeRecorder:
    """Writes the access log and the metrics of each exchange."""

    def __init__(self, metrics: HttpMetrics, *, monotonic: Callable[[], float]) -> None:
        self._metrics = metrics
        self._monotonic = monotonic
        self._lines = RequestLines(__name__)

    def begin(self, request_id: str, method: str) -> Exchange:
        self._metrics.begun()
        return Exchange(request_id, method, self._monotonic())

    def end(self, exchange: Exchange) -> None:
        seconds = self._monotonic() - exchange.started_at
        status = exchange.status or _CLIENT_CLOSED_REQUEST
        method = exchange.method if exchange.method in METHODS else "other"
        self._metrics.answered(method=method, route=exchange.route, status=status, seconds=seconds)
        if exchange.route in _QUIET:
            return
        self._lines.write(
            request_id=exchange.request_id,
            client_request_id=exchange.client_request_id,
            method=method,
            route=exchange.route,
            status=status,
            outcome=exchange.outcome,
            code=exchange.code,
            caller_kind=exchange.caller_kind,
            milliseconds=round(seconds * 1000, 1),
        )
