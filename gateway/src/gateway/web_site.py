"""Answers requests for the built web; the edge asks it for every path that is not the API's."""

from gateway.asgi import Scope, Send
from gateway.exchange import Exchange
from gateway.incoming import Incoming
from gateway.refusals import Refusal
from gateway.routing import METHODS
from gateway.web_files import WebFile, WebFiles

_ROUTE = "web"


class WebSite:
    """Serves one set of files; none at all if there is no web."""

    def __init__(self, files: WebFiles | None) -> None:
        self._files = files

    async def __call__(self, incoming: Incoming, send: Send) -> None:
        """Answer with a file.

        Raises:
            Refusal: There is none by this name, or more than a look was asked for.
        """
        if incoming.exchange.method not in METHODS:
            raise Refusal("method_not_allowed")
        file = None if self._files is None else self._files.find(incoming.target.path)
        if file is None:
            raise Refusal("route_unknown")
        if incoming.exchange.method != "GET":
            raise Refusal("method_not_allowed", headers=((b"allow", b"GET"),))
        if incoming.head.has_body:
            raise Refusal("body_not_allowed")
        incoming.exchange.route = _ROUTE
        await _send_file(file, incoming.exchange, incoming.scope, send)


async def _send_file(file: WebFile, exchange: Exchange, scope: Scope, send: Send) -> None:
    asked = dict(scope["headers"])
    headers = [*file.headers, (b"etag", file.etag), (b"x-request-id", exchange.request_id.encode())]
    if file.etag in asked.get(b"if-none-match", b""):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = file.content
    if file.gzip is not None and b"gzip" in asked.get(b"accept-encoding", b""):
        body = file.gzip
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
