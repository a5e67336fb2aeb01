"""Requests for a service: admitted, given the headers only we can make, and carried there."""

from collections.abc import Mapping

from ansinh_kit.http.assertion import HEADER as ASSERTION_HEADER
from ansinh_kit.http.assertion import AssertionIssuer, Caller

from gateway.asgi import Send
from gateway.credentials import client_secret
from gateway.forwarding import Delivery, forward
from gateway.gate import Gate
from gateway.incoming import Incoming
from gateway.patience import Timeouts
from gateway.routing import STREAMED, Route, TimeoutClass
from gateway.upstream import Upstream


class ToService:
    """Implements `Destination` for one service.

    Args:
        assertions: Signs with keys that no other service knows.
    """

    def __init__(
        self,
        upstream: Upstream,
        *,
        gate: Gate,
        assertions: AssertionIssuer,
        timeouts: Mapping[TimeoutClass, Timeouts],
    ) -> None:
        self._upstream = upstream
        self._gate = gate
        self._assertions = assertions
        self._timeouts = timeouts

    async def __call__(self, incoming: Incoming, route: Route, send: Send) -> None:
        exchange, target = incoming.exchange, incoming.target
        caller = await self._gate.admit(route, incoming.head, address=incoming.address, request_id=exchange.request_id)
        exchange.caller_kind = caller.kind
        delivery = Delivery(
            method=route.method,
            target=target.with_path(target.path.removeprefix(f"/api/{route.service}")),
            headers=self._headers(route, incoming, caller),
            body=incoming.body,
            streams=route.body in STREAMED,
            timeouts=self._timeouts[route.timeouts],
            request_id=exchange.request_id,
            authenticated=route.needs_session,
        )
        await forward(delivery, self._upstream, send)

    def _headers(self, route: Route, incoming: Incoming, caller: Caller) -> dict[str, str]:
        """Return the headers for the service: those that may pass, and ours, which a client cannot have sent."""
        request_id = caller.request_id
        headers = {
            **incoming.head.forwarded,
            ASSERTION_HEADER: self._assertions.issue(caller, audience=route.service),
            "X-Forwarded-For": incoming.address,
            "X-Request-Id": request_id,
            # The request id is 128 random bits, which is what a trace id has to be: one search finds both.
            "Traceparent": f"00-{request_id}-{request_id[:16]}-01",
        }
        secret = client_secret(incoming.head) if route.takes_client_secret else None
        if secret is not None:
            headers["Authorization"] = secret
        if route.body in STREAMED and incoming.head.content_length is not None:
            headers["Content-Length"] = str(incoming.head.content_length)
        return headers
