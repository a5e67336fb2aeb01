"""Gateways as processes: two hold one limit together, and one whose broker is away serves all the same (GW-16)."""

from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList

from tests.eventually import eventually
from tests.gateway.fake_service import FakeService
from tests.gateway.processes import START_SECONDS, RunningProcess, whole

AGENCIES = "/api/registration/v1/agencies"

pytestmark = pytest.mark.sec("GW-16")


@pytest.mark.slow
@pytest.mark.sec("LIM-15")
@pytest.mark.timeout(180, method="thread")
async def test_two_processes_hold_one_limit(
    assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier], amqp_url: str, broker_namespace: str
) -> None:
    told_to: dict[str, str | int] = {"AMQP_URL": amqp_url, "NAMESPACE": broker_namespace}
    rare: dict[str, str | int] = {
        "GUEST_REQUESTS_BURST": 5,
        "GUEST_REQUESTS_PER_SECOND": "0.0001",
        "HOSTS": "127.0.0.1",
    }
    service = FakeService()
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(whole(assertion_keys, verify("auth"), service, **told_to, **rare))
            for _ in range(2)
        ]
        http = await stack.enter_async_context(aiohttp.ClientSession())
        for gateway in (first, second):
            await eventually(lambda gateway=gateway: _neighbours(gateway, http), START_SECONDS)  # type: ignore[misc]
        assert [await first.status(http, first.public + AGENCIES) for _ in range(6)] == [200] * 5 + [429]
        applied = await _applied(second, http)
        # Two more messages: the first may have been on its way when the last request came.
        await eventually(lambda: _more_than(applied + 2, second, http), 30)
        assert await second.status(http, second.public + AGENCIES) == 429


async def _neighbours(gateway: RunningProcess, http: aiohttp.ClientSession) -> bool:
    return await _metric(gateway, http, "gateway_limit_neighbours") == 1


async def _applied(gateway: RunningProcess, http: aiohttp.ClientSession) -> float:
    return await _metric(gateway, http, 'gateway_limit_news_total{outcome="applied"}') or 0.0


async def _more_than(count: float, gateway: RunningProcess, http: aiohttp.ClientSession) -> bool:
    return await _applied(gateway, http) > count


async def _metric(gateway: RunningProcess, http: aiohttp.ClientSession, name: str) -> float | None:
    """Return what the process shows; nothing if it shows no such metric, or nothing at all yet."""
    try:
        async with http.get(f"{gateway.operations}/metrics") as response:
            lines = (await response.text()).splitlines()
    except aiohttp.ClientConnectionError:
        return None
    return next((float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"{name} ")), None)


@pytest.mark.sec("F-34")
@pytest.mark.timeout(120, method="thread")
async def test_a_gateway_without_its_broker_is_ready_and_serves(
    assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier]
) -> None:
    service = FakeService()
    nowhere: dict[str, str | int] = {"AMQP_URL": "amqp://127.0.0.1:1/"}
    rare: dict[str, str | int] = {"GUEST_REQUESTS_BURST": 3, "GUEST_REQUESTS_PER_SECOND": "0.0001"}
    async with (
        whole(assertion_keys, verify("auth"), service, **nowhere, **rare) as gateway,
        aiohttp.ClientSession() as http,
    ):
        await eventually(lambda: gateway.is_ready(http), START_SECONDS)
        assert [await gateway.status(http, gateway.public + AGENCIES) for _ in range(4)] == [200, 200, 200, 429]
        assert await gateway.is_ready(http)
        assert await _metric(gateway, http, 'gateway_limit_news_total{outcome="own"}') == 0
