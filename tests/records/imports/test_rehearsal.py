"""A rehearsed log is a log like any other, and leaves nothing in the real one."""

from collections.abc import Iterator

import pytest
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.testing.clock import FixedClock
from records.storage.rehearsal import RehearsalLog

from tests.kit.event_store.commit_log_contract import CommitLogContract
from tests.kit.event_store.commits import commit_of, names, read_everything


class TestRehearsalLog(CommitLogContract):
    @pytest.fixture
    def log(self) -> Iterator[RehearsalLog]:
        log = RehearsalLog(InMemoryCommitLog(), FixedClock())
        yield log
        log.close()


async def test_what_is_rehearsed_follows_what_is_real_and_stays_out_of_it() -> None:
    real = InMemoryCommitLog()
    await real.append(commit_of("a", "b"))
    rehearsal = RehearsalLog(real, FixedClock())
    await rehearsal.append(commit_of("c", after=2))
    await rehearsal.append(commit_of("d", stream="room-2"))
    assert names(await rehearsal.read_stream("room-1")) == ["a", "b", "c"]
    assert names(await read_everything(rehearsal, limit=1)) == ["a", "b", "c", "d"]
    assert names(await read_everything(real)) == ["a", "b"]
    rehearsal.close()
