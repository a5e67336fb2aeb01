"""P-1, P-2, P-3: appending to the log, against the driver's plain insert and against the length of the stream."""

import asyncio
import json
import statistics
import sys
import time
import uuid
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ansinh_kit.database import Database
from ansinh_kit.decider import handle
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog, MongoSnapshots
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, Metadata
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from devtools.bench.environment import Environment
from devtools.bench.figure import Figure, Spread, relative_spread

from tests.bench._appending import CALLERS, Run, a_commit, call_for, insert_plainly
from tests.kit.event_store.rooms import REGISTRY, ROOM, UPCASTERS, Paint, Room, RoomOpened, RoomPainted

ROUNDS = 6
SECONDS = 2.0
PROCESSES = 3
SHORT, LONG = 10, 10_000
COMMANDS_A_ROUND = 50

P1_RATIO, P2_RATIO, P3_RATIO = 1.5, 1.2, 1.2
P2_MILLISECONDS = 100.0


async def run(environment: Environment) -> list[Figure]:
    client = connect(environment.mongodb_url, app_name="bench-append")
    database = client.database(environment.new_database_name())
    figures = [
        await one_process(database),
        await several_processes(environment, database),
        await length_of_stream(database),
    ]
    client.close()
    return figures


async def one_process(database: Database) -> Figure:
    async with open_log(database) as log:
        floors, runs = [], []
        for _ in range(ROUNDS):
            floors.append(await call_for(SECONDS, lambda: insert_plainly(database)))
            runs.append(await call_for(SECONDS, lambda: log.append(a_commit())))
    return throughput("P-1", f"append, {CALLERS} callers, 1 process ÷ insert_one", floors, [[run] for run in runs])


async def several_processes(environment: Environment, database: Database) -> Figure:
    floors, runs = [], []
    for _ in range(ROUNDS):
        floors.append(await call_for(SECONDS, lambda: insert_plainly(database)))
        runs.append(await append_together(environment.mongodb_url, database.name))
    name = f"append, {CALLERS} callers in each of {PROCESSES} processes ÷ insert_one"
    return throughput("P-2", name, floors, runs)


def throughput(figure_id: str, name: str, floors: list[Run], rounds: list[list[Run]]) -> Figure:
    """Return the figure of several rounds; a round is what processes reached at once, next to its own floor."""
    reached = [sum(run.per_second for run in processes) for processes in rounds]
    ratios = [value / floor.per_second for value, floor in zip(reached, floors, strict=True)]
    latency = Spread.of([value for processes in rounds for run in processes for value in run.milliseconds])
    ratio = statistics.median(ratios)
    two_sided = figure_id == "P-2"
    target = f">= {P2_RATIO}, p99 <= {P2_MILLISECONDS:.0f} ms" if two_sided else f">= {P1_RATIO}"
    met = ratio >= P2_RATIO and latency.p99 <= P2_MILLISECONDS if two_sided else ratio >= P1_RATIO
    return Figure(
        id=figure_id,
        name=name,
        value=statistics.median(reached),
        unit="commits/s",
        floor=statistics.median(floor.per_second for floor in floors),
        ratio=ratio,
        target=target,
        met=met,
        n=latency.n,
        p50=latency.p50,
        p95=latency.p95,
        p99=latency.p99,
        spread=relative_spread(ratios),
        detail={
            "ratios": ratios,
            "percentiles": "milliseconds of one append",
            "floor_p99_ms": Spread.of([value for floor in floors for value in floor.milliseconds]).p99,
        },
    )


async def append_together(url: str, database_name: str) -> list[Run]:
    """Start the processes, let them begin at the same moment, and return what each reached."""
    processes = [await start_process(url, database_name) for _ in range(PROCESSES)]
    for process in processes:
        await line_of(process)
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
    runs = [Run(**json.loads(await line_of(process))) for process in processes]
    for process in processes:
        await process.wait()
    return runs


async def start_process(url: str, database_name: str) -> Process:
    arguments = ["-m", "tests.bench._appending_process", url, database_name, str(SECONDS)]
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=PIPE, stdout=PIPE, limit=16 * 1024 * 1024
    )


async def line_of(process: Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()


async def length_of_stream(database: Database) -> Figure:
    async with open_log(database) as log:
        bench = StreamLengths(database, log)
        await bench.prepare()
        rounds = [await bench.round() for _ in range(ROUNDS)]
    ratios = [statistics.mean(long) / statistics.mean(short) for long, short in rounds]
    latency = Spread.of([value for long, _ in rounds for value in long])
    ratio = statistics.median(ratios)
    return Figure(
        id="P-3",
        name=f"one command on a stream of {LONG:,} events ÷ of {SHORT}",
        value=statistics.mean([value for long, _ in rounds for value in long]),
        unit="ms",
        floor=statistics.mean([value for _, short in rounds for value in short]),
        ratio=ratio,
        target=f"<= {P3_RATIO}",
        met=ratio <= P3_RATIO,
        n=latency.n,
        p50=latency.p50,
        p95=latency.p95,
        p99=latency.p99,
        spread=relative_spread(ratios),
        detail={"ratios": ratios, "percentiles": "milliseconds of one command on the long stream"},
    )


class StreamLengths:
    """Commands on one long stream and on many short ones, by turns; snapshots are taken as in a service."""

    def __init__(self, database: Database, log: MongoCommitLog) -> None:
        cipher = PersonalDataCipher(InMemoryKeyring())
        self._store = EventStore(log, JsonCodec(REGISTRY, cipher, UPCASTERS))
        self._snapshots: MongoSnapshots[Room] = MongoSnapshots(
            database, name="room", version=1, state_type=Room, subject_of=lambda _: None, cipher=cipher
        )
        self._long = f"room-{uuid.uuid4().hex}"

    async def prepare(self) -> None:
        """Fill the long stream; the first command on it then leaves a snapshot, as it would have long ago."""
        await self._fill(self._long, LONG, events=20)
        await self._command(self._long)

    async def round(self) -> tuple[list[float], list[float]]:
        """Return the milliseconds of commands on the long stream, and on short ones."""
        shorts = [f"room-{uuid.uuid4().hex}" for _ in range(COMMANDS_A_ROUND)]
        await asyncio.gather(*(self._fill(stream_id, SHORT) for stream_id in shorts))
        long, short = [], []
        for stream_id in shorts:
            long.append(await self._command(self._long))
            short.append(await self._command(stream_id))
        return long, short

    async def _fill(self, stream_id: str, length: int, *, events: int = 1) -> None:
        """Write a stream of `length` events, so many to a commit."""
        opening = [RoomOpened(room_id=stream_id)]
        painting = [RoomPainted(colour="white", coats=1)] * (length - 1)
        history: list[DomainEvent] = [*opening, *painting]
        for version in range(0, length, events):
            await self._store.append(
                stream_id,
                history[version : version + events],
                expected_version=version,
                commit_id=uuid.uuid4().hex,
                metadata=Metadata(correlation_id="benchmark"),
            )

    async def _command(self, stream_id: str) -> float:
        began = time.perf_counter()
        await handle(
            self._store,
            stream_id,
            Paint(),
            ROOM,
            commit_id=uuid.uuid4().hex,
            metadata=Metadata(correlation_id="benchmark"),
            snapshots=self._snapshots,
        )
        return (time.perf_counter() - began) * 1000


@asynccontextmanager
async def open_log(database: Database) -> AsyncIterator[MongoCommitLog]:
    log = MongoCommitLog(database)
    await log.start()
    yield log
    await log.close()
