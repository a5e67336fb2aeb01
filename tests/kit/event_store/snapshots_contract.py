"""What all snapshots must do; each adapter's test class inherits it and gives the fixture `snapshots`."""

from ansinh_kit.event_store.snapshots import Snapshot, Snapshots

from tests.kit.event_store.rooms import Room

PAINTED = Room(status="open", coats=7)


class SnapshotsContract:
    async def test_a_stream_without_a_snapshot_has_none(self, snapshots: Snapshots[Room]) -> None:
        assert await snapshots.find("room-1") is None

    async def test_a_snapshot_is_found_as_it_was_saved(self, snapshots: Snapshots[Room]) -> None:
        await snapshots.save("room-1", Snapshot(PAINTED, 12))
        assert await snapshots.find("room-1") == Snapshot(PAINTED, 12)
        assert await snapshots.find("room-2") is None

    async def test_a_newer_snapshot_replaces_an_older_one(self, snapshots: Snapshots[Room]) -> None:
        await snapshots.save("room-1", Snapshot(Room(), 3))
        await snapshots.save("room-1", Snapshot(PAINTED, 12))
        assert await snapshots.find("room-1") == Snapshot(PAINTED, 12)

    async def test_an_older_snapshot_never_replaces_a_newer_one(self, snapshots: Snapshots[Room]) -> None:
        await snapshots.save("room-1", Snapshot(PAINTED, 12))
        await snapshots.save("room-1", Snapshot(Room(), 3))
        assert await snapshots.find("room-1") == Snapshot(PAINTED, 12)
