"""Starts the nginx of deploy/edge before a gateway: its file as it is, but for ports, names and folders of this run."""

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
from devtools.servers.nginx import NginxServer
from devtools.servers.ports import LOOPBACK, free_ports
from devtools.system.layout import ROOT
from devtools.system.secrets import SecretStore

from tests.eventually import eventually
from tests.gateway.conftest import Edges
from tests.gateway.raw_client import RawAnswer, exchange

CONFIGURATION: Final = (ROOT / "deploy/edge/nginx.conf").read_text(encoding="utf-8")
# Also what a connection may do that nobody cuts: three of LIM-26's ten seconds, on a machine that is busy with others.
PATIENCE_SECONDS: Final = 45.0


@dataclass(frozen=True)
class EdgeProxy:
    """A gateway, and the nginx before it. `tls` trusts that nginx's certificate and nobody else's."""

    edges: Edges
    https_port: int
    http_port: int
    tls: ssl.SSLContext
    log_file: Path

    def url(self, path: str) -> str:
        return f"https://localhost:{self.https_port}{path}"

    async def exchange(self, *pieces: bytes, within_seconds: float = PATIENCE_SECONDS) -> RawAnswer:
        """Send these bytes over TLS and return all that comes until the connection is closed."""
        return await exchange(self.https_port, *pieces, within_seconds=within_seconds, tls=self.tls)

    @asynccontextmanager
    async def get(self, path: str, **options: Any) -> AsyncIterator[aiohttp.ClientResponse]:  # noqa: ANN401 - aiohttp's own
        async with self.edges.http.get(self.url(path), ssl=self.tls, **options) as response:
            yield response

    def log_lines(self) -> list[dict[str, Any]]:
        text = self.log_file.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    async def logged(self, count: int) -> list[dict[str, Any]]:
        """Return the lines of the access log once there are so many: each comes after the last byte of its answer."""
        await eventually(lambda: len(self.log_lines()) >= count, PATIENCE_SECONDS)
        return self.log_lines()


@asynccontextmanager
async def proxied(edges: Edges, folder: Path) -> AsyncIterator[EdgeProxy]:
    https_port, http_port = free_ports(2)
    certificate = SecretStore(folder).certificate_file("certificate")
    changes = {
        "listen 8443 ssl": f"listen {LOOPBACK}:{https_port} ssl",
        "listen 8080": f"listen {LOOPBACK}:{http_port}",
        "server gateway:27400": f"server {LOOPBACK}:{edges.port}",
        "/run/secrets/edge_certificate": str(certificate),
        "/tmp/nginx": f"{folder}/nginx",  # noqa: S108 - where the container has a folder of its own
    }
    server = NginxServer(folder, port=https_port, configuration=_with(changes))
    async with server:
        tls = ssl.create_default_context(cafile=certificate)
        yield EdgeProxy(edges, https_port, http_port, tls, folder / "nginx.log")


def _with(changes: dict[str, str]) -> str:
    text = CONFIGURATION
    for before, after in changes.items():
        assert before in text, f"nginx.conf has no {before!r} any more"
        text = text.replace(before, after)
    return text
