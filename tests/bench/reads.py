"""P-8: a citizen's participation, 60 periods with their total and its explanation, through the gateway."""

from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread

from tests.bench._careers import record
from tests.bench._open_loop import at_rate
from tests.bench._running import Running, running_system
from tests.eventually import eventually

PERIODS = 60
PER_SECOND = 100.0
WARM_UP_SECONDS, SECONDS = 5.0, 30.0
TARGETS = (15.0, 40.0, 80.0)


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    async with running_system(environment.directory / "system") as system, reader(system) as http:
        await record(system.records.store, system.participant_id, PERIODS)
        await eventually(lambda: shown(http), 60, says="all periods in the read model")
        return [figure(await read_at_rate(http, SECONDS))]


def reader(system: Running) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        f"{system.api}/", headers=system.citizen_headers, connector=aiohttp.TCPConnector(limit=0)
    )


async def shown(http: aiohttp.ClientSession) -> bool:
    """Say whether the citizen sees all periods."""
    async with http.get("participants/me/participation/social") as response:
        assert response.status == HTTPStatus.OK, await response.text()
        return len((await response.json())["rows"]) == PERIODS


@dataclass(frozen=True)
class Reads:
    """`milliseconds` of every read, those refused included: a refusal is no way to be fast."""

    milliseconds: list[float]
    refused: int


async def read_at_rate(http: aiohttp.ClientSession, seconds: float) -> Reads:
    """Read at an even rate, after a warm-up; times run from when a read was due to its last byte."""
    refused = 0

    async def read(_: int) -> None:
        nonlocal refused
        async with http.get("participants/me/participation/social") as response:
            await response.read()
            refused += response.status != HTTPStatus.OK

    await at_rate(PER_SECOND, WARM_UP_SECONDS, read)
    refused = 0
    return Reads(await at_rate(PER_SECOND, seconds, read), refused)


def figure(reads: Reads) -> Figure:
    spread = Spread.of(reads.milliseconds)
    reached = (spread.p50, spread.p95, spread.p99)
    return Figure(
        id="P-8",
        name=f"participation of {PERIODS} periods through the gateway, {PER_SECOND:.0f} reads/s",
        value=spread.p95,
        unit="ms (p95)",
        target=f"p50/p95/p99 <= {'/'.join(f'{limit:.0f}' for limit in TARGETS)} ms",
        met=not reads.refused and all(value <= limit for value, limit in zip(reached, TARGETS, strict=True)),
        n=spread.n,
        p50=spread.p50,
        p95=spread.p95,
        p99=spread.p99,
        detail={
            "percentiles": "milliseconds from when a request was due (open loop) to its last byte",
            "highest": spread.highest,
            "refused": reads.refused,
            "on the same cores": "load, gateway, auth, records, database, broker and the other services",
        },
    )
