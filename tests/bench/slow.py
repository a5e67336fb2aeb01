"""GW-17: how much longer others wait while a thousand senders are far too slow: with and without them, in turns.

The gateway is a process of its own in front of an nginx with a fixed answer; the route asks for no session, so nothing
but the gateway is between the two. Each turn ends before the first slow sender is cut.
"""

import asyncio
import secrets
from statistics import median

import aiohttp
from ansinh_kit.clock import SystemClock
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList, NamedKey
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread
from devtools.servers.nginx import NginxServer

from tests.bench._wrk import Load, wrk
from tests.eventually import eventually
from tests.gateway.fake_service import FakeService
from tests.gateway.processes import START_SECONDS, RunningProcess, whole
from tests.gateway.slow_senders import slow_senders

PATH = "/api/registration/v1/agencies"
HEAD = b"GET " + PATH.encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Filler: "
SENDERS = 1_000
ROUNDS, SECONDS, WARM_UP_SECONDS = 5, 6.0, 2.0
CONNECTIONS = 8
RATIO = 1.2


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    keys = {
        name: KeyList((NamedKey("bench", secrets.token_bytes(32)),))
        for name in ("auth", "registration", "notifications", "records")
    }
    verifier = AssertionVerifier(keys["auth"], service="auth", clock=SystemClock())
    with NginxServer.answering(environment.directory / "upstream", '{"agencies": []}') as upstream:
        unlimited = {"GUEST_REQUESTS_BURST": 1_000_000, "GUEST_REQUESTS_PER_SECOND": 100_000}
        async with (
            whole(keys, verifier, FakeService(), REGISTRATION_URL=upstream.url, **unlimited) as gateway,
            aiohttp.ClientSession() as http,
        ):
            await eventually(lambda: gateway.is_ready(http), START_SECONDS)
            return [figure(*await _measure(gateway))]


async def _measure(gateway: RunningProcess) -> tuple[list[Load], list[Load]]:
    """Return the loads beside slow senders, and those without any."""
    await _load(gateway, WARM_UP_SECONDS)
    beside, without = [], []
    for _ in range(ROUNDS):
        without.append(await _load(gateway, SECONDS))
        async with slow_senders(gateway.port, HEAD, SENDERS) as slow:
            beside.append(await _load(gateway, SECONDS))
            assert slow.open == SENDERS, "a turn that outlasts the slow senders measures nothing"
    return beside, without


async def _load(gateway: RunningProcess, seconds: float) -> Load:
    return await asyncio.to_thread(wrk, gateway.public + PATH, connections=CONNECTIONS, seconds=seconds)


def figure(beside: list[Load], without: list[Load]) -> Figure:
    slowed, usual = (median(load.p99 for load in loads) for loads in (beside, without))
    refused = sum(load.refused for load in (*beside, *without))
    return Figure(
        id="GW-17",
        name=f"p99 of others beside {SENDERS:,} slow senders / without them, {CONNECTIONS} connections",
        value=slowed,
        unit="ms",
        floor=usual,
        ratio=slowed / usual,
        target=f"<= {RATIO}",
        met=not refused and slowed <= usual * RATIO,
        n=sum(load.requests for load in beside),
        p50=median(load.p50 for load in beside),
        p99=slowed,
        spread=relative_spread([load.p99 for load in beside]),
        detail={
            "p50 without": median(load.p50 for load in without),
            "rounds, p99": {"beside": [load.p99 for load in beside], "without": [load.p99 for load in without]},
            "requests/s": {
                "beside": median(load.per_second for load in beside),
                "without": median(load.per_second for load in without),
            },
            "refused": refused,
        },
    )
