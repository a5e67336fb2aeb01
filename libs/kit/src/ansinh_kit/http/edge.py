"""The outermost layer of a service: identity, request id, safe headers, one log line, and the last resort.

Denied by default: a request without a caller the gateway vouches for gets 401 before its body is read, unless its
path is one of the few public ones.
"""

import time
from collections.abc import Collection
from typing import Final

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ansinh_kit.clock import IdGenerator
from ansinh_kit.http.assertion import AssertionVerifier, UnauthenticatedError
from ansinh_kit.http.callers import identify
from ansinh_kit.http.health import Readiness
from ansinh_kit.http.problems import standard_problem
from ansinh_kit.http.request_context import RequestContext, bound, safe_traceparent
from ansinh_kit.http.route_template import route_template
from ansinh_kit.observability.metrics import METHODS, HttpMetrics
from ansinh_kit.observability.request_lines import RequestLines

log = structlog.get_logger(__name__)

_SOON: Final = {"Retry-After": "2", "Connection": "close"}
_QUIET: Final = frozenset({"/health/live", "/health/ready", "/metrics"})


class EdgeMiddleware:
    """Wraps every other layer, so whatever happens inside ends in one answer and one log line."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        verifier: AssertionVerifier,
        ids: IdGenerator,
        metrics: HttpMetrics,
        readiness: Readiness,
        public_paths: Collection[str],
    ) -> None:
        self._app = app
        self._verifier = verifier
        self._ids = ids
        self._metrics = metrics
        self._readiness = readiness
        self._public_paths = frozenset(public_paths)
        self._lines = RequestLines(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, refusal = self._identified(scope)
        traceparent = safe_traceparent(_header(scope, b"traceparent"))
        answer = _Answer(send)
        begun = time.perf_counter()
        self._metrics.begun()
        context = RequestContext(request_id, traceparent)
        with bound(context):
            try:
                if refusal is None:
                    await self._answered(scope, receive, answer)
                else:
                    log.warning("caller_not_identified", reason=str(refusal))
                    await _unauthenticated(scope, receive, answer.send)
            finally:
                self._report(scope, answer.status, time.perf_counter() - begun, context)

    def _identified(self, scope: Scope) -> tuple[str, UnauthenticatedError | None]:
        """Return the request's id, the gateway's if it vouches for the caller, and why the caller is refused."""
        if scope["path"] in self._public_paths:
            return self._ids.new_id(), None
        try:
            return identify(scope, self._verifier).request_id, None
        except UnauthenticatedError as error:
            return self._ids.new_id(), error

    async def _answered(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            if self._readiness.started or scope["path"] in self._public_paths:
                await self._app(scope, receive, answer.send)
            else:
                await standard_problem(503, headers=_SOON).response()(scope, receive, answer.send)
        except Exception:
            # The last resort: whatever a route, a library or a layer let through. Its own text goes to the log only.
            log.exception("unexpected_error", route=route_template(scope))
            if answer.status is not None:
                raise  # Half an answer is out: only closing the connection tells the client so.
            await standard_problem(500).response()(scope, receive, answer.send)

    def _report(self, scope: Scope, status: int | None, seconds: float, context: RequestContext) -> None:
        route = scope["path"] if scope["path"] in self._public_paths else route_template(scope)
        # 499: the client went away before there was an answer.
        status = 499 if status is None else status
        self._metrics.answered(method=scope["method"], route=route, status=status, seconds=seconds)
        if route not in _QUIET:
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._lines.write(
                request_id=context.request_id,
                traceparent=context.traceparent,
                method=method,
                route=route,
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )


class _Answer:
    """Sends the answer on, with the headers every answer has; remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers.setdefault("Cache-Control", "no-store")
            headers["X-Content-Type-Options"] = "nosniff"
        await self._send(message)


async def _unauthenticated(scope: Scope, receive: Receive, send: Send) -> None:
    # The body was not read, so the connection cannot serve another request.
    headers = {"WWW-Authenticate": "Bearer", "Connection": "close"}
    await standard_problem(401, headers=headers).response()(scope, receive, send)


def _header(scope: Scope, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), None)
