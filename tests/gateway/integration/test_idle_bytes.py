"""Bytes that are neither head nor body: whoever sends them without end is stopped, and holds nothing meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from ansinh_kit.cancellation import end_tasks
from devtools.servers.ports import LOOPBACK

from tests.eventually import eventually
from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.raw_client import request

AGENCIES = "/api/registration/v1/agencies"
DECLARATIONS = "/api/registration/v1/declarations"
KIB, MIB = 1024, 1024 * 1024
CHUNKED = f"POST {DECLARATIONS} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()


@asynccontextmanager
async def connected(edges: Edges) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(LOOPBACK, edges.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def sent_until_refused(edges: Edges, begin: bytes, more: bytes) -> int:
    """Send on and on until the gateway answers or cuts, or has taken 8 MiB; return how much that was."""
    async with connected(edges) as (reader, writer):
        writer.write(begin)
        answered = asyncio.create_task(reader.read(4096))
        sent = 0
        with suppress(ConnectionError):
            while sent < 8 * MIB and not answered.done():
                writer.write(more)
                sent += len(more)
                await writer.drain()
                await asyncio.sleep(0)
        await end_tasks([answered])
        return sent


@pytest.mark.sec("GW-06")
@pytest.mark.sec("LIM-24")
@pytest.mark.parametrize(
    ("begin", "more"),
    [
        pytest.param(b"2\r\n{}\r\n0\r\nX-Trailer: ", b"x" * 4 * KIB, id="one trailer"),
        pytest.param(b"2\r\n{}\r\n0\r\n", b"X-Trailer: y\r\n" * 100, id="many trailers"),
        pytest.param(b"2;extension=", b"x" * 4 * KIB, id="extension of a chunk"),
    ],
)
async def test_what_follows_or_precedes_a_body_without_end_is_refused_early(
    edges: Edges, begin: bytes, more: bytes
) -> None:
    """A trailer that never ends would be gathered in memory, again from its start with each piece."""
    assert await sent_until_refused(edges, CHUNKED + begin, more) < 8 * MIB
    assert not any(arrived.complete for arrived in edges.service.arrived)


@pytest.mark.sec("LIM-26")
async def test_line_breaks_do_not_keep_a_connection(start_gateway: StartGateway) -> None:
    async with start_gateway(keep_alive_seconds=1) as edges, connected(edges) as (reader, writer):
        writer.write(request("GET", AGENCIES).replace(b"Connection: close\r\n", b""))
        await reader.readuntil(b'{"ok":true}')
        writer.write(b"\r\n")  # robust servers skip it, and so does ours
        await eventually(reader.at_eof, 30)


async def test_a_request_after_a_line_break_is_answered(edges: Edges) -> None:
    async with connected(edges) as (reader, writer):
        for _ in range(3):
            writer.write(b"\r\n" + request("GET", AGENCIES).replace(b"Connection: close\r\n", b""))
            await reader.readuntil(b'{"ok":true}')
