import pytest
from ansinh_kit.database import Database
from ansinh_kit.event_store.mongo import MongoSnapshots
from ansinh_kit.event_store.snapshots import InMemorySnapshots, Snapshot
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher, TamperedDataError
from ansinh_kit.personal_data.keyring import InMemoryKeyring

from tests.kit.event_store.rooms import Room
from tests.kit.event_store.snapshots_contract import PAINTED, SnapshotsContract

GUEST = "0f" * 16
VISITED = Room(status="open", guest_id=GUEST, guest_name="Nguyễn Thị Mẫu")


class RoomWithFloor(Room):
    floor: int = 0


def guest_of(room: Room) -> str | None:
    return room.guest_id


def open_snapshots(
    database: Database, keyring: InMemoryKeyring | None = None, *, version: int = 1, state_type: type[Room] = Room
) -> MongoSnapshots[Room]:
    return MongoSnapshots(
        database,
        name="room",
        version=version,
        state_type=state_type,
        subject_of=guest_of,
        cipher=PersonalDataCipher(keyring or InMemoryKeyring()),
    )


class TestInMemorySnapshots(SnapshotsContract):
    @pytest.fixture
    def snapshots(self) -> InMemorySnapshots[Room]:
        return InMemorySnapshots()


@pytest.mark.mongo
class TestMongoSnapshots(SnapshotsContract):
    @pytest.fixture
    def snapshots(self, database: Database) -> MongoSnapshots[Room]:
        return open_snapshots(database)


@pytest.mark.mongo
async def test_a_snapshot_of_another_version_is_thrown_away(database: Database) -> None:
    await open_snapshots(database).save("room-1", Snapshot(PAINTED, 12))
    newer = open_snapshots(database, version=2)
    assert await newer.find("room-1") is None
    await newer.save("room-1", Snapshot(PAINTED, 5))
    assert await newer.find("room-1") == Snapshot(PAINTED, 5)


@pytest.mark.mongo
async def test_a_snapshot_of_another_shape_is_thrown_away_without_being_told(database: Database) -> None:
    await open_snapshots(database).save("room-1", Snapshot(PAINTED, 12))
    assert await open_snapshots(database, state_type=RoomWithFloor).find("room-1") is None


@pytest.mark.mongo
@pytest.mark.sec("PII-01")
async def test_a_state_with_a_subject_is_stored_encrypted(database: Database) -> None:
    snapshots = open_snapshots(database)
    await snapshots.save("room-1", Snapshot(VISITED, 3))
    assert await snapshots.find("room-1") == Snapshot(VISITED, 3)
    assert "Mẫu" not in repr(await database["snapshots_room"].find_one({}))


@pytest.mark.mongo
@pytest.mark.sec("PII-06")
async def test_the_snapshot_of_an_erased_subject_is_gone_and_not_made_again(database: Database) -> None:
    keyring = InMemoryKeyring()
    snapshots = open_snapshots(database, keyring)
    await snapshots.save("room-1", Snapshot(VISITED, 3))
    await keyring.forget(GUEST)
    assert await snapshots.find("room-1") is None
    await snapshots.save("room-1", Snapshot(VISITED, 9))
    assert await snapshots.find("room-1") is None


@pytest.mark.mongo
@pytest.mark.sec("PII-03")
async def test_a_snapshot_moved_to_another_stream_is_refused(database: Database) -> None:
    snapshots = open_snapshots(database)
    await snapshots.save("room-1", Snapshot(VISITED, 3))
    document = await database["snapshots_room"].find_one({"_id": "room-1"})
    assert document is not None
    await database["snapshots_room"].insert_one({**document, "_id": "room-2"})
    with pytest.raises(TamperedDataError):
        await snapshots.find("room-2")


async def test_saving_without_a_server_raises_nothing() -> None:
    client = connect("mongodb://127.0.0.1:1/", app_name="test", timeout_seconds=0.05)
    await open_snapshots(client.database("nowhere")).save("room-1", Snapshot(PAINTED, 3))
    client.close()
