"""A service behind the gateway that notes what reaches it and answers as the test says."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from gateway.asgi import Application, Headers, Receive, Scope, Send


@dataclass
class Arrived:
    """One request as the service got it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body_bytes: int = 0
    body_sha256: str = ""
    complete: bool = False

    def header(self, name: str) -> str | None:
        values = [value for found, value in self.headers if found == name.lower()]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None


Answer = Callable[[Arrived, Receive, Send], Awaitable[None]]


async def answer_ok(_arrived: Arrived, _receive: Receive, send: Send) -> None:
    await answer(send, b'{"ok":true}')


async def answer(send: Send, body: bytes, *, status: int = 200, headers: Headers | None = None) -> None:
    sent = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *(headers or [])]
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})


@dataclass
class FakeService:
    """Reads each request to its end, notes it, then lets `answers` answer."""

    answers: Answer = answer_ok
    arrived: list[Arrived] = field(default_factory=list)
    left_early: asyncio.Event = field(default_factory=asyncio.Event)
    openapi: dict[str, Any] | None = None
    refuses_at_once: Application | None = None

    @property
    def last(self) -> Arrived:
        return self.arrived[-1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/openapi.json":
            await answer(send, json.dumps(self.openapi).encode(), status=200 if self.openapi else 503)
            return
        query = scope["query_string"].decode()
        target = scope["raw_path"].decode() + (f"?{query}" if query else "")
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
        arrived = Arrived(scope["method"], target, headers)
        self.arrived.append(arrived)
        if self.refuses_at_once is not None:
            await self.refuses_at_once(scope, receive, send)
        elif await self._read_body(arrived, receive):
            await self.answers(arrived, receive, send)

    async def _read_body(self, arrived: Arrived, receive: Receive) -> bool:
        digest = hashlib.sha256()
        while not arrived.complete:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left_early.set()
                return False
            digest.update(message.get("body", b""))
            arrived.body_bytes += len(message.get("body", b""))
            arrived.complete = not message.get("more_body", False)
        arrived.body_sha256 = digest.hexdigest()
        return True


async def wait_for_disconnect(receive: Receive) -> None:
    """Return when the gateway has closed its connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
