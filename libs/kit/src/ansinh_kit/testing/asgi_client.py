"""Talks to an ASGI app in this process, byte for byte as a server would: no socket, no extra HTTP library."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from ansinh_kit.http.assertion import HEADER, AssertionIssuer, Caller


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON is any of six types
        return json.loads(self.body)


class AsgiClient:
    """Asks `app` as any caller: with an `issuer` it signs the assertion the gateway would send to `audience`."""

    def __init__(self, app: ASGIApp, *, issuer: AssertionIssuer | None = None, audience: str = "") -> None:
        self._app = app
        self._issuer = issuer
        self._audience = audience

    async def request(
        self,
        method: str,
        target: str,
        *,
        caller: Caller | None = None,
        json_body: object = None,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        """Send one request and return the whole answer.

        Args:
            body: Bytes with a Content-Length, or several chunks without one.
            json_body: Sent as JSON, if `body` is not given.
        """
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if caller is not None and self._issuer is not None:
            sent[HEADER.lower()] = self._issuer.issue(caller, audience=self._audience)
        if body is None and json_body is not None:
            body = json.dumps(json_body).encode()
            sent.setdefault("content-type", "application/json")
        if isinstance(body, bytes):
            sent.setdefault("content-length", str(len(body)))
        exchange = _Exchange([body] if isinstance(body, bytes) else list(body or []))
        await self._app(_scope(method, target, sent), exchange.receive, exchange.send)
        return exchange.answer()


class _Exchange:
    def __init__(self, chunks: list[bytes]) -> None:
        self._messages: list[Message] = [
            {"type": "http.request", "body": chunk, "more_body": index < len(chunks) - 1}
            for index, chunk in enumerate(chunks or [b""])
        ]
        self._start: Message = {}
        self._body = bytearray()

    async def receive(self) -> Message:
        if self._messages:
            return self._messages.pop(0)
        # As long as the client waits for its answer there is nothing more to receive.
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        else:
            self._body += message.get("body", b"")

    def answer(self) -> HttpAnswer:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._start["headers"]}
        return HttpAnswer(self._start["status"], headers, bytes(self._body))


def _scope(method: str, target: str, headers: Mapping[str, str]) -> dict[str, Any]:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 40_000),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
