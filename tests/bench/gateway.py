"""P-7: a small authenticated GET through the gateway beside nginx, one worker each, in front of the same upstream.

The gateway does the whole of its work: it asks the real auth, on its database, about the session of every request.
nginx asks nobody. A third one, a proxy of aiohttp and nothing else, says what the scale is worth on this machine.

Two upstreams: an application that does nothing, on the server every service runs on, and another nginx with a fixed
answer, which costs nothing and leaves all to those in front of it. With all connections busy, time is throughput in
other words: what the gateway adds to a request is measured with one connection, one request at a time. ADR-0026 says
what all of this means.
"""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread
from devtools.servers.nginx import NginxServer
from devtools.system.plan import Plan

from tests.auth.prepared import prepared_accounts
from tests.bench._plain_server import PlainServer
from tests.bench._running import planned_system
from tests.bench._wrk import Load, wrk
from tests.gateway.beside import gateway_beside

PATH = "/v1/participants/me/person"
BODY_BYTES = 1_000
CONNECTIONS = 32
ROUNDS = 3
WARM_UP_SECONDS, SECONDS = 2.0, 6.0
RATIO, ADDED_MILLISECONDS = 0.25, 2.0


@dataclass(frozen=True)
class Side:
    """One of those in front of the upstream: where it is asked, its process, and what its runs came to.

    `cpu` are the microseconds of one request, children included.
    """

    url: str
    process: psutil.Process
    headers: dict[str, str] = field(default_factory=dict)
    full: list[Load] = field(default_factory=list)
    alone: list[Load] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return median(load.per_second for load in self.full)

    @property
    def p50_alone(self) -> float:
        return median(load.p50 for load in self.alone)

    @property
    def refused(self) -> int:
        return sum(load.refused for load in (*self.full, *self.alone))

    def warm_up(self) -> None:
        wrk(self.url, connections=CONNECTIONS, seconds=WARM_UP_SECONDS, headers=self.headers)

    def measure(self) -> None:
        before = self._cpu_seconds()
        load = wrk(self.url, connections=CONNECTIONS, seconds=SECONDS, headers=self.headers)
        self.cpu.append((self._cpu_seconds() - before) * 1e6 / load.requests)
        self.full.append(load)
        self.alone.append(wrk(self.url, connections=1, seconds=WARM_UP_SECONDS, headers=self.headers))

    def _cpu_seconds(self) -> float:
        family = [self.process, *self.process.children(recursive=True)]
        return sum(times.user + times.system for times in (one.cpu_times() for one in family))


@dataclass(frozen=True)
class Sides:
    upstream: str
    gateway: Side
    nginx: Side
    aiohttp: Side

    def measure(self) -> None:
        """Take turns, so that what else the machine does falls on all."""
        sides = (self.gateway, self.nginx, self.aiohttp)
        for side in sides:
            side.warm_up()
        for _ in range(ROUNDS):
            for side in sides:
                side.measure()


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    directory = environment.directory
    service = PlainServer.answering(directory / "service", BODY_BYTES)
    fixed = NginxServer.answering(directory / "fixed", '{"filler": "%s"}' % ("x" * (BODY_BYTES - 14)))
    async with planned_system(directory / "system") as (_, plan), prepared_accounts(plan) as accounts:
        token = await accounts.log_in(await accounts.open())
        of_services = await _in_front_of(service, "a service", plan, token, directory / "a")
        of_nothing = await _in_front_of(fixed, "an answer that costs nothing", plan, token, directory / "b")
    return [
        _throughput(of_services, target=RATIO),
        _added(of_services),
        _scale(of_services),
        _throughput(of_nothing, target=None),
        _scale(of_nothing),
    ]


async def _in_front_of(
    upstream: PlainServer | NginxServer, name: str, plan: Plan, token: str, directory: Path
) -> Sides:
    with ExitStack() as servers:
        servers.enter_context(upstream)
        nginx = servers.enter_context(NginxServer.proxying(directory / "nginx", upstream.address))
        aiohttp = servers.enter_context(PlainServer.proxying(directory / "aiohttp", upstream.url))
        async with gateway_beside(plan, GATEWAY_RECORDS_URL=upstream.url) as gateway:
            sides = Sides(
                name,
                Side(
                    f"{gateway.url}/api/records{PATH}",
                    psutil.Process(gateway.process.pid),
                    {"Authorization": f"Bearer {token}"},
                ),
                Side(f"{nginx.url}{PATH}", psutil.Process(nginx.pid)),
                Side(f"{aiohttp.url}{PATH}", psutil.Process(aiohttp.pid)),
            )
            await asyncio.to_thread(sides.measure)
            return sides


def _throughput(sides: Sides, *, target: float | None) -> Figure:
    ours, theirs = sides.gateway, sides.nginx
    ratio = ours.per_second / theirs.per_second
    refused = ours.refused + theirs.refused
    return Figure(
        id="P-7",
        name=f"gateway, session checked / nginx, in front of {sides.upstream}, {CONNECTIONS} connections",
        value=ours.per_second,
        unit="requests/s",
        floor=theirs.per_second,
        ratio=ratio,
        target="none set" if target is None else f">= {target}",
        met=None if target is None else not refused and ratio >= target,
        n=sum(load.requests for load in ours.full),
        p50=median(load.p50 for load in ours.full),
        p99=median(load.p99 for load in ours.full),
        spread=relative_spread([load.per_second for load in ours.full]),
        detail={
            "bytes of an answer": BODY_BYTES,
            "CPU microseconds of one request": {"gateway": median(ours.cpu), "nginx": median(theirs.cpu)},
            "rounds": {
                "gateway": [load.per_second for load in ours.full],
                "nginx": [load.per_second for load in theirs.full],
            },
            "refused": refused,
            "on the same cores": "wrk, the upstream; for the gateway also auth and its database",
        },
    )


def _scale(sides: Sides) -> Figure:
    bare, theirs = sides.aiohttp, sides.nginx
    return Figure(
        id="P-7",
        name=f"the scale: a bare proxy of aiohttp / nginx, in front of {sides.upstream}",
        value=bare.per_second,
        unit="requests/s",
        floor=theirs.per_second,
        ratio=bare.per_second / theirs.per_second,
        target="none set",
        met=None,
        n=sum(load.requests for load in bare.full),
        p50=median(load.p50 for load in bare.full),
        p99=median(load.p99 for load in bare.full),
        spread=relative_spread([load.per_second for load in bare.full]),
        detail={"CPU microseconds of one request": median(bare.cpu), "refused": bare.refused},
    )


def _added(sides: Sides) -> Figure:
    ours, theirs = sides.gateway, sides.nginx
    added = ours.p50_alone - theirs.p50_alone
    refused = ours.refused + theirs.refused
    return Figure(
        id="P-7",
        name="what the gateway adds to one request at a time, over nginx",
        value=added,
        unit="ms (p50)",
        target=f"<= {ADDED_MILLISECONDS:.0f} ms",
        met=not refused and added <= ADDED_MILLISECONDS,
        n=sum(load.requests for load in ours.alone),
        p50=ours.p50_alone,
        p99=median(load.p99 for load in ours.alone),
        detail={
            "p50 of nginx": theirs.p50_alone,
            "p50 of a bare proxy of aiohttp": sides.aiohttp.p50_alone,
            "connections": 1,
        },
    )
