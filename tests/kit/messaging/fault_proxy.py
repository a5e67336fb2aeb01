"""A TCP proxy that can cut or hold up connections, as a network does, and refuse new ones, as a dead server does.

It can also let nothing through in one direction only (`forth` to the target, `back` from it), or all of it later.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit


class FaultProxy:
    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self._open: set[asyncio.StreamWriter] = set()
        self._port = 0
        self.refusing = False
        self.accepted = 0
        self.delay_seconds: Callable[[], float] = lambda: 0.0
        self.flowing, self.forth, self.back = (_set_event() for _ in range(3))

    @property
    def url(self) -> str:
        credentials, at, _ = self._target.netloc.rpartition("@")
        return urlunsplit(self._target._replace(netloc=f"{credentials}{at}127.0.0.1:{self._port}"))

    def cut(self) -> None:
        """Reset every connection there is."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["FaultProxy"]:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            self.cut()
            await server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        self.accepted += 1
        onward_reader, onward_writer = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._open |= {writer, onward_writer}
        async with asyncio.TaskGroup() as both_ways:
            both_ways.create_task(self._pump(reader, onward_writer, self.forth))
            both_ways.create_task(self._pump(onward_reader, writer, self.back))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: asyncio.Event) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(65536):
                await asyncio.sleep(self.delay_seconds())
                await self.flowing.wait()
                await way.wait()
                writer.write(chunk)
                await writer.drain()
        writer.transport.abort()
        self._open.discard(writer)


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
