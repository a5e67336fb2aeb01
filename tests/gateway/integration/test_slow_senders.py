"""Those who send slowly are cut off in time, and everybody else is served meanwhile (GW-17, LIM-26)."""

import asyncio

import pytest
from devtools.servers.ports import LOOPBACK

from tests.gateway.conftest import StartGateway

AGENCIES = "/api/registration/v1/agencies"
PHOTO = "/api/registration/v1/declarations/d-1/photos/portrait"


async def drip(port: int, head: bytes) -> bytes:
    """Begin a head, go on byte by byte, far too slowly, and return what the gateway says to that."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    received = asyncio.create_task(reader.read(4096))
    writer.write(head)
    while not received.done():
        writer.write(b"x")
        await asyncio.wait((received,), timeout=0.1)
    writer.transport.abort()
    # So many at once on one loop: of a few the head is not read in time, and those are reset without a word.
    return b"" if received.exception() is not None else received.result()


@pytest.mark.sec("GW-17")
async def test_a_hundred_drips_are_cut_and_others_are_served_meanwhile(start_gateway: StartGateway) -> None:
    head = b"GET " + AGENCIES.encode() + b" HTTP/1.1\r\nHost: localhost\r\nX-Filler: "
    async with start_gateway(head_seconds=1.0) as edges:
        slow = [asyncio.create_task(drip(edges.port, head)) for _ in range(100)]
        served = 0
        while not all(task.done() for task in slow):
            async with edges.http.get(edges.url(AGENCIES)) as response:
                assert response.status == 200
            served += 1
        answers = await asyncio.gather(*slow)
        assert {answer[:12] for answer in answers} <= {b"HTTP/1.1 408", b""}
        assert any(answers)
        assert served > 10
        assert len(edges.service.arrived) == served


@pytest.mark.sec("LIM-26")
async def test_an_upload_has_more_time_than_other_requests_and_not_for_ever(start_gateway: StartGateway) -> None:
    async with start_gateway(whole_seconds=0.1, upload_whole_seconds=0.6, linger_seconds=0.1) as edges:
        reader, writer = await asyncio.open_connection(LOOPBACK, edges.port)
        writer.write(f"PUT {PHOTO} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n".encode())
        began = asyncio.get_running_loop().time()
        received = asyncio.create_task(reader.read(4096))
        while not received.done():
            writer.write(b" ")
            await asyncio.wait((received,), timeout=0.05)
        assert (await received).startswith(b"HTTP/1.1 408")
        assert asyncio.get_running_loop().time() - began >= 0.5
        writer.transport.abort()
