"""Large bodies: bounded before they are read whole, streamed at the slower side's pace, ended with their sender."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import psutil
import pytest
from devtools.servers.ports import LOOPBACK
from gateway.asgi import Receive, Send

from tests.eventually import eventually
from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.fake_service import Arrived, wait_for_disconnect

DECLARATIONS = "/api/registration/v1/declarations"
PHOTO = f"{DECLARATIONS}/d-1/photos/portrait"
MIB = 1024 * 1024
PIECE = bytes(range(256)) * 256


async def pieces(total_bytes: int, sent: list[int] | None = None) -> AsyncIterator[bytes]:
    for start in range(0, total_bytes, len(PIECE)):
        piece = PIECE[: total_bytes - start]
        if sent is not None:
            sent.append(len(piece))
        yield piece


@pytest.mark.sec("LIM-24")
@pytest.mark.sec("SEC-22")
@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [("POST", DECLARATIONS, 256 * 1024), ("PUT", PHOTO, 2 * MIB)],
    ids=["json", "upload"],
)
class TestLimits:
    async def test_a_body_of_exactly_the_limit_arrives(
        self, start_gateway: StartGateway, method: str, path: str, limit: int
    ) -> None:
        async with start_gateway(upload_body_bytes=2 * MIB) as edges:
            async with edges.http.request(method, edges.url(path), data=pieces(limit)) as response:
                assert response.status == 200
            assert edges.service.last.body_bytes == limit

    async def test_a_declared_body_over_the_limit_is_refused_unread(
        self, start_gateway: StartGateway, method: str, path: str, limit: int
    ) -> None:
        async with start_gateway(upload_body_bytes=2 * MIB) as edges:
            reader, writer = await asyncio.open_connection(LOOPBACK, edges.port)
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {limit + 1}\r\n\r\n"
            writer.write(head.encode())
            assert (await reader.read(4096)).startswith(b"HTTP/1.1 413 ")
            writer.transport.abort()
            assert edges.service.arrived == []

    async def test_a_hidden_length_over_the_limit_is_refused_while_reading(
        self, start_gateway: StartGateway, method: str, path: str, limit: int
    ) -> None:
        async with start_gateway(upload_body_bytes=2 * MIB, linger_bytes=64 * MIB) as edges:
            async with edges.http.request(method, edges.url(path), data=pieces(limit + 1)) as response:
                assert (response.status, (await response.json(content_type=None))["code"]) == (413, "body_too_large")
            assert not any(arrived.complete for arrived in edges.service.arrived)


@pytest.mark.sec("GW-10")
async def test_an_upload_of_20_mib_is_streamed_byte_for_byte_in_little_memory(edges: Edges) -> None:
    process = psutil.Process()
    await _upload(edges, MIB)  # buffers and pools are warm after this
    before = process.memory_info().rss
    peak = before
    done = asyncio.create_task(_upload(edges, 20 * MIB))
    while not done.done():
        peak = max(peak, process.memory_info().rss)
        await asyncio.sleep(0)
    await done
    assert edges.service.last.body_sha256 == hashlib.sha256((PIECE * 320)[: 20 * MIB]).hexdigest()
    # Client, gateway and service share this process; held whole anywhere, the body alone would be 20 MiB.
    assert peak - before < 6 * MIB


async def _upload(edges: Edges, size: int) -> None:
    headers = {"Content-Length": str(size), "Content-Type": "image/jpeg"}
    async with edges.http.put(edges.url(PHOTO), data=pieces(size), headers=headers) as response:
        assert response.status == 200


@pytest.mark.sec("GW-10")
@pytest.mark.sec("LIM-27")
async def test_a_reader_that_stops_reading_stops_the_service_from_sending(edges: Edges) -> None:
    sent = 0

    async def pour(_arrived: Arrived, _receive: Receive, send: Send) -> None:
        nonlocal sent
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while sent < 256 * MIB:
            await send({"type": "http.response.body", "body": PIECE, "more_body": True})
            sent += len(PIECE)

    edges.service.answers = pour
    reader, writer = await asyncio.open_connection(LOOPBACK, edges.port, limit=1024)
    writer.write(b"GET /api/registration/v1/agencies HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.read(1024)
    seen: list[int] = []

    def stands_still() -> bool:
        seen.append(sent)
        return len(seen) > 10 and len(set(seen[-10:])) == 1

    await eventually(stands_still, says="the service's sending to stand still")
    assert sent < 32 * MIB  # what the kernel's buffers of two connections hold, not the whole
    writer.transport.abort()


@pytest.mark.sec("GW-10")
async def test_the_service_is_stopped_when_the_client_leaves_before_the_answer(edges: Edges) -> None:
    stopped = asyncio.Event()

    async def never(_arrived: Arrived, receive: Receive, _send: Send) -> None:
        await wait_for_disconnect(receive)
        stopped.set()

    edges.service.answers = never
    _, writer = await asyncio.open_connection(LOOPBACK, edges.port)
    writer.write(b"GET /api/registration/v1/agencies HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await eventually(lambda: edges.service.arrived)
    writer.transport.abort()
    await eventually(stopped.is_set, within_seconds=2)


@pytest.mark.sec("GW-10")
async def test_the_service_is_stopped_when_the_client_leaves_during_the_answer(edges: Edges) -> None:
    stopped = asyncio.Event()

    async def begin_only(_arrived: Arrived, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await wait_for_disconnect(receive)
        stopped.set()

    edges.service.answers = begin_only
    reader, writer = await asyncio.open_connection(LOOPBACK, edges.port)
    writer.write(b"GET /api/registration/v1/agencies HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readuntil(b"first")
    writer.transport.abort()
    await eventually(stopped.is_set, within_seconds=2)


@pytest.mark.sec("GW-10")
async def test_the_service_is_stopped_when_the_client_leaves_in_mid_upload(edges: Edges) -> None:
    _, writer = await asyncio.open_connection(LOOPBACK, edges.port)
    writer.write(f"PUT {PHOTO} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nhalf".encode())
    await eventually(lambda: edges.service.arrived and edges.service.last.body_bytes)
    writer.transport.abort()
    await eventually(edges.service.left_early.is_set, within_seconds=2)
    assert not edges.service.last.complete


async def test_a_small_body_cut_off_never_reaches_the_service(edges: Edges) -> None:
    _, writer = await asyncio.open_connection(LOOPBACK, edges.port)
    writer.write(f"POST {DECLARATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    async with edges.http.get(edges.url("/api/registration/v1/agencies")) as response:
        assert response.status == 200
    assert [arrived.target for arrived in edges.service.arrived] == ["/v1/agencies"]


async def test_an_answer_that_comes_before_the_body_is_all_sent_is_relayed(edges: Edges) -> None:
    """A service may refuse a photo by its first bytes; the client hears it and the connection ends."""

    async def unread(_scope: object, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 415, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"no"})

    edges.service.refuses_at_once = unread
    reader, writer = await asyncio.open_connection(LOOPBACK, edges.port)
    writer.write(f"PUT {PHOTO} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nhalf".encode())
    async with asyncio.timeout(3):
        received = await reader.read()
    assert received.startswith(b"HTTP/1.1 415 ")
    assert b"connection: close" in received
    writer.transport.abort()
