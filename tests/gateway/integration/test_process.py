"""The gateway as a process of its own: how it starts, tells about itself, and ends."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList
from gateway.asgi import Receive, Send

from tests.eventually import eventually
from tests.gateway.fake_service import Arrived, FakeService, answer_ok
from tests.gateway.processes import START_SECONDS, RunningProcess, gateway_process, keys_for, whole


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


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
