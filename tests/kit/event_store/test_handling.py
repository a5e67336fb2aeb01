"""`handle` and `load`: the way of a command, with and without snapshots."""

import asyncio

import pytest
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.errors import ConcurrencyConflictError
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.snapshots import InMemorySnapshots, Snapshot
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.testing.plain_codec import PlainCodec

from tests.kit.event_store.rooms import REGISTRY, ROOM, Open, Paint, Room, RoomNotOpenError, RoomOpened, Welcome

STREAM = "room-1"


@pytest.fixture
def store() -> EventStore:
    return EventStore(InMemoryCommitLog(), PlainCodec(REGISTRY))


async def tell(
    store: EventStore,
    command: Open | Paint | Welcome,
    commit_id: str,
    *,
    expected_version: int | None = None,
    snapshots: InMemorySnapshots[Room] | None = None,
) -> Handled[Room]:
    return await handle(
        store,
        STREAM,
        command,
        ROOM,
        commit_id=commit_id,
        metadata=Metadata(correlation_id="story-1"),
        expected_version=expected_version,
        snapshots=snapshots,
    )


async def test_a_command_is_answered_with_version_position_events_and_state(store: EventStore) -> None:
    handled = await tell(store, Open(room_id="1"), "open")
    assert (handled.version, handled.position, handled.repeated) == (1, 1, False)
    assert [recorded.event for recorded in handled.events] == [RoomOpened(room_id="1")]
    assert handled.state == Room(status="open")


async def test_a_refusal_is_raised_and_records_nothing(store: EventStore) -> None:
    with pytest.raises(RoomNotOpenError):
        await tell(store, Paint(), "paint")
    assert await store.read_stream(STREAM) == []


async def test_a_repeated_command_gets_the_first_answer_also_when_rules_refuse_by_now(store: EventStore) -> None:
    first = await tell(store, Open(room_id="1"), "open")
    again = await tell(store, Open(room_id="1"), "open")
    assert (again.events, again.position, again.repeated) == (first.events, first.position, True)


async def test_a_command_tells_what_it_was_decided_on_also_when_it_is_repeated_much_later(store: EventStore) -> None:
    await tell(store, Open(room_id="1"), "open")
    first = await tell(store, Paint(), "paint")
    await tell(store, Paint(), "paint again")
    again = await tell(store, Paint(), "paint")
    assert (first.before.coats, first.state.coats) == (0, 1)
    assert (again.before.coats, again.state.coats) == (0, 2)


async def test_a_command_that_changes_nothing_records_nothing(store: EventStore) -> None:
    await tell(store, Open(room_id="1"), "open")
    handled = await tell(store, Open(room_id="1"), "open again")
    assert (handled.version, handled.events) == (1, ())


async def test_a_stale_version_is_refused(store: EventStore) -> None:
    await tell(store, Open(room_id="1"), "open")
    await tell(store, Paint(), "paint")
    with pytest.raises(ConcurrencyConflictError):
        await tell(store, Paint(), "again", expected_version=1)
    assert (await tell(store, Paint(), "on time", expected_version=2)).version == 3


async def test_a_repeated_command_with_a_stale_version_gets_the_first_answer(store: EventStore) -> None:
    await tell(store, Open(room_id="1"), "open", expected_version=0)
    assert (await tell(store, Open(room_id="1"), "open", expected_version=0)).repeated


async def test_lost_races_are_decided_anew(store: EventStore) -> None:
    await tell(store, Open(room_id="1"), "open")
    await asyncio.gather(*(tell(store, Paint(), f"paint-{number}") for number in range(4)))
    assert (await load(store, STREAM, ROOM)).state.coats == 4


async def test_a_long_stream_is_folded_from_its_snapshot(store: EventStore) -> None:
    snapshots = InMemorySnapshots[Room](every=5)
    await tell(store, Open(room_id="1"), "open", snapshots=snapshots)
    for number in range(10):
        await tell(store, Paint(), f"paint-{number}", snapshots=snapshots)
    assert await snapshots.find(STREAM) == Snapshot(Room(status="open", coats=9), 10)
    loaded = await load(store, STREAM, ROOM, snapshots)
    assert (loaded.state.coats, loaded.version, loaded.folded_from) == (10, 11, 10)


async def test_a_snapshot_at_the_end_of_the_stream_is_the_state(store: EventStore) -> None:
    snapshots = InMemorySnapshots[Room](every=1)
    await tell(store, Open(room_id="1"), "open", snapshots=snapshots)
    loaded = await load(store, STREAM, ROOM, snapshots)
    assert (loaded.state, loaded.version) == (Room(status="open"), 1)
    assert (await tell(store, Paint(), "paint", snapshots=snapshots)).version == 2


async def test_state_is_the_same_with_and_without_snapshots(store: EventStore) -> None:
    snapshots = InMemorySnapshots[Room](every=3)
    await tell(store, Open(room_id="1"), "open", snapshots=snapshots)
    for number in range(20):
        await tell(store, Paint(coats=number), f"paint-{number}", snapshots=snapshots)
        assert (await load(store, STREAM, ROOM, snapshots)).state == (await load(store, STREAM, ROOM)).state
