"""A TCP proxy that does to bytes what networks do: late, in slivers, cut, or swallowed (F-18)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from devtools.servers.ports import LOOPBACK


@dataclass
class FaultProxy:
    """Passes everything on; the faults are set while it runs and concern what the service answers."""

    upstream_port: int
    latency_seconds: float = 0.0
    slice_bytes: int | None = None
    cut_after_bytes: int | None = None
    swallows: bool = False
    url: str = ""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def heal(self) -> None:
        self.latency_seconds, self.slice_bytes, self.cut_after_bytes, self.swallows = 0.0, None, None, False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(LOOPBACK, self.upstream_port)
        back = asyncio.create_task(self._answer(there_reader, writer))
        self.tasks.add(back)
        try:
            while data := await reader.read(65536):
                there_writer.write(data)
                await there_writer.drain()
        except ConnectionError:
            pass  # the gateway gave up: so does the proxy
        finally:
            there_writer.transport.abort()
            writer.transport.abort()
            await asyncio.gather(back, return_exceptions=True)
            self.tasks.discard(back)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed = 0
        while data := await reader.read(self.slice_bytes or 65536):
            if self.swallows:
                continue
            if self.latency_seconds:
                await asyncio.sleep(self.latency_seconds)
            if self.cut_after_bytes is not None:
                data = data[: self.cut_after_bytes - passed]
            writer.write(data)
            await writer.drain()
            passed += len(data)
            if self.cut_after_bytes is not None and passed >= self.cut_after_bytes:
                writer.close()
                return
        writer.close()


@asynccontextmanager
async def fault_proxy(upstream_port: int) -> AsyncIterator[FaultProxy]:
    proxy = FaultProxy(upstream_port)
    server = await asyncio.start_server(proxy.serve, LOOPBACK, 0)
    proxy.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
