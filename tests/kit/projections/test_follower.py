"""Several read models kept current by one reading of the log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from ansinh_kit.database import Database
from ansinh_kit.events import DomainEvent
from ansinh_kit.http.health import NotReadyError
from ansinh_kit.mongo import connect
from ansinh_kit.projections.reading_ahead import PAGE_COMMITS
from ansinh_kit.projections.rebuild import rebuild
from ansinh_kit.projections.registry import REGISTRY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.eventually import eventually
from tests.kit.projections.followed import Followed, RoomsOf
from tests.kit.projections.test_folding import opened
from tests.kit.projections.visits import RoomClosed, VisitorCame

pytestmark = pytest.mark.mongo


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="test-follower")
    yield client.database(database_name)
    client.close()


rooms = st.sampled_from("abcd")
events = st.one_of(
    rooms.map(opened), rooms.map(lambda room: VisitorCame(room=room)), rooms.map(lambda room: RoomClosed(room=room))
)
interests = st.lists(st.frozensets(rooms), min_size=1, max_size=4)


@given(
    interests,
    st.lists(st.lists(events, min_size=1, max_size=3), min_size=1, max_size=20),
    st.frozensets(st.integers(1, 8), max_size=4),
    st.integers(1, 3),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_lost_and_however_many_follow_each_view_is_the_fold_of_the_log(
    database: Database,
    interested: list[frozenset[str]],
    commits: list[list[DomainEvent]],
    lost_writes: frozenset[int],
    followers: int,
) -> None:
    await _forget_all(database)
    followed = Followed(database, [RoomsOf(f"rooms_{number}", each) for number, each in enumerate(interested)])
    followed.watched.lost_writes = set(lost_writes)

    async with AsyncExitStack() as running:
        for _ in range(followers):
            await running.enter_async_context(followed.following())
        for commit in commits:
            await followed.record(*commit)
            await asyncio.sleep(0)
        shown = [await followed.shown(each) for each in followed.projections]

    assert shown == [await followed.expected(each) for each in followed.projections]
    followed.watched.lost_writes.clear()
    for each in followed.projections:
        await rebuild(followed.projector(each), followed.store, report=lambda _: None)
    assert [await followed.shown(each) for each in followed.projections] == shown


async def test_a_view_without_a_thing_to_fold_is_not_waited_for_in_vain(database: Database) -> None:
    concerned, untouched = RoomsOf("concerned", "a"), RoomsOf("untouched", "")
    followed = Followed(database, [concerned, untouched])
    async with followed.following():
        position = await followed.record(opened("a"))

        await followed.view(untouched).wait_for(position, timeout_seconds=10)


async def test_a_page_is_read_once_and_all_checkpoints_move_with_one_write(database: Database) -> None:
    concerned, untouched = RoomsOf("concerned", "ab"), [RoomsOf(f"untouched_{number}", "") for number in range(5)]
    followed = Followed(database, [concerned, *untouched])
    await followed.record(opened("a"), opened("b"))
    async with followed.following():
        await followed.shown(concerned)

    calls = followed.watched.calls
    assert calls[REGISTRY, "update_many"] == 1
    assert {collection: calls[collection, "bulk_write"] for collection, kind in calls if kind == "bulk_write"} == {
        "view_concerned_v1_g1": 1
    }


async def test_what_cannot_take_its_events_says_so_and_holds_up_nobody(database: Database) -> None:
    healthy, ill = RoomsOf("healthy", "ab"), RoomsOf("ill", "ab")
    ill.broken.add("a")
    followed = Followed(database, [healthy, ill])
    async with followed.following() as follower:
        await followed.record(opened("a"))
        await followed.record(opened("b"))

        assert (await followed.shown(healthy)).keys() == {"a", "b"}
        assert await followed.view(ill).get("b") is None
        await follower.views[0].check()
        with pytest.raises(NotReadyError, match="ill"):
            await follower.views[1].check()

        ill.broken.clear()
        assert await followed.shown(ill) == await followed.expected(ill)
        await eventually(lambda: not follower.views[1].alone)
        await follower.views[1].check()


async def test_what_the_server_refuses_of_one_view_holds_up_nobody(database: Database) -> None:
    healthy, ill = RoomsOf("healthy", "ab"), RoomsOf("ill", "ab")
    ill.unwritable.add("a")
    followed = Followed(database, [healthy, ill])
    async with followed.following() as follower:
        await followed.record(opened("a"))
        await followed.record(opened("b"))

        assert (await followed.shown(healthy)).keys() == {"a", "b"}
        with pytest.raises(NotReadyError, match="ill"):
            await follower.views[1].check()

        ill.unwritable.clear()
        assert await followed.shown(ill) == await followed.shown(healthy)


async def test_a_new_view_far_behind_catches_up_without_keeping_the_others_back(database: Database) -> None:
    old, new = RoomsOf("old", "a"), RoomsOf("new", "a")
    followed = Followed(database, [old, new])
    await followed.record(opened("a"))
    for _ in range(PAGE_COMMITS + 1):
        await followed.record(VisitorCame(room="a"))
    async with followed.following(old):
        await followed.shown(old)

    followed.store.held[0] = asyncio.Event()
    async with followed.following():
        await followed.record(VisitorCame(room="a"))
        assert (await followed.shown(old))["a"]["visitors"] == PAGE_COMMITS + 2
        assert await followed.view(new).get("a") is None

        followed.store.held[0].set()
        assert await followed.shown(new) == await followed.shown(old)


async def test_a_view_switched_and_taken_back_meanwhile_goes_on_from_where_it_stood(database: Database) -> None:
    switched, other = RoomsOf("switched", "a"), RoomsOf("other", "a")
    followed = Followed(database, [switched, other])
    generations = followed.projector(switched).generations
    async with followed.following():
        await followed.record(opened("a"))
        await followed.shown(switched)
        await rebuild(followed.projector(switched), followed.store, report=lambda _: None)
        await followed.record(VisitorCame(room="a"))
        assert (await followed.shown(switched))["a"]["visitors"] == 1

        assert (await generations.roll_back()).number == 1

        assert (await followed.shown(switched))["a"]["visitors"] == 1
        await followed.record(VisitorCame(room="a"))
        assert await followed.shown(switched) == await followed.shown(other)


async def _forget_all(database: Database) -> None:
    for name in await database.list_collection_names():
        await database.drop_collection(name)
