"""What every log must do; each adapter's test class inherits it and gives the fixture `log`."""

import asyncio
from datetime import UTC

import pytest
from ansinh_kit.errors import ConcurrencyConflictError
from ansinh_kit.event_store.commit_log import Commit, CommitIdReusedError, CommitLog, StoredEvent

from tests.kit.event_store.commits import commit_of, names, read_everything


class CommitLogContract:
    async def test_a_commit_is_read_back_as_it_was_answered(self, log: CommitLog) -> None:
        outcome = await log.append(commit_of("opened", "painted", actor="staff-1"))
        assert not outcome.repeated
        assert await log.read_stream("room-1") == [outcome.commit]
        assert (await log.read_after(0, limit=10)).commits == [outcome.commit]
        assert await log.find_commit(outcome.commit.commit_id) == outcome.commit

    async def test_an_event_keeps_its_data_and_its_encrypted_part(self, log: CommitLog) -> None:
        event = StoredEvent(
            event_id="e-1",
            event_type="opened",
            schema_version=3,
            data={"text": "Phòng họp", "none": None, "list": [1, {"a": 2.5}], "big": 2**53},
            personal={"alg": "A256GCM", "key": 1, "nonce": b"\x00" * 12, "ciphertext": b"\xff\x00"},
        )
        asked = commit_of()
        await log.append(type(asked)(asked.stream_id, 0, [event], asked.commit_id, asked.metadata))
        assert (await log.read_stream("room-1"))[0].events == (event,)

    async def test_a_commit_says_when_it_was_recorded_in_utc(self, log: CommitLog) -> None:
        outcome = await log.append(commit_of())
        assert outcome.commit.recorded_at.tzinfo is UTC or outcome.commit.recorded_at.utcoffset() is not None

    async def test_versions_count_events_and_positions_grow(self, log: CommitLog) -> None:
        first = (await log.append(commit_of("opened", "painted"))).commit
        second = (await log.append(commit_of("closed", after=2))).commit
        assert (first.first_version, first.last_version, second.first_version, second.last_version) == (1, 2, 3, 3)
        assert 0 < first.position < second.position

    async def test_a_stream_that_does_not_exist_is_empty(self, log: CommitLog) -> None:
        assert await log.read_stream("nobody") == []
        assert await log.find_commit("nobody") is None

    async def test_an_empty_log_has_read_through_what_was_asked(self, log: CommitLog) -> None:
        page = await log.read_after(0, limit=10)
        assert (page.commits, page.read_through) == ([], 0)
        assert await log.last_position() == 0

    @pytest.mark.parametrize(
        ("after_version", "expected"),
        [(0, ["a", "b", "c", "d"]), (1, ["a", "b", "c", "d"]), (2, ["c", "d"]), (3, ["d"]), (4, []), (9, [])],
    )
    async def test_reading_after_a_version_gives_the_commits_that_reach_beyond_it(
        self, log: CommitLog, after_version: int, expected: list[str]
    ) -> None:
        await log.append(commit_of("a", "b"))
        await log.append(commit_of("c", after=2))
        await log.append(commit_of("d", after=3))
        assert names(await log.read_stream("room-1", after_version=after_version)) == expected

    async def test_reading_inside_the_last_commit_gives_that_commit(self, log: CommitLog) -> None:
        await log.append(commit_of("a"))
        await log.append(commit_of("b", "c", "d", after=1))
        assert names(await log.read_stream("room-1", after_version=3)) == ["b", "c", "d"]

    async def test_pages_together_hold_every_commit_once_in_order(self, log: CommitLog) -> None:
        written = [(await log.append(commit_of(str(number), stream=f"room-{number}"))).commit for number in range(7)]
        assert await read_everything(log, limit=3) == written
        assert await log.last_position() == written[-1].position

    async def test_many_streams_read_at_once_are_as_each_alone(self, log: CommitLog) -> None:
        for number in range(5):
            await log.append(commit_of("a", "b", stream=f"room-{number}"))
            await log.append(commit_of("c", after=2, stream=f"room-{number}"))
        asked = ["room-3", "room-1", "nobody"]
        assert await log.read_streams(asked) == {stream: await log.read_stream(stream) for stream in asked}
        assert await log.read_streams([]) == {}

    async def test_a_commit_may_follow_what_was_read_with_many_streams(self, log: CommitLog) -> None:
        await log.append(commit_of("a", "b"))
        (commit,) = (await log.read_streams(["room-1", "room-2"]))["room-1"]
        await log.append(commit_of("c", after=commit.last_version))
        await log.append(commit_of("d", stream="room-2"))
        assert [names(commits) for commits in (await log.read_streams(["room-1", "room-2"])).values()] == [
            ["a", "b", "c"],
            ["d"],
        ]

    @pytest.mark.parametrize("wrong_version", [0, 1, 3, 5], ids=["passed", "inside", "inside later", "beyond"])
    async def test_only_the_version_at_which_the_stream_stands_may_be_followed(
        self, log: CommitLog, wrong_version: int
    ) -> None:
        await log.append(commit_of("a", "b"))
        await log.append(commit_of("c", "d", after=2))
        with pytest.raises(ConcurrencyConflictError):
            await log.append(commit_of("x", after=wrong_version))
        assert names(await log.read_stream("room-1")) == ["a", "b", "c", "d"]

    async def test_a_stream_that_does_not_exist_stands_at_zero(self, log: CommitLog) -> None:
        with pytest.raises(ConcurrencyConflictError):
            await log.append(commit_of(after=1))

    async def test_a_refused_commit_leaves_nothing_behind(self, log: CommitLog) -> None:
        await log.append(commit_of("a"))
        with pytest.raises(ConcurrencyConflictError):
            await log.append(commit_of("b", commit_id="refused"))
        assert await log.find_commit("refused") is None
        await log.append(commit_of("c", stream="room-2"))
        assert names(await read_everything(log)) == ["a", "c"]

    async def test_of_many_writers_at_one_version_one_wins(self, log: CommitLog) -> None:
        answers = await asyncio.gather(
            *(log.append(commit_of(str(number))) for number in range(20)), return_exceptions=True
        )
        assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
        assert sum(isinstance(answer, ConcurrencyConflictError) for answer in answers) == 19
        assert len(await log.read_stream("room-1")) == 1

    async def test_commits_of_many_callers_are_all_written(self, log: CommitLog) -> None:
        outcomes = await asyncio.gather(*(log.append(commit_of(stream=f"room-{n}")) for n in range(50)))
        written: list[Commit] = sorted((outcome.commit for outcome in outcomes), key=lambda commit: commit.position)
        assert await read_everything(log) == written

    async def test_the_same_commit_id_gives_the_first_answer(self, log: CommitLog) -> None:
        first = await log.append(commit_of("a", commit_id="once"))
        again = await log.append(commit_of("a", commit_id="once"))
        assert (again.commit, again.repeated) == (first.commit, True)

    async def test_the_first_answer_is_given_however_far_the_stream_has_moved(self, log: CommitLog) -> None:
        first = await log.append(commit_of("a", "b", commit_id="once"))
        await log.append(commit_of("c", after=2))
        for version in (0, 1, 2, 3, 8):
            again = await log.append(commit_of("z", after=version, commit_id="once"))
            assert (again.commit, again.repeated) == (first.commit, True)

    async def test_the_same_commit_id_at_the_same_time_is_written_once(self, log: CommitLog) -> None:
        outcomes = await asyncio.gather(*(log.append(commit_of("a", commit_id="once")) for _ in range(10)))
        assert len({outcome.commit.position for outcome in outcomes}) == 1
        assert sum(not outcome.repeated for outcome in outcomes) == 1
        assert len(await read_everything(log)) == 1

    async def test_a_commit_id_of_another_stream_is_refused(self, log: CommitLog) -> None:
        await log.append(commit_of(commit_id="once"))
        for version in (0, 3):
            with pytest.raises(CommitIdReusedError):
                await log.append(commit_of(stream="room-2", after=version, commit_id="once"))
        assert await log.read_stream("room-2") == []

    async def test_a_barred_commit_is_never_written(self, log: CommitLog) -> None:
        assert await log.bar("late") is None
        assert await log.bar("late") is None
        for version in (0, 3):
            with pytest.raises(ConcurrencyConflictError):
                await log.append(commit_of(after=version, commit_id="late"))
        assert await log.find_commit("late") is None
        await log.append(commit_of("a"))
        assert names(await read_everything(log)) == ["a"]

    async def test_a_commit_that_came_before_the_bar_stands(self, log: CommitLog) -> None:
        first = await log.append(commit_of("a", commit_id="in time"))
        assert await log.bar("in time") == first.commit
        assert (await log.append(commit_of("a", commit_id="in time"))).commit == first.commit

    async def test_of_a_bar_and_its_commit_at_once_one_wins(self, log: CommitLog) -> None:
        for number in range(10):
            commit = commit_of("a", stream=f"room-{number}", commit_id=f"c-{number}")
            barred, appended = await asyncio.gather(
                log.bar(commit.commit_id), log.append(commit), return_exceptions=True
            )
            assert (barred is None) == isinstance(appended, ConcurrencyConflictError)

    async def test_a_commit_without_events_cannot_be_asked_for(self, log: CommitLog) -> None:
        del log
        with pytest.raises(ValueError, match="at least one event"):
            type(commit_of())("room-1", 0, [], "empty", {})

    async def test_waiting_beyond_a_position_ends_when_something_stands_there(self, log: CommitLog) -> None:
        waiting = asyncio.create_task(log.wait_beyond(0, timeout_seconds=10))
        await log.append(commit_of())
        assert await waiting
        assert await log.wait_beyond(0, timeout_seconds=0)

    async def test_waiting_in_vain_ends_in_time(self, log: CommitLog) -> None:
        outcome = await log.append(commit_of())
        assert not await log.wait_beyond(outcome.commit.position, timeout_seconds=0.02)
