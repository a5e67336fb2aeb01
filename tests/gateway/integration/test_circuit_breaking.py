"""A service that fails is left alone for a while, is found again by itself, and takes no other service with it."""

import asyncio

import aiohttp
import pytest
from devtools.servers.ports import LOOPBACK
from gateway.asgi import Receive, Send

from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.fake_service import Arrived, answer
from tests.gateway.seconds import Seconds
from tests.gateway.servers import free_port, served

AGENCIES = "/api/registration/v1/agencies"
FACILITIES = "/api/records/v1/public/facilities"


async def status(edges: Edges, path: str = AGENCIES) -> int:
    async with edges.http.get(edges.url(path)) as response:
        return response.status


@pytest.mark.sec("GW-13")
@pytest.mark.sec("LIM-27")
async def test_a_service_that_comes_back_is_found_by_one_probe(start_gateway: StartGateway) -> None:
    seconds, port = Seconds(), free_port()
    async with start_gateway(registration_url=f"http://{LOOPBACK}:{port}", monotonic=seconds) as edges:
        assert [await status(edges) for _ in range(20)] == [503] * 20
        upstream = edges.gateway.upstreams["registration"]
        assert upstream.breaker.is_open
        assert await status(edges, FACILITIES) == 200
        async with served(edges.service, port=port):
            edges.service.arrived.clear()
            assert await status(edges) == 503
            assert edges.service.arrived == []
            seconds.now += 5.0
            assert [await status(edges) for _ in range(10)] == [200] * 10


@pytest.mark.sec("GW-13")
async def test_a_service_that_is_late_opens_the_circuit(start_gateway: StartGateway) -> None:
    async with start_gateway(first_byte_seconds=0.1, breaker_least_requests=3) as edges:

        async def never(_arrived: Arrived, _receive: Receive, _send: Send) -> None:
            await asyncio.Event().wait()

        edges.service.answers = never
        assert [await status(edges) for _ in range(4)] == [504, 504, 504, 503]


@pytest.mark.sec("GW-13")
async def test_a_service_that_says_503_is_at_work(start_gateway: StartGateway) -> None:
    """A full hashing pool refuses log-ins with 503: the routes beside it must stay open."""
    async with start_gateway(breaker_least_requests=3) as edges:

        async def busy(_arrived: Arrived, _receive: Receive, send: Send) -> None:
            await answer(send, b"{}", status=503)

        edges.service.answers = busy
        assert [await status(edges) for _ in range(10)] == [503] * 10
        assert not edges.gateway.upstreams["registration"].breaker.is_open


@pytest.mark.sec("GW-13")
async def test_clients_that_leave_say_nothing_about_the_service(start_gateway: StartGateway) -> None:
    async with start_gateway(breaker_least_requests=3) as edges:

        async def never(_arrived: Arrived, receive: Receive, _send: Send) -> None:
            await receive()

        edges.service.answers = never
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await edges.http.get(edges.url(AGENCIES), timeout=aiohttp.ClientTimeout(total=0.05))
        assert not edges.gateway.upstreams["registration"].breaker.is_open


async def test_operators_see_each_service_by_name(start_gateway: StartGateway) -> None:
    async with start_gateway(registration_url="http://127.0.0.1:1", breaker_least_requests=2) as edges:
        for path in (AGENCIES, AGENCIES, AGENCIES, FACILITIES):
            await status(edges, path)
        text = edges.gateway.metrics.exposition()[0].decode()
    assert 'gateway_upstream_requests_total{outcome="unreachable",service="registration"} 2.0' in text
    assert 'gateway_upstream_requests_total{outcome="circuit_open",service="registration"} 1.0' in text
    assert 'gateway_upstream_requests_total{outcome="answered",service="records"} 1.0' in text
    assert 'gateway_upstream_circuit_open{service="registration"} 1.0' in text
