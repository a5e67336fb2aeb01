"""P-7: a small authenticated GET through the gateway beside nginx, one worker each, in front of the same upstream.

The upstream is another nginx with a fixed answer, so that what is compared are the two in front of it. The gateway
does the whole of its work: it asks the real auth, on its database, about the session of every request.

With all connections busy, time is throughput in other words: what the gateway adds to a request is measured with one
connection, one request at a time. What all of this says, and does not, is in ADR-0026.
"""

import asyncio
from dataclasses import dataclass
from statistics import median

import psutil
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, relative_spread
from devtools.servers.nginx import NginxServer

from tests.auth.prepared import prepared_accounts
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
    """One of the two in front of the upstream: where it is asked, by which headers, and its process."""

    url: str
    headers: dict[str, str]
    process: psutil.Process


@dataclass(frozen=True)
class Measured:
    """One side's runs; `cpu` are the microseconds of one request, children included."""

    full: list[Load]
    alone: list[Load]
    cpu: list[float]

    @property
    def per_second(self) -> float:
        return median(load.per_second for load in self.full)

    @property
    def p50_alone(self) -> float:
        return median(load.p50 for load in self.alone)


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    directory = environment.directory
    upstream = NginxServer.answering(directory / "upstream", '{"filler": "%s"}' % ("x" * (BODY_BYTES - 14)))
    with upstream, NginxServer.proxying(directory / "peer", upstream.address) as peer:
        async with (
            planned_system(directory / "system") as (_, plan),
            prepared_accounts(plan) as accounts,
            gateway_beside(plan, GATEWAY_RECORDS_URL=upstream.url) as gateway,
        ):
            token = await accounts.log_in(await accounts.open())
            ours = Side(
                f"{gateway.url}/api/records{PATH}",
                {"Authorization": f"Bearer {token}"},
                psutil.Process(gateway.process.pid),
            )
            theirs = Side(f"{peer.url}{PATH}", {}, psutil.Process(peer.pid))
            return figures(*await asyncio.to_thread(_measure, ours, theirs))


def _measure(ours: Side, theirs: Side) -> tuple[Measured, Measured]:
    """Take turns, so that what else the machine does falls on both."""
    for side in (ours, theirs):
        wrk(side.url, connections=CONNECTIONS, seconds=WARM_UP_SECONDS, headers=side.headers)
    measured = Measured([], [], []), Measured([], [], [])
    for _ in range(ROUNDS):
        for side, found in zip((ours, theirs), measured, strict=True):
            before = _cpu_seconds(side.process)
            load = wrk(side.url, connections=CONNECTIONS, seconds=SECONDS, headers=side.headers)
            found.cpu.append((_cpu_seconds(side.process) - before) * 1e6 / load.requests)
            found.full.append(load)
            found.alone.append(wrk(side.url, connections=1, seconds=WARM_UP_SECONDS, headers=side.headers))
    return measured


def _cpu_seconds(process: psutil.Process) -> float:
    family = [process, *process.children(recursive=True)]
    return sum(times.user + times.system for times in (one.cpu_times() for one in family))


def figures(ours: Measured, theirs: Measured) -> list[Figure]:
    refused = sum(load.refused for load in (*ours.full, *ours.alone, *theirs.full, *theirs.alone))
    return [_throughput(ours, theirs, refused), _added(ours, theirs, refused)]


def _throughput(ours: Measured, theirs: Measured, refused: int) -> Figure:
    ratio = ours.per_second / theirs.per_second
    return Figure(
        id="P-7",
        name=f"gateway, session checked / nginx, {CONNECTIONS} connections, {BODY_BYTES} bytes",
        value=ours.per_second,
        unit="requests/s",
        floor=theirs.per_second,
        ratio=ratio,
        target=f">= {RATIO}",
        met=not refused and ratio >= RATIO,
        n=sum(load.requests for load in ours.full),
        p50=median(load.p50 for load in ours.full),
        p99=median(load.p99 for load in ours.full),
        spread=relative_spread([load.per_second for load in ours.full]),
        detail={
            "CPU microseconds of one request": {"gateway": median(ours.cpu), "nginx": median(theirs.cpu)},
            "rounds": {
                "gateway": [load.per_second for load in ours.full],
                "nginx": [load.per_second for load in theirs.full],
            },
            "refused": refused,
            "on the same cores": "wrk, the upstream; for the gateway also auth and its database",
        },
    )


def _added(ours: Measured, theirs: Measured, refused: int) -> Figure:
    added = ours.p50_alone - theirs.p50_alone
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
        detail={"p50 of nginx": theirs.p50_alone, "connections": 1},
    )
