import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ansinh_kit.http.health import Readiness
from ansinh_kit.observability.metrics import Metrics
from ansinh_kit.runtime import Runtime
from devtools.servers import SecantusServer
from devtools.servers.ports import free_ports
from starlette.types import Receive, Scope, Send

from tests.eventually import eventually

NO_MONGODB = "mongodb://127.0.0.1:9/"


@dataclass
class RunningProcess:
    process: asyncio.subprocess.Process
    client: aiohttp.ClientSession
    address: str

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.client.get(self.address + path) as answer:
            return answer.status, await answer.json(content_type=None)

    async def status(self, path: str) -> int:
        return (await self.get(path))[0]

    async def checks(self) -> dict[str, str]:
        return dict((await self.get("/health/ready"))[1]["checks"])

    async def ended(self) -> tuple[int, list[dict[str, Any]]]:
        output, _ = await asyncio.wait_for(self.process.communicate(), 40)
        return self.process.returncode or 0, [json.loads(line) for line in output.splitlines()]


@dataclass
class Permission:
    """What the start hook of the process waits for."""

    path: Path

    def give(self) -> None:
        self.path.touch()


@asynccontextmanager
async def a_process(mongo_url: str, permission: Permission) -> AsyncIterator[RunningProcess]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("example_process.py")),
        mongo_url,
        str(permission.path),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    started = json.loads(await asyncio.wait_for(process.stdout.readline(), 30))
    async with aiohttp.ClientSession() as client:
        yield RunningProcess(process, client, f"http://127.0.0.1:{started['port']}")
    if process.returncode is None:
        process.kill()
        await process.wait()


@pytest.fixture
def permission(tmp_path: Path) -> Permission:
    return Permission(tmp_path / "may-start")


async def test_a_process_waits_for_its_start_and_goes_on_by_itself(mongo_url: str, permission: Permission) -> None:
    async with a_process(mongo_url, permission) as running:
        assert await running.status("/health/live") == 200
        assert await running.status("/health/ready") == 503
        assert (await running.checks())["process"] == "starting"
        permission.give()

        async def ready() -> bool:
            return await running.status("/health/ready") == 200

        await eventually(ready, 20)
        assert await running.checks() == {"mongodb": "ok", "relay": "ok"}


async def test_a_process_without_its_database_lives_and_says_what_is_missing(permission: Permission) -> None:
    permission.give()
    async with a_process(NO_MONGODB, permission) as running:

        async def started() -> bool:
            return "process" not in await running.checks()

        await eventually(started, 20)
        assert await running.status("/health/live") == 200
        assert await running.status("/health/ready") == 503
        assert (await running.checks())["mongodb"] in {"mongodb is unavailable", "no answer within 2 s"}
        assert await running.status("/quick") == 200


@pytest.mark.mongo
async def test_a_process_recovers_when_its_database_comes_back(permission: Permission, tmp_path: Path) -> None:
    permission.give()
    (port,) = free_ports(1)
    async with a_process(f"mongodb://127.0.0.1:{port}/?retryWrites=false", permission) as running:

        async def mongodb_is(state: bool) -> bool:  # noqa: FBT001 - reads as a sentence
            return ((await running.checks()).get("mongodb") == "ok") is state

        for _ in range(2):
            await eventually(lambda: mongodb_is(False), 30)
            server = await asyncio.to_thread(SecantusServer(tmp_path / "mongodb", port=port).__enter__)
            try:
                await eventually(lambda: mongodb_is(True), 30)
                assert await running.status("/health/ready") == 200
            finally:
                await asyncio.to_thread(server.stop)
            assert await running.status("/health/live") == 200


@pytest.mark.sec("GW-18")
async def test_sigterm_finishes_what_was_begun_and_takes_nothing_new(mongo_url: str, permission: Permission) -> None:
    permission.give()
    async with a_process(mongo_url, permission) as running:

        async def ready() -> bool:
            return await running.status("/quick") == 200

        await eventually(ready, 20)
        slow = asyncio.create_task(running.get("/slow"))

        async def in_flight() -> bool:
            async with running.client.get(running.address + "/metrics") as answer:
                return "http_requests_in_flight 2.0" in await answer.text()

        await eventually(in_flight)
        running.process.send_signal(signal.SIGTERM)
        assert await slow == (200, "done")
        code, lines = await running.ended()
        with pytest.raises(aiohttp.ClientConnectionError):
            await running.status("/quick")
    assert code == 0
    assert [line["event"] for line in lines][-2:] == ["goodbye", "process_ended"]
    assert "process_draining" in [line["event"] for line in lines]


async def test_answers_do_not_name_the_server(mongo_url: str, permission: Permission) -> None:
    permission.give()
    async with (
        a_process(mongo_url, permission) as running,
        running.client.get(running.address + "/health/live") as answer,
    ):
        assert "server" not in answer.headers


@pytest.mark.sec("GW-18")
async def test_an_answer_without_an_end_is_ended_by_its_drain_hook() -> None:
    runtime = Runtime("example", metrics=Metrics("example"), readiness=Readiness())
    began, may_end = asyncio.Event(), asyncio.Event()
    runtime.on_drain(may_end.set)

    async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        began.set()
        await may_end.wait()
        await send({"type": "http.response.body", "body": b"the end"})

    (port,) = free_ports(1)
    serving = asyncio.create_task(runtime.serve(endless, host="127.0.0.1", port=port))
    async with aiohttp.ClientSession() as http:
        await eventually(lambda: _accepts(port))
        asking = asyncio.create_task(_text(http, port))
        await eventually(began.is_set)
        runtime.stop()
        async with asyncio.timeout(10):
            assert await asking == "the end"
            await serving


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _text(http: aiohttp.ClientSession, port: int) -> str:
    async with http.get(f"http://127.0.0.1:{port}/") as answer:
        return await answer.text()


async def test_a_stop_hook_that_fails_does_not_keep_the_others_from_running() -> None:
    runtime = Runtime("example", metrics=Metrics("example"), readiness=Readiness())
    closed: list[str] = []

    async def close_first() -> None:
        closed.append("first")

    async def fail() -> None:
        raise ValueError

    async def close_last() -> None:
        closed.append("last")

    for hook in (close_first, fail, close_last):
        runtime.on_stop(hook)
    runtime.stop()
    await runtime.serve(_no_app, host="127.0.0.1", port=0)
    assert closed == ["last", "first"]


async def test_background_work_begins_after_all_start_hooks_and_ends_with_the_process() -> None:
    runtime = Runtime("example", metrics=Metrics("example"), readiness=Readiness())
    order: list[str] = []

    async def start(name: str) -> None:
        order.append(name)

    async def work() -> None:
        order.append("work")
        runtime.stop()
        try:
            await asyncio.Event().wait()
        finally:
            order.append("cancelled")

    runtime.on_start(lambda: start("one"))
    runtime.on_start(lambda: start("two"))
    runtime.background("relay", work)
    await runtime.serve(_no_app, host="127.0.0.1", port=0)
    assert order == ["one", "two", "work", "cancelled"]


async def test_background_work_outlives_the_last_request() -> None:
    runtime = Runtime("example", metrics=Metrics("example"), readiness=Readiness())
    (port,) = free_ports(1)
    order: list[str] = []

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        runtime.stop()
        # The server takes nothing new any more, so all that ends before the last answer has ended by now.
        await eventually(lambda: _is_closed(port))
        order.append("answered")
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            order.append("cancelled")

    runtime.background("writer", work)
    serving = asyncio.create_task(runtime.serve(app, host="127.0.0.1", port=port))
    async with aiohttp.ClientSession() as client:
        await eventually(lambda: runtime.readiness.started)
        async with client.get(f"http://127.0.0.1:{port}/") as answer:
            assert answer.status == 204
    await serving
    assert order == ["answered", "cancelled"]


async def test_a_start_hook_that_fails_is_tried_again() -> None:
    runtime = Runtime("example", metrics=Metrics("example"), readiness=Readiness())
    tries = 0

    async def start() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError

    async def work() -> None:
        runtime.stop()
        await asyncio.Event().wait()

    runtime.on_start(start)
    runtime.background("relay", work)
    await runtime.serve(_no_app, host="127.0.0.1", port=0)
    assert tries == 2


async def test_work_that_is_not_needed_takes_no_part_in_readiness() -> None:
    runtime = Runtime("example", metrics=Metrics("example"), readiness=Readiness())
    tried = asyncio.Event()

    async def fail() -> None:
        tried.set()
        raise ValueError

    async def go_on() -> None:
        await asyncio.Event().wait()

    runtime.background("needed", go_on)
    runtime.background("extra", fail, needed=False)
    serving = asyncio.create_task(runtime.serve(_no_app, host="127.0.0.1", port=0))
    try:
        await tried.wait()
        await eventually(lambda: _is_ready(runtime))
    finally:
        runtime.stop()
        await serving


async def _is_ready(runtime: Runtime) -> bool:
    return runtime.readiness.started and not await runtime.readiness.failures()


async def test_an_address_in_use_is_an_error_at_once() -> None:
    runtime = Runtime("example", metrics=Metrics("example"), readiness=Readiness())
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        await runtime.serve(_no_app, host="127.0.0.1", port=taken.getsockname()[1])


async def _is_closed(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return True
    writer.close()
    return False


async def _no_app(_scope: Any, _receive: Any, _send: Any) -> None:  # noqa: ANN401 - never called
    raise AssertionError
