"""Those who send slowly are cut off in time, and everybody else is served meanwhile (GW-17, LIM-26)."""

import asyncio
from collections.abc import Callable, Sequence

import aiohttp
import pytest
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList
from devtools.servers.ports import LOOPBACK

from tests.eventually import eventually
from tests.gateway.conftest import StartGateway
from tests.gateway.fake_service import FakeService
from tests.gateway.processes import START_SECONDS, whole
from tests.gateway.slow_senders import SlowSender, slow_senders

AGENCIES = "/api/registration/v1/agencies"
PHOTO = "/api/registration/v1/declarations/d-1/photos/portrait"

SENDERS = 1_000
HEAD = b"GET " + AGENCIES.encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Filler: "
HEAD_SECONDS = 10  # as LIM-26 has it


@pytest.mark.slow
@pytest.mark.sec("GW-17")
@pytest.mark.sec("LIM-26")
@pytest.mark.timeout(180, method="thread")
async def test_a_thousand_drips_are_cut_and_others_are_served_meanwhile(
    assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier]
) -> None:
    service = FakeService()
    async with (
        whole(assertion_keys, verify("auth"), service, GUEST_REQUESTS_BURST=1_000_000) as gateway,
        aiohttp.ClientSession() as http,
    ):
        await eventually(lambda: gateway.is_ready(http), START_SECONDS)
        statuses: list[int | None] = []
        open_beside: list[int] = []
        async with slow_senders(gateway.port, HEAD, SENDERS) as slow:
            while slow.open:
                open_beside.append(slow.open)
                statuses.append(await gateway.status(http, gateway.public + AGENCIES))
    assert len(statuses) > 10
    assert set(statuses) == {200}
    # All of them, unless a machine is too slow to open so many before the first are cut.
    assert max(open_beside) > SENDERS / 2
    assert len(service.arrived) == len(statuses)
    _were_cut_in_time(slow.senders)


def _were_cut_in_time(senders: Sequence[SlowSender]) -> None:
    """At their time, and each with the answer that says why, or reset while it was still sending."""
    times = [sender.seconds or 0.0 for sender in senders]
    assert min(times) > HEAD_SECONDS * 0.9
    assert max(times) < HEAD_SECONDS * 4  # far more than it takes, since other tests may have the machine
    answers = [bytes(sender.received[:12]) for sender in senders]
    assert set(answers) <= {b"HTTP/1.1 408", b""}
    assert answers.count(b"HTTP/1.1 408") > SENDERS / 2


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
