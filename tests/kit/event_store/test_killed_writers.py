"""Writers killed without warning while they write: what they acknowledged is in the log (R-1)."""

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from ansinh_kit.database import Database
from ansinh_kit.event_store.commit_log import Commit
from ansinh_kit.event_store.mongo import MongoCommitLog

from tests.kit.event_store.commits import read_everything

ROOT = Path(__file__).parents[3]
ROUNDS = 10
ALIVE_AT_ONCE = 2


async def start_process(mongo_url: str, database_name: str, name: str) -> Process:
    arguments = ["-m", "tests.kit.event_store.committing_process", mongo_url, database_name, name]
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE, cwd=ROOT)


async def kill_after(process: Process, lines: int) -> dict[str, int]:
    """Kill it once it has acknowledged so many commits; return all it ever acknowledged."""
    assert process.stdout is not None
    acknowledged = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    acknowledged += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    whole = [line.decode().split() for line in acknowledged if line.endswith(b"\n")]
    assert whole, "it died before it wrote anything"
    return {commit_id: int(position) for commit_id, position in whole}


@pytest.mark.mongo
@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_when_writers_are_killed(
    database: Database, mongo_url: str, database_name: str
) -> None:
    reader = MongoCommitLog(database)
    await reader.start()
    acknowledged: dict[str, int] = {}
    seen: list[Commit] = []
    alive = [await start_process(mongo_url, database_name, f"writer-{number}") for number in range(ALIVE_AT_ONCE)]
    for number in range(ROUNDS):
        acknowledged |= await kill_after(alive.pop(0), lines=random.randint(1, 30))  # noqa: S311 - any moment will do
        alive.append(await start_process(mongo_url, database_name, f"writer-{ALIVE_AT_ONCE + number}"))
        seen += await read_everything(reader, after=seen[-1].position if seen else 0)
    for process in alive:
        acknowledged |= await kill_after(process, lines=1)
    seen += await read_everything(reader, after=seen[-1].position)

    # A commit of the last to die may still be on its way: another pass makes sure that the end is the end.
    log = await read_everything(reader)
    assert seen == log[: len(seen)], "a live reader saw what is in the log, in its order"
    positions = {commit.commit_id: commit.position for commit in log}
    assert len(positions) == len(log)
    assert acknowledged.items() <= positions.items()
    for stream in {commit.stream_id for commit in log}:
        versions = [commit.first_version for commit in log if commit.stream_id == stream]
        assert versions == [1 + 2 * index for index in range(len(versions))]
    await reader.close()
