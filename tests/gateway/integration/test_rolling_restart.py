"""One gateway after the other is replaced under load, and nobody notices (GW-18, F-11)."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList

from tests.eventually import eventually
from tests.gateway.fake_service import FakeService
from tests.gateway.processes import START_SECONDS, RunningProcess, whole

DECLARATIONS = "/api/registration/v1/declarations"


class Balancer:
    """What stands before the gateways: sends where readiness is, over connections it keeps, and never twice."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self._turn = 0
        self.ready: list[RunningProcess] = []
        self.statuses: list[int] = []

    async def sends(self, requests: int) -> None:
        """Return when so many more have been answered."""
        wanted = len(self.statuses) + requests
        await eventually(lambda: len(self.statuses) >= wanted)

    async def look_at(self, gateway: RunningProcess) -> None:
        while True:
            is_ready = await gateway.status(self._http, f"{gateway.public}/health/ready") == 200
            if is_ready and gateway not in self.ready:
                self.ready.append(gateway)
            elif not is_ready and gateway in self.ready:
                self.ready.remove(gateway)
            await asyncio.sleep(0.05)

    async def send_for_ever(self) -> None:
        """Send what must not be sent twice: a connection that is cut fails the test."""
        while True:
            self._turn += 1
            gateway = self.ready[self._turn % len(self.ready)]
            async with self._http.post(gateway.public + DECLARATIONS, data=b"{}") as response:
                await response.read()
                self.statuses.append(response.status)


@pytest.mark.slow
@pytest.mark.sec("GW-18")
@pytest.mark.sec("F-11")
@pytest.mark.timeout(180, method="thread")
async def test_no_request_fails_while_each_gateway_is_replaced(
    assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier]
) -> None:
    service = FakeService()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        balancer = Balancer(http)
        group = await stack.enter_async_context(asyncio.TaskGroup())

        async def start() -> RunningProcess:
            running = await stack.enter_async_context(
                whole(assertion_keys, verify("auth"), service, DRAIN_DELAY_SECONDS=1, GUEST_REQUESTS_BURST=1_000_000)
            )
            tasks.append(group.create_task(balancer.look_at(running)))
            await eventually(lambda: running in balancer.ready, START_SECONDS)
            return running

        tasks: list[asyncio.Task[None]] = []
        old = [await start(), await start()]
        tasks += [group.create_task(balancer.send_for_ever()) for _ in range(4)]
        for gateway in old:
            await start()
            gateway.process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                assert await gateway.process.wait() == 0
            await balancer.sends(50)
        for task in tasks:
            task.cancel()
    assert set(balancer.statuses) == {200}
    assert 0 <= len(service.arrived) - len(balancer.statuses) <= 4  # those under way when the senders were stopped
