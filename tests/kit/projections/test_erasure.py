"""What erasing takes away of a person, and what it leaves of the others."""

from collections.abc import AsyncIterator

import pytest
from ansinh_kit.database import Database
from ansinh_kit.erasure import Erasure, StoredRemains
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.mongo.snapshots import MongoSnapshots
from ansinh_kit.event_store.snapshots import Snapshot
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import ERASED, Metadata
from ansinh_kit.mongo import connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.rebuild import rebuild
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import MongoReservations
from ansinh_kit.testing.plain_codec import PlainCodec

from tests.kit.projections.visits import REGISTRY, RoomOpened, Rooms

pytestmark = [pytest.mark.mongo, pytest.mark.sec("PII-06")]

KEEPER, OTHER = "keeper-a", "keeper-b"


class Kept:
    """Two keepers with a room each, in two builds of the read model, a snapshot and a reserved name each."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store = EventStore(InMemoryCommitLog(), PlainCodec(REGISTRY))
        self.cipher = PersonalDataCipher(InMemoryKeyring())
        self.reservations = MongoReservations(database)
        self.view = View(database=database, projection=Rooms(), cipher=self.cipher)
        self.snapshots = MongoSnapshots(
            database, name="room", version=1, state_type=str, subject_of=lambda state: state, cipher=self.cipher
        )
        self.erasure = Erasure(self.cipher, reservations=self.reservations, stored=StoredRemains(database, [Rooms()]))

    async def fill(self) -> None:
        for keeper in (KEEPER, OTHER):
            event = RoomOpened(room=f"room-of-{keeper}", keeper_id=keeper, keeper_name="Nguyễn Văn Mẫu")
            metadata = Metadata(correlation_id="c")
            await self.store.append(keeper, [event], expected_version=0, commit_id=keeper, metadata=metadata)
            await self.snapshots.save(keeper, Snapshot(keeper, 1))
            await self.reservations.reserve("name", keeper, owner=keeper, commit_id=keeper)
        projector = Projector(store=self.store, database=self.database, projection=Rooms(), cipher=self.cipher)
        await projector.catch_up(await projector.generations.active_or_first())
        await rebuild(projector, self.store, report=lambda _progress: None)


@pytest.fixture
async def kept(mongo_url: str, database_name: str) -> AsyncIterator[Kept]:
    client = connect(mongo_url, app_name="test-erasure")
    fixture = Kept(client.database(database_name))
    await fixture.fill()
    yield fixture
    client.close()


async def test_of_an_erased_person_no_key_no_ciphertext_no_number_and_no_snapshot_is_left(kept: Kept) -> None:
    assert sorted(await kept.erasure.remains(KEEPER)) == ["keyring", "view_rooms_v1_g1", "view_rooms_v1_g2"]
    for _ in range(2):  # whoever died half-way does it again
        await kept.erasure.erase(KEEPER, owners=[KEEPER])
    assert await kept.erasure.remains(KEEPER) == []
    assert await kept.reservations.find_owner("name", KEEPER) is None
    assert await kept.snapshots.find(KEEPER) is None
    room = await kept.view.get(f"room-of-{KEEPER}")
    assert room is not None
    assert room["keeper_name"] == ERASED


async def test_the_others_keep_everything(kept: Kept) -> None:
    await kept.erasure.erase(KEEPER, owners=[KEEPER])
    room = await kept.view.get(f"room-of-{OTHER}")
    assert room is not None
    assert room["keeper_name"] == "Nguyễn Văn Mẫu"
    assert await kept.reservations.find_owner("name", OTHER) == OTHER
    assert await kept.snapshots.find(OTHER) == Snapshot(OTHER, 1)
