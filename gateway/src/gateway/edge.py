"""The hot path: every request from outside passes here, and leaves as an answer of a service or as a refusal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from ansinh_kit.clock import IdGenerator

from gateway.addresses import Network, client_address
from gateway.answer_headers import CrossOrigin, completed
from gateway.asgi import Application, Headers, Message, Receive, Scope, Send
from gateway.cycle import CONNECTION_EXTENSION, TARGET_EXTENSION
from gateway.exchange import Exchange, ExchangeRecorder
from gateway.forwarding import AnswerBrokenError
from gateway.head import check_host, read_head
from gateway.incoming import Destination, Incoming
from gateway.refusals import Refusal
from gateway.request_body import ClientLeftError, RequestBody
from gateway.routing import BodyClass, Route, RouteTable
from gateway.target import read_target
from gateway.web_site import WebSite

_API = "/api/"
_CLOSE = (b"connection", b"close")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class EdgeLimits:
    """LIM-24 and LIM-26 for bodies."""

    body_bytes: Mapping[BodyClass, int]
    body_pause_seconds: float
    linger_seconds: float
    linger_bytes: int


class Edge:
    """The gateway as one raw ASGI application.

    Args:
        pages: The gateway's own few pages, by exact path; they pass the same hygiene, and ask for no session.
        web: Answers for every path that is neither a page nor the API's.
        destinations: One for each service the table names.
        hosts: Names the Host header may have, lower case, without port.
        is_draining: Says that this process is about to end.
    """

    def __init__(
        self,
        *,
        table: RouteTable,
        pages: Mapping[str, Application],
        web: WebSite,
        destinations: Mapping[str, Destination],
        recorder: ExchangeRecorder,
        ids: IdGenerator,
        hosts: frozenset[bytes],
        trusted_proxies: Sequence[Network],
        cross_origin: CrossOrigin,
        limits: EdgeLimits,
        is_draining: Callable[[], bool],
    ) -> None:
        self._table = table
        self._pages = pages
        self._web = web
        self._destinations = destinations
        self._recorder = recorder
        self._ids = ids
        self._hosts = hosts
        self._trusted_proxies = trusted_proxies
        self._cross_origin = cross_origin
        self._limits = limits
        self._is_draining = is_draining

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Other kinds of connections are not offered."""
        if scope["type"] != "http":
            return
        exchange = self._recorder.begin(self._ids.new_id(), scope["method"])
        body = RequestBody(
            receive,
            client=scope["extensions"][CONNECTION_EXTENSION]["client"],
            pause_seconds=self._limits.body_pause_seconds,
        )
        try:
            await self._answer_or_refuse(exchange, scope, body, self._watching(exchange, send))
        finally:
            self._recorder.end(exchange)

    def _watching(self, exchange: Exchange, send: Send) -> Send:
        """Return a `send` that notes the status which really goes out, and adds the headers every answer has."""

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message["headers"] = completed(message["headers"], self._further_headers(exchange))
            await send(message)

        return send_and_note

    def _further_headers(self, exchange: Exchange) -> Headers:
        cross_origin = self._cross_origin.headers(exchange.origin)
        # About to end: whoever comes again does so over a new connection, to a process that stays (GW-18).
        return [*cross_origin, _CLOSE] if self._is_draining() else cross_origin

    async def _answer_or_refuse(self, exchange: Exchange, scope: Scope, body: RequestBody, send: Send) -> None:
        try:
            await self._answer(self._checked(exchange, scope, body), send)
        except Refusal as refusal:
            exchange.outcome, exchange.code = "refused", refusal.code
            await self._refuse(refusal, exchange, body, send)
        except ClientLeftError:
            exchange.outcome = "client_left"
        except AnswerBrokenError:
            # Returning without the rest of the answer makes the server cut the connection: the client sees it broke.
            exchange.outcome = "broken"
        except Exception:
            exchange.outcome = "failed"
            log.exception("unexpected_error", request_id=exchange.request_id, route=exchange.route)
            if exchange.status is None:
                await self._refuse(Refusal("unexpected"), exchange, body, send)

    def _checked(self, exchange: Exchange, scope: Scope, body: RequestBody) -> Incoming:
        head = read_head(scope["headers"], http_version=scope["http_version"])
        exchange.keep_client_request_id(head.client_request_id)
        if not head.has_body:
            body.finish()
        exchange.origin = head.origin
        check_host(head.hosts, self._hosts)
        target = read_target(scope["extensions"][TARGET_EXTENSION]["raw"])
        address = client_address(_peer(scope), head.forwarded_for, self._trusted_proxies)
        return Incoming(exchange, scope, head, target, body, address)

    async def _answer(self, incoming: Incoming, send: Send) -> None:
        page = self._pages.get(incoming.target.path)
        if incoming.head.preflight_method and incoming.exchange.method == "OPTIONS":
            await self._answer_preflight(incoming, send)
        elif page is not None:
            await self._show(page, incoming, send)
        elif incoming.target.path.startswith(_API):
            await self._forward(incoming, send)
        else:
            await self._web(incoming, send)

    async def _show(self, page: Application, incoming: Incoming, send: Send) -> None:
        incoming.exchange.route = incoming.target.path
        if incoming.exchange.method != "GET":
            raise Refusal("method_not_allowed", headers=((b"allow", b"GET"),))
        if incoming.head.has_body:
            raise Refusal("body_not_allowed")
        await page(incoming.scope, incoming.body.receive, send)

    async def _answer_preflight(self, incoming: Incoming, send: Send) -> None:
        """Tell a browser, before it asks for a page of ours, that the page may ask: by origin, path and method."""
        if not self._cross_origin.allows(incoming.head.origin) or incoming.head.has_body:
            raise Refusal("method_not_allowed")
        route = self._table.find(incoming.head.preflight_method.decode("latin-1"), incoming.target.path)
        incoming.exchange.route = route.public_path
        headers = self._cross_origin.preflight(route.method)
        await send({"type": "http.response.start", "status": 204, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _forward(self, incoming: Incoming, send: Send) -> None:
        route = self._table.find(incoming.exchange.method, incoming.target.path)
        incoming.exchange.route = route.public_path
        self._bound_body(route, incoming)
        await self._destinations[route.service](incoming, route, send)

    def _bound_body(self, route: Route, incoming: Incoming) -> None:
        """Refuse by what the head declares, before anything of the body is read; set the bound for what it hides."""
        head, body = incoming.head, incoming.body
        if route.body == "none" and head.has_body:
            raise Refusal("body_not_allowed")
        body.max_bytes = self._limits.body_bytes[route.body]
        if head.content_length is not None and head.content_length > body.max_bytes:
            raise Refusal("body_too_large")

    async def _refuse(self, refusal: Refusal, exchange: Exchange, body: RequestBody, send: Send) -> None:
        """Answer with the refusal; if the request is not all read, read a little on before closing."""
        refusal.closes = refusal.closes or not body.finished
        document = refusal.body(exchange.request_id)
        headers = refusal.response_headers(document, exchange.request_id)
        await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await send({"type": "http.response.body", "body": document, "more_body": refusal.closes})
        if refusal.closes:
            await body.discard(seconds=self._limits.linger_seconds, max_bytes=self._limits.linger_bytes)
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "unknown"
