"""Three writers and three readers on one log, one step at a time, in any order, with anything going wrong.

Every write of a writer stands still until a rule says what becomes of it; between any two steps writers die and come
back, readers close holes, commits are repeated through other writers, and given-up writes reach the server late.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from typing import TypeVar, cast

from ansinh_kit.database import Database
from ansinh_kit.errors import ConcurrencyConflictError, UnavailableError
from ansinh_kit.event_store.commit_log import AppendOutcome, Commit, NewCommit
from ansinh_kit.event_store.mongo import MongoCommitLog
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.kit.event_store.commits import commit_of, read_everything
from tests.kit.event_store.held_database import HeldDatabase, Verdict

WRITERS = READERS = 3
STREAMS = ["room-1", "room-2", "room-3"]
CALM_TURNS = 8
FEW = 10

Value = TypeVar("Value")


class Writer:
    """One process: its log, its view of the database, and the callers that wait for it."""

    def __init__(self, database: Database) -> None:
        self.view = HeldDatabase(database)
        self.log = MongoCommitLog(cast("Database", self.view))
        self.waiting: dict[asyncio.Task[AppendOutcome], NewCommit] = {}

    async def start(self) -> None:
        self.view.free = True
        await self.log.start()
        self.view.free = False

    def append(self, commit: NewCommit) -> None:
        self.waiting[asyncio.ensure_future(self.log.append(commit))] = commit

    async def die(self) -> None:
        """End as a killed process does: nobody is told anything."""
        writing = self.log._writing
        assert writing is not None
        for task in [*self.waiting, writing]:
            task.cancel()
        await asyncio.gather(*self.waiting, writing, return_exceptions=True)
        self.waiting.clear()
        self.view.held = None

    def at_rest(self) -> bool:
        """Whether nothing moves any more before a rule says so."""
        return self.view.reading == 0 and (not self.waiting or self.view.held is not None)


class Reader:
    def __init__(self, database: Database) -> None:
        self.log = MongoCommitLog(database, hole_patience_seconds=0)
        self.position = 0
        self.seen: list[Commit] = []

    async def read(self, limit: int) -> None:
        page = await self.log.read_after(self.position, limit=limit)
        assert page.read_through >= self.position
        assert all(self.position < commit.position <= page.read_through for commit in page.commits)
        self.position = page.read_through
        self.seen.extend(page.commits)


class Interleaving(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = self.run(self.open_database())
        self.writers = [self.run(self.new_writer()) for _ in range(WRITERS)]
        self.readers = [Reader(self.database) for _ in range(READERS)]
        self.asked: list[NewCommit] = []
        self.answers: dict[str, Commit] = {}
        self.refused: set[str] = set()
        self.repeated: set[str] = set()
        self.late: list[Callable[[], Awaitable[None]]] = []
        self.numbers = count(1)

    async def open_database(self) -> Database:
        """Return an empty database, usable in this machine's event loop."""
        raise NotImplementedError

    async def close_database(self) -> None:
        return

    def run(self, step: Awaitable[Value]) -> Value:
        return self.loop.run_until_complete(_as_coroutine(step))

    async def new_writer(self) -> Writer:
        writer = Writer(self.database)
        await writer.start()
        return writer

    @rule(
        writer=st.integers(0, WRITERS - 1),
        stream=st.sampled_from(STREAMS),
        events=st.integers(1, 3),
        error=st.sampled_from([0] * 12 + [-1, 1, -2, 2]),
    )
    def ask(self, writer: int, stream: str, events: int, error: int) -> None:
        """A caller reads the stream and asks for a commit, sometimes after a version the stream is not at."""
        self.run(self.ask_for(self.writers[writer], stream, events=events, error=error))

    @precondition(lambda self: self.asked)
    @rule(writer=st.integers(0, WRITERS - 1), which=st.integers(0, 3), decided_anew=st.booleans())
    def repeat(self, writer: int, which: int, decided_anew: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """A caller asks for the same commit again, through any process, whatever it was told before."""

        async def step() -> None:
            commit = self.asked[-1 - which % len(self.asked)]
            self.repeated.add(commit.commit_id)
            if decided_anew:
                commits = await self.writers[writer].log.read_stream(commit.stream_id)
                commit = replace(commit, expected_version=commits[-1].last_version if commits else 0)
            self.writers[writer].append(commit)
            await self.settle()

        self.run(step())

    @precondition(lambda self: self.holding())
    @rule(which=st.integers(0, WRITERS - 1))
    def finish_in_peace(self, which: int) -> None:
        """One process answers all its callers before anything else happens."""
        self.run(self.finish_writer(self.holding()[which % len(self.holding())]))

    @precondition(lambda self: self.holding())
    @rule(which=st.integers(0, WRITERS - 1), stream=st.sampled_from(STREAMS), reader=st.integers(0, READERS - 1))
    def overtake(self, which: int, stream: str, reader: int) -> None:
        """Another process commits behind a slow one, and a reader takes the slow one for dead."""

        async def step() -> None:
            idle = [writer for writer in self.writers if writer.view.held is None]
            if not idle:
                return
            overtaking = idle[which % len(idle)]
            await self.ask_for(overtaking, stream, events=1, error=0)
            await self.finish_writer(overtaking)
            for _ in range(3):
                await self.readers[reader].read(limit=20)

        self.run(step())

    @precondition(lambda self: self.holding())
    @rule(which=st.integers(0, WRITERS - 1), verdict=st.sampled_from([Verdict.DONE] * 15 + list(Verdict)))
    def let_go(self, which: int, verdict: Verdict) -> None:
        async def step() -> None:
            holding = self.holding()
            holding[which % len(holding)].view.let(verdict)
            await self.settle()

        self.run(step())

    @precondition(lambda self: self.holding())
    @rule(writer=st.integers(0, WRITERS - 1), after_its_write=st.booleans(), spared=st.booleans())
    def kill(self, writer: int, after_its_write: bool, spared: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        """A process dies, its last write done or not, and another takes its place."""

        async def step() -> None:
            if spared:
                return
            dying = self.holding()[writer % len(self.holding())]
            if after_its_write and dying.view.held is not None:
                dying.view.late.append(dying.view.held.whole)
                await dying.view.deliver_late_writes()
            await dying.die()
            self.late.append(dying.view.deliver_late_writes)
            self.writers[self.writers.index(dying)] = await self.new_writer()

        self.run(step())

    @rule(writer=st.integers(0, WRITERS - 1))
    def late_writes_arrive(self, writer: int) -> None:
        self.run(self.writers[writer].view.deliver_late_writes())

    @rule(reader=st.integers(0, READERS - 1), limit=st.integers(1, 6))
    def read(self, reader: int, limit: int) -> None:
        self.run(self.readers[reader].read(limit))

    async def ask_for(self, writer: Writer, stream: str, *, events: int, error: int) -> None:
        commits = await writer.log.read_stream(stream)
        after = max(0, (commits[-1].last_version if commits else 0) + error)
        commit = commit_of(*["e"] * events, stream=stream, after=after, commit_id=f"c-{next(self.numbers)}")
        self.asked.append(commit)
        writer.append(commit)
        await self.settle()

    async def finish_writer(self, writer: Writer) -> None:
        for _ in range(FEW):
            if writer.view.held is None:
                return
            writer.view.let(Verdict.DONE)
            await self.settle()

    def holding(self) -> list[Writer]:
        return [writer for writer in self.writers if writer.view.held is not None]

    async def settle(self) -> None:
        """Let everything move until each writer stands still or has nothing to do, and take down the answers."""
        calm = 0
        while calm < CALM_TURNS:
            await asyncio.sleep(0)
            self.take_answers()
            calm = calm + 1 if all(writer.at_rest() for writer in self.writers) else 0

    def take_answers(self) -> None:
        for writer in self.writers:
            for task in [task for task in writer.waiting if task.done()]:
                self.take_answer(writer.waiting.pop(task), task)

    def take_answer(self, commit: NewCommit, task: asyncio.Task[AppendOutcome]) -> None:
        try:
            outcome = task.result()
        except ConcurrencyConflictError:
            self.refused.add(commit.commit_id)
        except UnavailableError:
            return
        else:
            first = self.answers.setdefault(commit.commit_id, outcome.commit)
            assert outcome.commit == first, "the same commit id gives the same answer"

    def teardown(self) -> None:
        try:
            self.run(self.finish())
        finally:
            self.run(self.close_database())
            self.loop.close()

    async def finish(self) -> None:
        for writer in self.writers:
            await writer.die()
            await writer.view.deliver_late_writes()
        for deliver in self.late:
            await deliver()
        log = await read_everything(Reader(self.database).log)
        self.check_log(log)
        for reader in self.readers:
            reader.seen += await read_everything(reader.log, after=reader.position, limit=2)
            assert reader.seen == log, "no reader skips a commit, sees one twice, or sees another order"

    def check_log(self, log: list[Commit]) -> None:
        by_id = {commit.commit_id: commit for commit in log}
        assert len(by_id) == len(log), "no commit is in the log twice"
        assert not (self.refused - self.repeated) & by_id.keys(), "what was refused is not in the log"
        for commit_id, answer in self.answers.items():
            assert by_id[commit_id] == answer, "what was answered is in the log as it was answered"
        for stream in STREAMS:
            commits = [commit for commit in log if commit.stream_id == stream]
            versions = [commit.first_version for commit in commits]
            ends = [0, *(commit.last_version for commit in commits[:-1])]
            assert versions == [end + 1 for end in ends][: len(versions)], "dense, and in the order of positions"


async def _as_coroutine(step: Awaitable[Value]) -> Value:
    return await step
