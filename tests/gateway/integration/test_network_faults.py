"""Whatever the network does between gateway and service, a client gets a whole answer or is told (F-18, F-38)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from devtools.servers.ports import LOOPBACK

from tests.eventually import eventually
from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.fake_service import FakeService
from tests.gateway.fault_proxy import FaultProxy, fault_proxy
from tests.gateway.seconds import Seconds
from tests.gateway.servers import free_port, served

AGENCIES = "/api/registration/v1/agencies"


@asynccontextmanager
async def behind_faults(start_gateway: StartGateway, **settings: object) -> AsyncIterator[tuple[Edges, FaultProxy]]:
    async with (
        served(FakeService()) as port,
        fault_proxy(port) as proxy,
        start_gateway(registration_url=proxy.url, **settings) as edges,
    ):
        yield edges, proxy


async def asked(edges: Edges) -> tuple[int, bytes] | None:
    """Return status and body, or nothing if the answer broke off where the client could see it."""
    try:
        async with edges.http.get(edges.url(AGENCIES)) as response:
            return response.status, await response.read()
    except aiohttp.ClientPayloadError:
        return None


async def assert_recovered(edges: Edges, proxy: FaultProxy) -> None:
    proxy.heal()
    assert await asked(edges) == (200, b'{"ok":true}')
    assert edges.gateway.upstreams["registration"].under_way == 0


@pytest.mark.sec("F-18")
@pytest.mark.parametrize(("slice_bytes", "latency_seconds"), [(1, 0.0), (7, 0.001), (None, 0.2)])
async def test_an_answer_in_slivers_or_late_is_whole(
    start_gateway: StartGateway, slice_bytes: int | None, latency_seconds: float
) -> None:
    async with behind_faults(start_gateway) as (edges, proxy):
        proxy.slice_bytes, proxy.latency_seconds = slice_bytes, latency_seconds
        assert [await asked(edges) for _ in range(3)] == [(200, b'{"ok":true}')] * 3


@pytest.mark.sec("F-18")
@pytest.mark.parametrize("cut_after_bytes", [1, 20, 60, 80])
async def test_an_answer_cut_anywhere_is_never_taken_for_whole(
    start_gateway: StartGateway, cut_after_bytes: int
) -> None:
    async with behind_faults(start_gateway) as (edges, proxy):
        proxy.cut_after_bytes = cut_after_bytes
        for _ in range(3):
            answer = await asked(edges)
            assert answer is None or answer[0] == 502
        await assert_recovered(edges, proxy)


@pytest.mark.sec("F-18")
@pytest.mark.sec("LIM-26")
async def test_a_service_that_swallows_everything_is_late_then_left_alone_then_found_again(
    start_gateway: StartGateway,
) -> None:
    settings = {"first_byte_seconds": 0.1, "breaker_least_requests": 3, "breaker_probe_seconds": 0.2}
    async with behind_faults(start_gateway, **settings) as (edges, proxy):
        proxy.swallows = True
        statuses = [answer[0] for answer in [await asked(edges) for _ in range(4)] if answer]
        assert statuses == [504, 504, 504, 503]
        proxy.heal()

        async def answers() -> bool:
            return await asked(edges) == (200, b'{"ok":true}')

        await eventually(answers)
        await assert_recovered(edges, proxy)


@pytest.mark.sec("F-38")
async def test_after_an_outage_everybody_at_once_is_served_without_help(start_gateway: StartGateway) -> None:
    seconds, port = Seconds(), free_port()
    async with start_gateway(registration_url=f"http://{LOOPBACK}:{port}", monotonic=seconds) as edges:
        down = await asyncio.gather(*(asked(edges) for _ in range(100)))
        assert {answer[0] for answer in down if answer} == {503}
        async with served(edges.service, port=port):
            seconds.now += 60
            tries = 0
            waiting = 100
            while waiting:
                tries += 1
                answers = await asyncio.gather(*(asked(edges) for _ in range(waiting)))
                waiting = sum(answer is None or answer[0] != 200 for answer in answers)
            assert tries <= 2  # one to find out, with one request of a hundred; then everybody
            assert len(edges.service.arrived) == 100
