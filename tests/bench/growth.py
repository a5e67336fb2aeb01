"""P-14: what reading costs with many participants, against the same with few.

`./dev bench growth --people 1000000 --data FOLDER` goes as far as the target; loading takes long, so the folder keeps
the people for the next run. Without options there are a hundred thousand.
"""

from pathlib import Path

from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread

from tests.bench._careers import record
from tests.bench._population import PERIODS_EACH, load
from tests.bench._running import Running, running_system
from tests.bench.reads import PERIODS, Reads, read_at_rate, reader, shown
from tests.eventually import eventually

FEW, MANY = 10_000, 100_000
SECONDS = 30.0
SETTLED_WITHIN_SECONDS = 3_600.0
TARGET = 1.3


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    people = environment.people or MANY
    few = await read_among(FEW, environment.directory / "few")
    many = await read_among(people, environment.data or environment.directory / "many")
    return [_figure(people, Spread.of(many.milliseconds), Spread.of(few.milliseconds), many.refused + few.refused)]


async def read_among(people: int, folder: Path) -> Reads:
    """Return the reads of one citizen's participation where there are so many participants."""
    await load(folder, people)
    async with running_system(folder) as system, reader(system) as http:
        await record(system.records.store, system.participant_id, PERIODS)
        await eventually(lambda: shown(http), SETTLED_WITHIN_SECONDS, says="all periods in the read model")
        await eventually(lambda: _published(system), SETTLED_WITHIN_SECONDS, says="the relay at the end of the log")
        return await read_at_rate(http, SECONDS)


async def _published(system: Running) -> bool:
    relay = await system.records.database["relays"].find_one({})
    return relay is not None and relay["position"] >= await system.records.store.last_position()


def _figure(people: int, many: Spread, few: Spread, refused: int) -> Figure:
    ratio = many.p95 / few.p95
    return Figure(
        id="P-14",
        name=f"participation through the gateway with {people:,} participants ÷ with {FEW:,}",
        value=many.p95,
        unit="ms (p95)",
        floor=few.p95,
        ratio=ratio,
        target=f"<= {TARGET} (with 1,000,000)",
        met=ratio <= TARGET and not refused,
        n=many.n,
        p50=many.p50,
        p95=many.p95,
        p99=many.p99,
        detail={
            "percentiles": "milliseconds from when a request was due (open loop) to its last byte, with many",
            "with few": [few.p50, few.p95, few.p99],
            "periods of each participant": PERIODS_EACH,
            "refused": refused,
        },
    )
