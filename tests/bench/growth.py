"""P-14: what reading costs with many participants, against the same with few.

`./dev bench growth --people 1000000 --data FOLDER` goes as far as the target; loading takes long, so the folder keeps
the people for the next run. Without options there are a hundred thousand.

Both systems run side by side and are read in turns of ten seconds: what else the machine does in these minutes falls on
both. What is compared are the middle ones of their turns.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import aiohttp
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread, relative_spread

from tests.bench._careers import record
from tests.bench._population import PERIODS_EACH, load
from tests.bench._running import Running, running_system
from tests.bench.reads import PERIODS, Reads, read_at_rate, reader, shown
from tests.eventually import eventually

FEW, MANY = 10_000, 100_000
TURNS, SECONDS = 7, 10.0
SETTLED_WITHIN_SECONDS = 3_600.0
TARGET = 1.3


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    people = environment.people or MANY
    folders = environment.directory / "few", environment.data or environment.directory / "many"
    for number, folder in zip((FEW, people), folders, strict=True):
        await load(folder, number)
    async with _settled(folders[0]) as few, _settled(folders[1]) as many:
        turns = [(await read_at_rate(many, SECONDS), await read_at_rate(few, SECONDS)) for _ in range(TURNS)]
    return [_figure(people, turns)]


@asynccontextmanager
async def _settled(folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """Run the system of this folder, with nothing left to do but to be read."""
    async with running_system(folder) as system, reader(system) as http:
        await record(system.records.store, system.participant_id, PERIODS)
        await eventually(lambda: shown(http), SETTLED_WITHIN_SECONDS, says="all periods in the read model")
        await eventually(lambda: _published(system), SETTLED_WITHIN_SECONDS, says="the relay at the end of the log")
        yield http


async def _published(system: Running) -> bool:
    relay = await system.records.database["relays"].find_one({})
    return relay is not None and relay["position"] >= await system.records.store.last_position()


def _figure(people: int, turns: Sequence[tuple[Reads, Reads]]) -> Figure:
    many, few = ([Spread.of(turn.milliseconds) for turn in side] for side in zip(*turns, strict=True))
    refused = sum(turn.refused for both in turns for turn in both)
    ours, theirs = median(turn.p95 for turn in many), median(turn.p95 for turn in few)
    return Figure(
        id="P-14",
        name=f"participation through the gateway with {people:,} participants ÷ with {FEW:,}",
        value=ours,
        unit="ms (p95, the middle one of the turns)",
        floor=theirs,
        ratio=ours / theirs,
        target=f"<= {TARGET} (with 1,000,000)",
        met=ours / theirs <= TARGET and not refused,
        n=sum(turn.n for turn in many),
        p50=median(turn.p50 for turn in many),
        p95=ours,
        p99=median(turn.p99 for turn in many),
        spread=relative_spread([turn.p95 for turn in many]),
        detail={
            "periods of each of the others": PERIODS_EACH,
            "p95 of each turn": {"many": [turn.p95 for turn in many], "few": [turn.p95 for turn in few]},
            "p50 of each turn": {"many": [turn.p50 for turn in many], "few": [turn.p50 for turn in few]},
            "refused": refused,
        },
    )
