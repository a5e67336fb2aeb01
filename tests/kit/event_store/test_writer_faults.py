"""One fault at a time, each played out by hand: what `interleaving.py` finds by chance is told here as a story."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import pytest
from ansinh_kit.database import Database, DatabaseRefusedError
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.commit_log import AppendOutcome, NewCommit
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.mongo import connect

from tests.eventually import eventually
from tests.kit.event_store.commits import commit_of, names, read_everything
from tests.kit.event_store.held_database import HeldDatabase, Verdict
from tests.kit.event_store.memory_database import memory_database


class Process:
    """A process whose writes stand still until `let`, or with `free` do not."""

    def __init__(self, database: Database) -> None:
        self.view = HeldDatabase(database)
        self.log = MongoCommitLog(cast("Database", self.view), hole_patience_seconds=0)

    async def start(self) -> None:
        self.view.free = True
        await self.log.start()

    def slow_down(self) -> None:
        self.view.free = False

    def append(self, commit: NewCommit) -> asyncio.Task[AppendOutcome]:
        return asyncio.create_task(self.log.append(commit))

    async def reaches(self, kind: str) -> None:
        await eventually(lambda: self.view.held is not None and self.view.held.kind == kind, says=f"a held {kind}")

    async def let(self, kind: str, verdict: Verdict = Verdict.DONE) -> None:
        await self.reaches(kind)
        self.view.let(verdict)

    def go_on(self) -> None:
        self.view.free = True
        if self.view.held is not None:
            self.view.let(Verdict.DONE)


class Scene:
    def __init__(self) -> None:
        self.database = memory_database()
        self.slow = Process(self.database)
        self.other = Process(self.database)

    async def names(self) -> list[str]:
        return names(await read_everything(self.other.log))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    for process in (scene.slow, scene.other):
        await process.start()
    yield scene
    for process in (scene.slow, scene.other):
        process.go_on()
        await process.log.close()


async def test_a_reader_does_not_pass_a_position_that_is_still_to_be_written(scene: Scene) -> None:
    patient = MongoCommitLog(scene.database, hole_patience_seconds=30)
    scene.slow.slow_down()
    early = scene.slow.append(commit_of("early"))
    await scene.slow.let("reserve")
    await scene.slow.reaches("insert")
    await scene.other.log.append(commit_of("late", stream="room-2"))
    reading = asyncio.create_task(patient.read_after(0, limit=10))
    scene.slow.go_on()
    assert names(list((await reading).commits)) == ["early", "late"]
    assert (await early).commit.position == 1


async def test_a_writer_taken_for_dead_writes_at_a_new_position(scene: Scene) -> None:
    scene.slow.slow_down()
    slow = scene.slow.append(commit_of("slow"))
    await scene.slow.let("reserve")
    await scene.slow.reaches("insert")
    await scene.other.log.append(commit_of("quick", stream="room-2"))
    assert await scene.names() == ["quick"], "the reader has closed the hole"
    scene.slow.go_on()
    outcome = await slow
    assert (outcome.commit.position, outcome.repeated) == (3, False)
    assert await scene.names() == ["quick", "slow"]


async def test_a_dead_writers_positions_do_not_hold_readers_up(scene: Scene) -> None:
    scene.slow.slow_down()
    dead = [scene.slow.append(commit_of(stream=f"room-{number}")) for number in range(5)]
    await scene.slow.let("reserve")
    await scene.slow.let("insert", Verdict.NEVER_ARRIVED)
    await asyncio.gather(*dead, return_exceptions=True)
    await scene.other.log.append(commit_of("next", stream="room-9"))
    assert await scene.names() == ["next"]


async def test_a_writer_that_sleeps_over_its_position_cannot_break_the_order_of_a_stream(scene: Scene) -> None:
    """It reserved low positions and slept; its stream moved on at higher ones; its late commit must not go below."""
    scene.slow.slow_down()
    asleep = scene.slow.append(commit_of("asleep"))
    await scene.slow.let("reserve")
    await scene.slow.reaches("insert")
    first = await scene.other.log.append(commit_of("first"))
    following = scene.slow.append(commit_of("second", after=1))
    scene.slow.go_on()
    with pytest.raises(Exception, match="no longer at version 0"):
        await asleep
    assert (await following).commit.position > first.commit.position


async def test_a_lost_answer_is_found_again_under_the_same_commit_id(scene: Scene) -> None:
    scene.slow.slow_down()
    lost = scene.slow.append(commit_of("a", commit_id="once"))
    await scene.slow.let("reserve")
    await scene.slow.let("insert", Verdict.ANSWER_LOST)
    with pytest.raises(UnavailableError):
        await lost
    scene.slow.go_on()
    for process in (scene.slow, scene.other):
        again = await process.log.append(commit_of("a", commit_id="once"))
        assert (again.repeated, again.commit.position) == (True, 1)
    assert await scene.names() == ["a"]


async def test_a_commit_that_never_arrived_is_written_when_asked_again(scene: Scene) -> None:
    scene.slow.slow_down()
    lost = scene.slow.append(commit_of("a", commit_id="once"))
    await scene.slow.let("reserve", Verdict.ANSWER_LOST)
    with pytest.raises(UnavailableError):
        await lost
    scene.slow.go_on()
    assert not (await scene.slow.log.append(commit_of("a", commit_id="once"))).repeated


async def test_a_write_that_arrives_after_its_commit_was_repeated_changes_nothing(scene: Scene) -> None:
    scene.slow.slow_down()
    lost = scene.slow.append(commit_of("a", commit_id="once"))
    await scene.slow.let("reserve")
    await scene.slow.let("insert", Verdict.ARRIVES_LATE)
    with pytest.raises(UnavailableError):
        await lost
    again = await scene.other.log.append(commit_of("a", commit_id="once"))
    await scene.slow.view.deliver_late_writes()
    assert await read_everything(scene.other.log) == [again.commit]


async def test_the_same_commit_from_two_processes_at_once_is_written_once(scene: Scene) -> None:
    scene.slow.slow_down()
    slow = scene.slow.append(commit_of("a", commit_id="once"))
    await scene.slow.let("reserve")
    await scene.slow.reaches("insert")
    quick = await scene.other.log.append(commit_of("a", commit_id="once"))
    scene.slow.go_on()
    assert ((await slow).commit, (await slow).repeated) == (quick.commit, True)


async def test_a_caller_that_goes_away_breaks_nothing(scene: Scene) -> None:
    scene.slow.slow_down()
    gone = scene.slow.append(commit_of("gone"))
    stays = scene.slow.append(commit_of("stays", stream="room-2"))
    await scene.slow.let("reserve")
    await scene.slow.reaches("insert")
    gone.cancel()
    scene.slow.go_on()
    await stays
    await scene.slow.log.append(commit_of("next", stream="room-3"))
    assert gone.cancelled()
    assert await scene.names() == ["gone", "stays", "next"]


async def test_closing_answers_everybody_first(scene: Scene) -> None:
    scene.slow.slow_down()
    asked = [scene.slow.append(commit_of(stream=f"room-{number}")) for number in range(3)]
    await scene.slow.reaches("reserve")
    asked.append(scene.slow.append(commit_of(stream="room-9")))
    await asyncio.sleep(0)
    closing = asyncio.create_task(scene.slow.log.close())
    scene.slow.go_on()
    await closing
    assert all(task.done() and task.exception() is None for task in asked)
    with pytest.raises(UnavailableError):
        await scene.slow.log.append(commit_of(stream="room-10"))


async def test_a_refused_commit_leaves_no_hole_for_readers_to_wait_at(scene: Scene) -> None:
    await scene.slow.log.append(commit_of("a"))
    asked = [scene.slow.append(commit_of("lost", after=0)), scene.slow.append(commit_of("b", stream="room-2"))]
    await asyncio.gather(*asked, return_exceptions=True)
    patient = MongoCommitLog(scene.database, hole_patience_seconds=60)
    assert names(await read_everything(patient)) == ["a", "b"]


async def test_the_counter_is_put_beyond_the_log_at_the_start(scene: Scene) -> None:
    await scene.other.log.append(commit_of("a"))
    await scene.other.log.append(commit_of("b", after=1))
    restored = memory_database()
    for document in await scene.database["commits"].find({}).to_list():
        await restored["commits"].insert_one(document)
    process = Process(restored)
    await process.start()
    assert (await process.log.append(commit_of("c", after=2))).commit.position == 3
    await process.log.close()


@pytest.mark.mongo
async def test_a_commit_that_cannot_be_stored_fails_only_its_own_caller(database: Database) -> None:
    log = MongoCommitLog(database)
    await log.start()
    too_large = 2**70
    monster = commit_of("monster")
    monster = replace(monster, events=[monster.events[0]._replace(data={"number": too_large})])
    answers = await asyncio.gather(
        log.append(commit_of("a", stream="room-2")),
        log.append(monster),
        log.append(commit_of("b", stream="room-3")),
        return_exceptions=True,
    )
    assert isinstance(answers[1], DatabaseRefusedError)
    assert sorted(names(await read_everything(log))) == ["a", "b"]
    await log.close()


async def test_a_log_without_a_server_says_so(unused_tcp_port: int) -> None:
    client = connect(f"mongodb://127.0.0.1:{unused_tcp_port}/", app_name="test", timeout_seconds=0.1)
    with pytest.raises(UnavailableError):
        await MongoCommitLog(client.database("nowhere")).start()
    client.close()
