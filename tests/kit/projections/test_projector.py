import asyncio
from collections.abc import AsyncIterator

import pytest
from ansinh_kit.database import Database, Document
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import ERASED, DomainEvent, Metadata
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.projections.documents import DocumentCodec
from ansinh_kit.projections.folding import Folded
from ansinh_kit.projections.follower import Follower
from ansinh_kit.projections.generations import GenerationGoneError, NoEarlierGenerationError
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.rebuild import Progress, rebuild
from ansinh_kit.projections.stored_documents import StoredDocuments
from ansinh_kit.projections.view import View
from ansinh_kit.testing.plain_codec import PlainCodec

from tests.kit.projections.visits import REGISTRY, RoomClosed, RoomOpened, Rooms, VisitorCame

pytestmark = pytest.mark.mongo

NAME = "Nguyễn Văn Mẫu"


class Fixture:
    """One service's worth of objects: a log in memory, the read model on the real server."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = EventStore(InMemoryCommitLog(), PlainCodec(REGISTRY))
        self.keyring = InMemoryKeyring()
        self.cipher = PersonalDataCipher(self.keyring)
        self.view = View(database=database, projection=Rooms(), cipher=self.cipher)
        self._commits = 0

    def projector(self) -> Projector:
        return Projector(store=self.store, database=self.database, projection=Rooms(), cipher=self.cipher)

    def follower(self) -> Follower:
        return Follower(store=self.store, database=self.database, projectors=[self.projector()])

    async def record(self, *events: DomainEvent) -> int:
        self._commits += 1
        result = await self.store.append(
            f"stream-{self._commits}",
            events,
            expected_version=0,
            commit_id=f"commit-{self._commits}",
            metadata=Metadata(correlation_id="c"),
        )
        return result.position

    async def project(self) -> None:
        projector = self.projector()
        await projector.catch_up(await projector.generations.active_or_first())

    async def everything(self) -> list[Document]:
        return await self.view.find({}, sort=[("_id", 1)], limit=1000)


@pytest.fixture
async def rooms(mongo_url: str, database_name: str) -> AsyncIterator[Fixture]:
    client = connect(mongo_url, app_name="test-projections")
    yield Fixture(client.database(database_name))
    client.close()


def opened(room: str) -> RoomOpened:
    return RoomOpened(room=room, keeper_id=f"keeper-of-{room}", keeper_name=NAME)


async def test_a_view_shows_what_happened(rooms: Fixture) -> None:
    await rooms.record(opened("a"))
    await rooms.record(VisitorCame(room="a"), VisitorCame(room="a"))

    await rooms.project()

    assert await rooms.view.get("a") == {"keeper_id": "keeper-of-a", "keeper_name": NAME, "visitors": 2}


async def test_a_removed_document_is_neither_got_nor_found_nor_counted(rooms: Fixture) -> None:
    await rooms.record(opened("a"), RoomClosed(room="a"))

    await rooms.project()

    assert await rooms.view.get("a") is None
    assert await rooms.everything() == []
    assert await rooms.view.count({}) == 0


async def test_personal_fields_lie_encrypted_and_read_erased_once_the_key_is_gone(rooms: Fixture) -> None:
    await rooms.record(opened("a"))
    await rooms.project()

    stored = await rooms.database["view_rooms_v1_g1"].find_one({"_id": "a"})
    await rooms.keyring.forget("keeper-of-a")
    document = await rooms.view.get("a")

    assert NAME not in repr(stored)
    assert document is not None
    assert document["keeper_name"] == ERASED


async def test_an_erased_person_does_not_stop_the_view(rooms: Fixture) -> None:
    await rooms.record(opened("a"))
    await rooms.project()
    await rooms.keyring.forget("keeper-of-a")

    await rooms.record(VisitorCame(room="a"))
    await rooms.project()

    assert await rooms.view.get("a") == {"keeper_id": "keeper-of-a", "keeper_name": ERASED, "visitors": 1}


async def test_a_crash_between_documents_and_checkpoint_counts_nobody_twice(rooms: Fixture) -> None:
    await rooms.record(opened("a"))
    await rooms.record(VisitorCame(room="a"))
    projector = rooms.projector()
    first = await projector.generations.active_or_first()
    await projector.catch_up(first)

    await projector.catch_up(first)  # the generation as it was before the checkpoint moved

    document = await rooms.view.get("a")
    assert document is not None
    assert document["visitors"] == 1


async def test_rival_projectors_end_in_the_same_view(rooms: Fixture) -> None:
    for room in "abcdef":
        await rooms.record(opened(room))
        await rooms.record(*[VisitorCame(room=room)] * 3)

    await asyncio.gather(*[rooms.project() for _ in range(4)])

    assert [document["visitors"] for document in await rooms.everything()] == [3] * 6


async def test_rebuilt_equals_live_and_the_old_build_can_be_taken_back(rooms: Fixture) -> None:
    for room in "abc":
        await rooms.record(opened(room))
    await rooms.record(RoomClosed(room="b"))
    await rooms.project()
    live = await rooms.everything()
    steps: list[Progress] = []

    projector = rooms.projector()
    generation = await rebuild(projector, rooms.store, report=steps.append)

    assert await rooms.everything() == live
    assert generation.number == 2
    assert steps[-1] == Progress(position=4, last_position=4, events=4)
    await rooms.record(VisitorCame(room="a"))
    back = await projector.generations.roll_back()
    assert back.number == 1
    await rooms.project()
    assert [document["visitors"] for document in await rooms.everything()] == [1, 0]


async def test_what_is_dropped_cannot_be_rolled_back_to(rooms: Fixture) -> None:
    projector = rooms.projector()
    await rooms.record(opened("a"))
    await rooms.project()
    await rebuild(projector, rooms.store, report=lambda _: None)

    assert await projector.generations.drop_inactive() == ["view_rooms_v1_g1"]
    with pytest.raises(NoEarlierGenerationError):
        await projector.generations.roll_back()


async def test_a_reader_waits_for_its_own_write(rooms: Fixture) -> None:
    running = asyncio.create_task(rooms.follower().run())
    await rooms.record(opened("a"))
    position = await rooms.record(VisitorCame(room="a"))
    try:
        await rooms.view.wait_for(position, timeout_seconds=10)
        assert (await rooms.view.get("a") or {})["visitors"] == 1
    finally:
        running.cancel()


async def test_a_view_that_is_behind_says_so_instead_of_answering(rooms: Fixture) -> None:
    await rooms.projector().generations.active_or_first()

    with pytest.raises(UnavailableError, match="view rooms"):
        await rooms.view.wait_for(1, timeout_seconds=0.05)


async def test_a_page_of_a_rival_that_came_first_is_added_to_not_lost(rooms: Fixture) -> None:
    await rooms.record(opened("a"))
    ahead = rooms.projector()
    generation = await ahead.generations.active_or_first()
    documents = StoredDocuments(rooms.database[generation.collection], DocumentCodec(Rooms(), rooms.cipher))
    await documents.save({"a": Folded({"keeper_id": "k", "keeper_name": NAME, "visitors": 5}, 7)}, known=())

    # Both found no document; the rival has folded less of the log, or more.
    await documents.save({"a": Folded({"keeper_id": "k", "keeper_name": NAME, "visitors": 9}, 9)}, known=())
    await documents.save({"a": Folded({"keeper_id": "k", "keeper_name": NAME, "visitors": 6}, 8)}, known=())
    await documents.save({"a": Folded({"keeper_id": "k", "keeper_name": NAME, "visitors": 6}, 8)}, known={"a"})

    stored = await documents.load(["a"])
    assert stored == {"a": Folded({"keeper_id": "k", "keeper_name": NAME, "visitors": 9}, 9)}


@pytest.mark.parametrize("held_documents", [1, 3, 1000])
async def test_a_build_that_may_hold_few_documents_is_the_same(rooms: Fixture, held_documents: int) -> None:
    for room in "abcdefg":
        await rooms.record(opened(room))
    for _ in range(150):  # over several pages, each of which finds documents in memory, written, or both
        for room in "gfaba":
            await rooms.record(VisitorCame(room=room), VisitorCame(room=room))
    await rooms.record(RoomClosed(room="c"))
    await rooms.project()
    live = await rooms.everything()

    await rebuild(rooms.projector(), rooms.store, report=lambda _: None, held_documents=held_documents)

    assert await rooms.everything() == live
    assert [document["visitors"] for document in live] == [600, 300, 0, 0, 300, 300]


async def test_a_rebuild_while_writing_goes_on_shows_all_of_it_at_the_switch(rooms: Fixture) -> None:
    for room in "abc":
        await rooms.record(opened(room))
    steps: list[Progress] = []

    async def write() -> None:
        for _ in range(1500):
            await rooms.record(VisitorCame(room="b"))

    writing = asyncio.create_task(write())
    await rebuild(rooms.projector(), rooms.store, report=steps.append)
    switched_at = (await rooms.projector().generations.active_or_first()).position
    await writing
    await rooms.project()

    assert steps == sorted(steps, key=lambda step: step.position)
    assert switched_at >= steps[-1].position
    assert [document["visitors"] for document in await rooms.everything()] == [0, 1500, 0]


async def test_a_rebuild_that_is_cut_short_leaves_the_live_view_and_its_readers_alone(rooms: Fixture) -> None:
    await rooms.record(opened("a"))
    await rooms.project()

    def cut_short(_: Progress) -> None:
        raise UnavailableError("mongodb")

    with pytest.raises(UnavailableError):
        await rebuild(rooms.projector(), rooms.store, report=cut_short)

    await rooms.record(VisitorCame(room="a"))
    await rooms.project()
    assert [document["visitors"] for document in await rooms.everything()] == [1]
    assert (await rooms.projector().generations.active_or_first()).number == 1


async def test_a_build_that_was_dropped_meanwhile_is_never_switched_to(rooms: Fixture) -> None:
    await rooms.record(opened("a"))
    await rooms.project()
    generations = rooms.projector().generations
    built = await generations.start_next()

    await generations.drop_inactive()

    with pytest.raises(GenerationGoneError):
        await generations.switch_to(built)
    assert len(await rooms.everything()) == 1
