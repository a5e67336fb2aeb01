"""P-12: from recording a period to its being in the read model that the citizen is shown."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ansinh_kit.cancellation import end_tasks
from ansinh_kit.database import Database
from ansinh_kit.projections.generations import Generations
from ansinh_kit.projections.registry import REGISTRY
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread
from records.projections.catalogue import PROJECTIONS

from tests.bench._careers import record, record_people
from tests.bench._open_loop import at_rate
from tests.bench._running import Running, running_system
from tests.eventually import eventually

VIEW = "participation"
PEOPLE, PERIODS = 1_000, 10
PER_SECOND = 200.0
SECONDS, BARE_SECONDS = 20.0, 5.0
# What it looks too late by counts as time it took. Looking more often takes from the server what is to be measured.
LOOK_SECONDS = 0.02
TARGET_MILLISECONDS = 500.0


class Sightings:
    """When the read model was first seen to have reached each position. Its checkpoint moves after its documents."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: list[tuple[int, float]] = []

    async def watch(self) -> None:
        active = await Generations(self._database, PROJECTIONS[VIEW]).active_or_first()
        reached = 0
        while True:
            build = await self._database[REGISTRY].find_one({"_id": active.id}) or {}
            if build["position"] > reached:
                reached = build["position"]
                self._seen.append((reached, time.perf_counter()))
            await asyncio.sleep(LOOK_SECONDS)

    def moment_of(self, position: int) -> float | None:
        return next((moment for reached, moment in self._seen if reached >= position), None)


async def run(environment: Environment) -> list[Figure]:
    environment.without_servers()
    async with running_system(environment.directory / "system") as system, watched(system) as sightings:
        store = system.records.store
        people = await record_people(store, PEOPLE, periods=PERIODS)
        before = await store.last_position()
        await eventually(lambda: sightings.moment_of(before), 120, says="the people in the read model")
        recorded: dict[int, float] = {}
        # The next period of a person follows the one before, as a conflict would end the run; the wait counts.
        turns = [asyncio.Lock() for _ in people]

        async def record_one(number: int) -> None:
            asked = time.perf_counter()
            times, person = divmod(number, PEOPLE)
            async with turns[person]:
                recorded[await record(store, people[person], 1, first=PERIODS + times)] = asked

        await at_rate(PER_SECOND, SECONDS, record_one)
        await eventually(lambda: sightings.moment_of(max(recorded)), 60, says="the last period in the read model")
        ours = [((sightings.moment_of(one) or 0) - asked) * 1000 for one, asked in recorded.items()]
        return [_figure(ours, await replaced_bare(system.records.database))]


@asynccontextmanager
async def watched(system: Running) -> AsyncIterator[Sightings]:
    sightings = Sightings(system.records.database)
    watching = asyncio.create_task(sightings.watch())
    try:
        yield sightings
    finally:
        await end_tasks([watching])


async def replaced_bare(database: Database) -> list[float]:
    """Return the milliseconds of bare replacements of the read model's own documents, one by one, at the same rate.

    What a read model could not beat that wrote each document by itself: here nothing is decided, recorded or read.
    """
    active = await Generations(database, PROJECTIONS[VIEW]).active_or_first()
    documents = await database[active.collection].find({}).limit(PEOPLE).to_list()
    bare = database["bench_bare"]
    await bare.insert_many(documents)

    async def replace(number: int) -> None:
        document = documents[number % len(documents)]
        await bare.replace_one({"_id": document["_id"]}, {**document, "bench_number": number})

    return await at_rate(PER_SECOND, BARE_SECONDS, replace)


def _figure(milliseconds: list[float], bare_milliseconds: list[float]) -> Figure:
    spread, bare = Spread.of(milliseconds), Spread.of(bare_milliseconds)
    return Figure(
        id="P-12",
        name=f"period recorded → in the citizen's read model, {PER_SECOND:.0f} periods/s",
        value=spread.p99,
        unit="ms (p99)",
        floor=bare.p99,
        ratio=spread.p99 / bare.p99,
        target=f"p99 <= {TARGET_MILLISECONDS:.0f} ms",
        met=spread.p99 <= TARGET_MILLISECONDS,
        n=spread.n,
        p50=spread.p50,
        p95=spread.p95,
        p99=spread.p99,
        detail={
            "percentiles": "milliseconds from asking the log to record a period to seeing the read model's checkpoint "
            "beyond it; the checkpoint moves after the documents",
            "read models kept current meanwhile": len(PROJECTIONS),
            "the floor": "the same documents replaced one by one at the same rate by a bare driver, right after",
            "the floor's p50, p95, p99": [round(one, 1) for one in (bare.p50, bare.p95, bare.p99)],
        },
    )
