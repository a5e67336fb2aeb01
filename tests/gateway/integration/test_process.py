"""The gateway as a process of its own: how it starts, tells about itself, and ends."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList
from gateway.asgi import Receive, Send

from tests.eventually import eventually
from tests.gateway.fake_auth import FakeAuth
from tests.gateway.fake_service import Arrived, FakeService, answer_ok
from tests.gateway.servers import LOOPBACK, free_port, served

START_SECONDS = 45.0  # interpreters start slowly on a machine that is busy with other tests


class RunningProcess:
    def __init__(self, process: asyncio.subprocess.Process, port: int, operations_port: int) -> None:
        self.process = process
        self.public = f"http://{LOOPBACK}:{port}"
        self.operations = f"http://{LOOPBACK}:{operations_port}"

    async def status(self, http: aiohttp.ClientSession, url: str) -> int | None:
        try:
            async with http.get(url) as response:
                return response.status
        except aiohttp.ClientConnectionError:
            return None


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@asynccontextmanager
async def gateway_process(**settings: str | int) -> AsyncIterator[RunningProcess]:
    port, operations_port = free_port(), free_port()
    own = {"PORT": port, "OPERATIONS_PORT": operations_port, **settings}
    environment = {**os.environ, **{f"GATEWAY_{name}": str(value) for name, value in own.items()}}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env=environment, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield RunningProcess(process, port, operations_port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def keys_for(assertion_keys: dict[str, KeyList]) -> dict[str, str]:
    return {f"{service.upper()}_ASSERTION_KEYS": keys.to_text() for service, keys in assertion_keys.items()}


@asynccontextmanager
async def whole(
    assertion_keys: dict[str, KeyList], verifier: AssertionVerifier, service: FakeService
) -> AsyncIterator[RunningProcess]:
    async with served(FakeAuth(verifier, service)) as auth, served(service) as others:
        settings = {
            **keys_for(assertion_keys),
            "AUTH_URL": f"http://{LOOPBACK}:{auth}",
            "REGISTRATION_URL": f"http://{LOOPBACK}:{others}",
            "NOTIFICATIONS_URL": f"http://{LOOPBACK}:{others}",
            "RECORDS_URL": f"http://{LOOPBACK}:{others}",
        }
        async with gateway_process(**settings) as running:
            yield running


async def test_it_becomes_ready_and_keeps_details_off_the_public_port(
    assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier], http: aiohttp.ClientSession
) -> None:
    async with whole(assertion_keys, verify("auth"), FakeService()) as running:
        await eventually(lambda: _is(running, http, f"{running.public}/health/ready", 200), START_SECONDS)
        async with http.get(f"{running.public}/health/ready") as response:
            assert await response.json() == {"status": "ready"}
        async with http.get(f"{running.operations}/health/ready") as response:
            assert (await response.json())["checks"]["auth"] == "ok"
        async with http.get(f"{running.operations}/metrics") as response:
            assert 'route="/health/ready"' in await response.text()
        assert await running.status(http, f"{running.public}/metrics") == 404


async def test_without_auth_it_lives_and_is_not_ready(
    assertion_keys: dict[str, KeyList], http: aiohttp.ClientSession
) -> None:
    async with gateway_process(**keys_for(assertion_keys), AUTH_URL="http://127.0.0.1:1") as running:
        await eventually(lambda: _is(running, http, f"{running.public}/health/live", 200), START_SECONDS)
        assert await running.status(http, f"{running.public}/health/ready") == 503


@pytest.mark.sec("GW-18")
async def test_a_request_under_way_is_finished_before_it_ends(
    assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier], http: aiohttp.ClientSession
) -> None:
    service, may_answer = FakeService(), asyncio.Event()

    async def wait(arrived: Arrived, receive: Receive, send: Send) -> None:
        await may_answer.wait()
        await answer_ok(arrived, receive, send)

    service.answers = wait
    async with whole(assertion_keys, verify("auth"), service) as running:
        await eventually(lambda: _is(running, http, f"{running.public}/health/live", 200), START_SECONDS)
        under_way = asyncio.create_task(running.status(http, f"{running.public}/api/registration/v1/agencies"))
        await eventually(lambda: service.arrived)
        running.process.send_signal(signal.SIGTERM)
        async with aiohttp.ClientSession() as another:
            await eventually(lambda: _is(running, another, f"{running.public}/health/live", None))
        may_answer.set()
        assert await under_way == 200
        async with asyncio.timeout(10):
            assert await running.process.wait() == 0


async def test_a_missing_secret_is_named_and_nothing_starts() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 1
    assert b"GATEWAY_AUTH_ASSERTION_KEYS" in said


async def _is(running: RunningProcess, http: aiohttp.ClientSession, url: str, status: int | None) -> bool:
    assert running.process.returncode is None, "the gateway ended"
    return await running.status(http, url) == status
