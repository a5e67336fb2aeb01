"""A client that sends exactly the bytes it is told to, and shows exactly what comes back."""

import asyncio
import ssl
from dataclasses import dataclass

from devtools.servers.ports import LOOPBACK


@dataclass(frozen=True)
class RawAnswer:
    """All that came until the server closed, or until the time was over."""

    raw: bytes
    closed: bool

    @property
    def statuses(self) -> list[int]:
        """The status of every answer in the stream: more than one to one request would be smuggling."""
        return [int(line.split(b" ")[1]) for line in self.raw.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]

    @property
    def status(self) -> int:
        assert self.statuses, f"no answer: {self.raw!r}"
        return self.statuses[0]


async def exchange(
    port: int,
    *pieces: bytes,
    within_seconds: float = 3.0,
    half_close: bool = False,
    tls: ssl.SSLContext | None = None,
) -> RawAnswer:
    """Send the pieces and return what the server sent until it closed."""
    name = None if tls is None else "localhost"
    reader, writer = await asyncio.open_connection(LOOPBACK, port, ssl=tls, server_hostname=name)
    received = bytearray()
    try:
        async with asyncio.timeout(within_seconds):
            sending = asyncio.create_task(_send(writer, pieces, half_close=half_close))
            while piece := await reader.read(65536):
                received += piece
            closed = True
            await sending
    except (TimeoutError, ConnectionResetError, BrokenPipeError) as error:
        closed = not isinstance(error, TimeoutError)
    finally:
        writer.transport.abort()
    return RawAnswer(bytes(received), closed)


async def _send(writer: asyncio.StreamWriter, pieces: tuple[bytes, ...], *, half_close: bool) -> None:
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    if half_close:
        writer.write_eof()


def request(method: str, target: str, *headers: str, host: str | None = "127.0.0.1", body: bytes = b"") -> bytes:
    """Return a request that asks for the connection to be closed after it."""
    lines = [f"{method} {target} HTTP/1.1", "Connection: close", *headers]
    if host is not None:
        lines.append(f"Host: {host}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
