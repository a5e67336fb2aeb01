"""A service that is down, slow, full or breaks off is answered for, with a problem and when to try again (GW-13)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from devtools.servers.ports import LOOPBACK
from gateway.asgi import Receive, Send

from tests.eventually import eventually
from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.fake_service import Arrived, wait_for_disconnect

AGENCIES = "/api/registration/v1/agencies"
DECLARATIONS = "/api/registration/v1/declarations"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_service(serve: Serve) -> AsyncIterator[str]:
    """Serve whatever bytes a broken service would send."""
    server = await asyncio.start_server(serve, LOOPBACK, 0)
    try:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def outcome(response: aiohttp.ClientResponse) -> tuple[int, str, bool]:
    problem = await response.json(content_type="application/problem+json")
    return response.status, problem["code"], "Retry-After" in response.headers


@pytest.mark.sec("GW-13")
async def test_a_service_that_is_down_is_answered_503(start_gateway: StartGateway) -> None:
    async with (
        start_gateway(registration_url="http://127.0.0.1:1") as edges,
        edges.http.get(edges.url(AGENCIES)) as response,
    ):
        assert await outcome(response) == (503, "upstream_unavailable", True)


@pytest.mark.sec("GW-13")
@pytest.mark.parametrize(
    "sent",
    [b"", b"HTTP/1.1 200 OK\r\nContent-", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"],
    ids=["nothing", "half a head", "another protocol", "nonsense"],
)
async def test_a_service_that_breaks_off_or_babbles_is_answered_502(start_gateway: StartGateway, sent: bytes) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        writer.close()

    async with (
        raw_service(babble) as url,
        start_gateway(registration_url=url) as edges,
        edges.http.get(edges.url(AGENCIES)) as response,
    ):
        assert await outcome(response) == (502, "upstream_failed", True)


@pytest.mark.sec("GW-13")
@pytest.mark.sec("LIM-26")
async def test_a_service_that_does_not_begin_to_answer_is_answered_504_and_left(start_gateway: StartGateway) -> None:
    async with start_gateway(first_byte_seconds=0.2) as edges:
        left = asyncio.Event()

        async def silent(_arrived: Arrived, receive: Receive, _send: Send) -> None:
            await wait_for_disconnect(receive)
            left.set()

        edges.service.answers = silent
        async with edges.http.get(edges.url(AGENCIES)) as response:
            assert await outcome(response) == (504, "upstream_too_slow", True)
        await eventually(left.is_set)


@pytest.mark.sec("LIM-26")
async def test_an_answer_that_does_not_end_in_time_is_cut(start_gateway: StartGateway) -> None:
    async with start_gateway(whole_seconds=0.3) as edges:

        async def begin_only(_arrived: Arrived, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await wait_for_disconnect(receive)

        edges.service.answers = begin_only
        async with edges.http.get(edges.url(AGENCIES)) as response:
            assert response.status == 200
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()


async def test_an_answer_that_breaks_off_does_not_look_complete(start_gateway: StartGateway) -> None:
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        await writer.drain()
        writer.close()

    async with (
        raw_service(break_off) as url,
        start_gateway(registration_url=url) as edges,
        edges.http.get(edges.url(AGENCIES)) as response,
    ):
        assert response.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


@pytest.mark.sec("GW-11")
@pytest.mark.sec("LIM-27")
async def test_a_full_service_is_refused_at_once_and_others_are_not(start_gateway: StartGateway) -> None:
    async with start_gateway(connections_per_service=2, queue_per_service=1) as edges:
        may_end = asyncio.Event()

        async def wait(_arrived: Arrived, _receive: Receive, send: Send) -> None:
            await may_end.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        edges.service.answers = wait
        waiting = [asyncio.create_task(_status(edges, AGENCIES)) for _ in range(3)]
        await eventually(lambda: edges.gateway.upstreams["registration"].under_way == 3)
        async with edges.http.get(edges.url(AGENCIES)) as response:
            assert await outcome(response) == (503, "overloaded", True)
        assert await _status(edges, "/health/live") == 200
        may_end.set()
        assert await asyncio.gather(*waiting) == [200, 200, 200]


async def _status(edges: Edges, path: str) -> int:
    async with edges.http.get(edges.url(path)) as response:
        return response.status


@pytest.mark.sec("GW-12")
@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "requests"),
    [
        ("POST", DECLARATIONS, {"Idempotency-Key": "key-1"}, 200, 3),
        ("POST", DECLARATIONS, {}, 502, 2),
        ("PUT", f"{DECLARATIONS}/d-1", {}, 200, 3),
        ("PUT", f"{DECLARATIONS}/d-1/photos/portrait", {}, 502, 2),
    ],
    ids=[
        "with a key it is sent again",
        "without one it is not",
        "a PUT is sent again",
        "a streamed body cannot be replayed",
    ],
)
async def test_a_command_on_a_stale_connection(
    start_gateway: StartGateway, *, method: str, path: str, headers: dict[str, str], status: int, requests: int
) -> None:
    """The service closes an idle connection just as the gateway uses it."""
    seen: list[bytes] = []

    async def once_per_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET /openapi.json"):
            writer.close()
            return
        await reader.readuntil(b"{}")
        seen.append(b"answered")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        if await reader.read(1):
            seen.append(b"dropped")
        writer.close()

    async with raw_service(once_per_connection) as url, start_gateway(registration_url=url) as edges:
        async with edges.http.request(method, edges.url(path), data=b"{}", headers=headers) as response:
            assert response.status == 200
        async with edges.http.request(method, edges.url(path), data=b"{}", headers=headers) as response:
            assert response.status == status
    assert len(seen) == requests


@pytest.mark.sec("GW-12")
async def test_a_new_connection_that_breaks_is_not_tried_again(start_gateway: StartGateway) -> None:
    """The service took the request and died of it, perhaps: to send it again would kill the next one."""
    seen = 0

    async def die(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        await reader.readuntil(b"\r\n\r\n")
        seen += 1
        writer.close()

    async with raw_service(die) as url, start_gateway(registration_url=url) as edges:
        assert await _status(edges, AGENCIES) == 502
    assert seen == 1
