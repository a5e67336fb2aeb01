"""`handle_all`: what each command comes to is what it would have come to alone."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest
from ansinh_kit.batch_handling import Asked, handle_all
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.errors import DomainError, UnavailableError
from ansinh_kit.event_store.commit_log import AppendOutcome, Commit, NewCommit
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, Metadata
from ansinh_kit.testing.plain_codec import PlainCodec

from tests.kit.event_store.rooms import REGISTRY, ROOM, Open, Paint, Room, RoomNotOpenError, RoomOpened, Welcome

Command = Open | Paint | Welcome
STORY = Metadata(correlation_id="story-1")


class OvertakenLog(InMemoryCommitLog):
    """A log in which somebody opens a room just after it was read."""

    overtaking: NewCommit | None = None

    async def read_streams(self, stream_ids: Collection[str]) -> dict[str, list[Commit]]:
        streams = await super().read_streams(stream_ids)
        if self.overtaking is not None:
            await self.append(self.overtaking)
            self.overtaking = None
        return streams


class BrokenLog(InMemoryCommitLog):
    """A log that takes no commit to room 2, and every other one late."""

    async def append(self, commit: NewCommit) -> AppendOutcome:
        if commit.stream_id == "room-2":
            raise UnavailableError("mongodb")
        await asyncio.sleep(0)
        return await super().append(commit)


class LateLog(InMemoryCommitLog):
    """A log that writes in another turn than the one in which it is asked to."""

    written = 0

    async def append(self, commit: NewCommit) -> AppendOutcome:
        await asyncio.sleep(0)
        self.written += 1
        return await super().append(commit)


def store_over(log: InMemoryCommitLog) -> EventStore:
    return EventStore(log, PlainCodec(REGISTRY))


def asked(number: int, command: Command | None = None, *, commit: str = "open") -> Asked[Command]:
    return Asked(f"room-{number}", command or Open(room_id=str(number)), f"{commit}-{number}")


async def tell_all(store: EventStore, commands: Sequence[Asked[Command]]) -> list[Handled[Room] | DomainError]:
    return await handle_all(store, commands, ROOM, metadata=STORY)


async def test_every_command_is_answered_in_its_place() -> None:
    store = store_over(InMemoryCommitLog())
    await tell_all(store, [asked(1), asked(2)])
    painted, refused, opened = await tell_all(
        store, [asked(1, Paint(), commit="p"), asked(3, Paint(), commit="p"), asked(4)]
    )
    assert isinstance(painted, Handled)
    assert (painted.version, painted.state.coats) == (2, 1)
    assert isinstance(refused, RoomNotOpenError)
    assert isinstance(opened, Handled)
    assert [recorded.event for recorded in opened.events] == [RoomOpened(room_id="4")]
    assert await store.read_stream("room-3") == []


async def test_a_batch_repeated_writes_nothing_and_gives_the_first_answers() -> None:
    store = store_over(InMemoryCommitLog())
    first = await tell_all(store, [asked(1), asked(2)])
    again = await tell_all(store, [asked(2), asked(1)])
    assert await store.last_position() == 2
    assert all(isinstance(answer, Handled) and answer.repeated for answer in again)
    assert [answer.events for answer in again[::-1] if isinstance(answer, Handled)] == [
        answer.events for answer in first if isinstance(answer, Handled)
    ]


async def test_a_batch_tells_what_its_commands_were_decided_on_also_when_it_is_repeated() -> None:
    store = store_over(InMemoryCommitLog())
    await tell_all(store, [asked(1)])
    await tell_all(store, [asked(1, Paint(), commit="first")])
    await tell_all(store, [asked(1, Paint(), commit="second")])
    (again,) = await tell_all(store, [asked(1, Paint(), commit="first")])
    assert isinstance(again, Handled)
    assert (again.before.coats, again.state.coats) == (0, 2)


async def test_the_first_of_a_large_batch_are_written_while_the_last_ones_are_decided_on() -> None:
    log = LateLog()
    written_when_decided: list[int] = []

    def decide(command: Command, state: Room) -> Sequence[DomainEvent]:
        written_when_decided.append(log.written)
        return ROOM.decide(command, state)

    watched = replace(ROOM, decide=decide)
    await handle_all(store_over(log), [asked(number) for number in range(40)], watched, metadata=STORY)
    assert 0 < written_when_decided[-1] < log.written == 40


async def test_a_command_overtaken_since_the_read_is_decided_anew() -> None:
    log = OvertakenLog()
    store = store_over(log)
    await tell_all(store, [asked(1), asked(2)])
    opened = await PlainCodec(REGISTRY).encode_all([RoomOpened(room_id="3")], stream_id="room-3", event_ids=["e"])
    log.overtaking = NewCommit("room-3", 0, opened, "somebody", {"correlation_id": "other"})
    answers = await tell_all(store, [asked(1, Paint(), commit="p"), asked(3)])
    assert [answer.version for answer in answers if isinstance(answer, Handled)] == [2, 1]
    assert [event.commit_id for event in await store.read_stream("room-3")] == ["somebody"]


async def test_a_failure_is_told_when_all_other_appends_are_finished() -> None:
    store = store_over(BrokenLog())
    with pytest.raises(UnavailableError):
        await tell_all(store, [asked(number) for number in range(1, 5)])
    assert [len(await store.read_stream(f"room-{number}")) for number in range(1, 5)] == [1, 0, 1, 1]


async def test_a_batch_comes_to_what_its_commands_come_to_one_by_one() -> None:
    together, alone = store_over(InMemoryCommitLog()), store_over(InMemoryCommitLog())
    commands = [
        *(asked(number) for number in range(6)),
        *(asked(number, Paint(), commit="p") for number in range(6, 9)),
    ]
    await tell_all(together, commands)
    for one in commands:
        try:
            await handle(alone, one.stream_id, one.command, ROOM, commit_id=one.commit_id, metadata=STORY)
        except RoomNotOpenError:
            continue
    for one in commands:
        assert await load(together, one.stream_id, ROOM) == await load(alone, one.stream_id, ROOM)
