"""One process with nothing in it: `python -m tests.bench._plain_server answering PORT BYTES`, or `proxying PORT URL`.

The first is an application on the server every service runs on; the second a proxy made of a web framework and its
client as they come: no session, no limits, no log.
"""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import uvicorn
from aiohttp import web
from devtools.processes.process import Command
from devtools.servers.ports import LOOPBACK, free_ports, is_taken
from devtools.servers.server import PrivateServer
from devtools.system.layout import ROOT
from gateway.asgi import Message, Receive, Scope, Send

_CLIENT = web.AppKey("client", aiohttp.ClientSession)
_OF_THIS_HOP = frozenset({"host", "connection"})


class PlainServer(PrivateServer):
    """The process of this module, as the servers beside it are started and stopped."""

    def __init__(self, directory: Path, does: str, what: str) -> None:
        self.port = free_ports(1)[0]
        command = Command(
            name=f"plain-{does}",
            arguments=(sys.executable, "-m", __name__, does, str(self.port), what),
            environment={"PATH": os.environ.get("PATH", os.defpath)},
            directory=ROOT,
            log_file=directory / "plain.log",
        )
        super().__init__(directory, [command])

    @classmethod
    def answering(cls, directory: Path, size: int) -> "PlainServer":
        """Return a service that answers every request with `size` bytes of JSON."""
        return cls(directory, "answering", str(size))

    @classmethod
    def proxying(cls, directory: Path, url: str) -> "PlainServer":
        return cls(directory, "proxying", url)

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def answers(self) -> bool:
        return is_taken(self.port)

    def prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)


def _answer(port: int, size: int) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"%d" % size)],
    }
    body: Message = {"type": "http.response.body", "body": b'{"filler": "%s"}' % (b"x" * (size - 14))}

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send(start)
        await send(body)

    uvicorn.run(application, host=LOOPBACK, port=port, access_log=False, log_level="warning", lifespan="off")


def _forward(port: int, upstream: str) -> None:
    async def forward(request: web.Request) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_THIS_HOP}
        async with request.app[_CLIENT].request(request.method, upstream + request.path_qs, headers=headers) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type=answer.content_type)

    async def client(app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as app[_CLIENT]:
            yield

    app = web.Application()
    app.cleanup_ctx.append(client)
    app.router.add_route("*", "/{path:.*}", forward)
    web.run_app(app, host=LOOPBACK, port=port, access_log=None, print=None)


if __name__ == "__main__":
    _, does, port, what = sys.argv
    if does == "answering":
        _answer(int(port), int(what))
    else:
        _forward(int(port), what)
