"""Settings change while requests are under way, all together or not at all."""

import asyncio
import secrets
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from ansinh_kit.clock import SystemClock
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList, NamedKey
from gateway.asgi import Receive, Send
from gateway.settings import GatewaySettings

from tests.eventually import eventually
from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.fake_service import Arrived, FakeService, answer_ok
from tests.gateway.processes import START_SECONDS, RunningProcess, whole
from tests.gateway.raw_client import exchange, request

AGENCIES = "/api/registration/v1/agencies"


def changed(edges: Edges, **values: Any) -> GatewaySettings:  # noqa: ANN401 - any setting
    """Return the gateway's settings with some of them different."""
    return edges.settings.model_copy(update=values)


async def status(edges: Edges, *headers: str, host: str = "127.0.0.1") -> int:
    return (await exchange(edges.port, request("GET", AGENCIES, *headers, host=host))).status


async def test_a_new_name_is_ours_from_the_next_request_on(edges: Edges) -> None:
    assert await status(edges, host="new.example") == 400
    edges.gateway.door.keep(changed(edges, hosts=frozenset({"new.example"})))
    assert await status(edges, host="new.example") == 200
    assert await status(edges) == 400


@pytest.mark.sec("SES-08")
async def test_new_keys_sign_the_next_request(edges: Edges, assertion_keys: dict[str, KeyList]) -> None:
    newest = NamedKey("next", secrets.token_bytes(32))
    rotated = KeyList((newest, *assertion_keys["registration"].keys))
    edges.gateway.door.keep(changed(edges, registration_assertion_keys=rotated))
    assert await status(edges) == 200
    only_new = AssertionVerifier(KeyList((newest,)), service="registration", clock=SystemClock())
    assert only_new.verify(edges.service.last.header("internal-assertion") or "").kind == "guest"


@pytest.mark.sec("LIM-24")
async def test_the_limits_of_a_head_hold_for_the_next_connection(edges: Edges) -> None:
    assert await status(edges, "X-Filler: " + "x" * 500) == 200
    edges.gateway.door.keep(changed(edges, header_bytes=300))
    assert await status(edges, "X-Filler: " + "x" * 500) == 431


@pytest.mark.sec("LIM-15")
async def test_what_was_counted_stays_counted(start_gateway: StartGateway) -> None:
    """Nobody gets a new allowance because the settings were read again."""
    async with start_gateway(guest_requests_burst=3, guest_requests_per_second=0.001) as edges:
        assert [await status(edges) for _ in range(4)] == [200, 200, 200, 429]
        edges.gateway.door.keep(edges.settings)
        assert await status(edges) == 429


async def test_a_request_under_way_ends_by_the_rules_it_began_with(edges: Edges) -> None:
    may_answer = asyncio.Event()

    async def wait(arrived: Arrived, receive: Receive, send: Send) -> None:
        await may_answer.wait()
        await answer_ok(arrived, receive, send)

    edges.service.answers = wait
    under_way = asyncio.create_task(status(edges))
    await eventually(lambda: edges.service.arrived)
    edges.gateway.door.keep(changed(edges, hosts=frozenset({"new.example"})))
    may_answer.set()
    assert await under_way == 200


async def test_settings_that_cannot_be_kept_change_nothing(edges: Edges, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        edges.gateway.door.keep(changed(edges, hosts=frozenset({"new.example"}), web_folder=tmp_path / "missing"))
    assert await status(edges) == 200


@pytest.mark.timeout(120, method="thread")
async def test_a_running_process_reads_its_files_again_when_told_to(
    assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier], tmp_path: Path
) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1")
    async with (
        whole(assertion_keys, verify("auth"), FakeService(), HOSTS_FILE=str(hosts)) as running,
        aiohttp.ClientSession() as http,
    ):

        async def answered(host: str, expected: int) -> bool:
            return await _status_as(running, http, host) == expected

        await eventually(lambda: answered("127.0.0.1", 200), START_SECONDS)
        hosts.write_text("127.0.0.1, second.example")
        running.process.send_signal(signal.SIGHUP)
        await eventually(lambda: answered("second.example", 200))
        hosts.unlink()
        running.process.send_signal(signal.SIGHUP)
        hosts.write_text("127.0.0.1, third.example")
        running.process.send_signal(signal.SIGHUP)
        await eventually(lambda: answered("third.example", 200))


async def _status_as(running: RunningProcess, http: aiohttp.ClientSession, host: str) -> int | None:
    try:
        async with http.get(running.public + "/health/live", headers={"Host": host}) as response:
            return response.status
    except aiohttp.ClientConnectionError:
        return None
