"""Openings, disputes and look-ups on the real server: reads raced for, read models as folded, searches as in memory."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from ansinh_kit.clock import SystemClock
from ansinh_kit.counters import MongoCounters
from ansinh_kit.database import Document
from ansinh_kit.event_store.codec import JsonCodec
from ansinh_kit.event_store.mongo import MongoCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.mongo import Database, connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.personal_data.keyring import InMemoryKeyring
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import MongoReservations
from ansinh_kit.throttling.mongo import Throttles
from records.domain.place import Area
from records.events import EVENTS, UPCASTERS
from records.projections.disputes import Disputes
from records.projections.number_look_ups import NumberLookUps
from records.projections.readings import Readings
from records.storage.reference.entries import Reference, Search
from records.storage.reference.in_memory import InMemoryReference
from records.storage.reference.mongo import MongoReference
from records.storage.reference.seed import seed_entries

from tests.records import access_builders as b
from tests.records.desk import Desk
from tests.records.service import FoldedView, Service


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="tests")
    yield client.database(database_name)
    client.close()


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    keyring = InMemoryKeyring()
    log = MongoCommitLog(database, clock=SystemClock())
    await log.start()
    service = Service(
        real_store=EventStore(log, JsonCodec(EVENTS, PersonalDataCipher(keyring), UPCASTERS)),
        keyring=keyring,
        reservations=MongoReservations(database, clock=SystemClock()),
        counters=MongoCounters(database),
        throttles=Throttles(database),
    )
    yield await Desk(service).prepare()
    await log.close()


@pytest.fixture(params=["memory", "mongo"])
def reference(request: pytest.FixtureRequest) -> Reference:
    if request.param == "memory":
        return InMemoryReference(seed_entries())
    return MongoReference(request.getfixturevalue("database"))


async def projected(desk: Desk, database: Database, projection: Projection) -> View:
    cipher = PersonalDataCipher(desk.service.keyring)
    projector = Projector(store=desk.service.store, database=database, projection=projection, cipher=cipher)
    await projector.catch_up(await projector.generations.active_or_first())
    return View(database=database, projection=projection, cipher=cipher)


def without_id(document: Document | None) -> Document:
    return {name: value for name, value in (document or {}).items() if name != "_id"}


@pytest.mark.sec("PII-10")
async def test_parts_asked_for_at_once_are_each_recorded(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    answers = await asyncio.gather(*(desk.read(desk.parent, "person", opening=opening) for _ in range(10)))
    assert {answer.status for answer in answers} == {200}
    assert (await desk.service.event_types()).count("record_read_by_staff") == 10


@pytest.mark.req("V-27")
async def test_disputes_opened_at_once_have_different_numbers(desk: Desk) -> None:
    disputes = await asyncio.gather(*(desk.dispute(words=f"{b.WORDS} Lần {n}.") for n in range(6)))
    assert sorted(dispute["number"] for dispute in disputes) == [f"PA{n:06d}/2026/06601" for n in range(1, 7)]


async def test_read_models_are_stored_as_they_are_folded_and_hide_what_is_personal(
    desk: Desk, database: Database
) -> None:
    opening = await desk.opening(desk.parent)
    await desk.read(desk.parent, "person", opening=opening)
    dispute = await desk.dispute()
    keys = {Readings: desk.parent, Disputes: dispute["dispute_id"], NumberLookUps: desk.parent}
    projections: tuple[Projection, ...] = (Readings(), Disputes(), NumberLookUps(desk.service.blind_index))
    for projection in projections:
        key = keys[type(projection)]
        stored = await (await projected(desk, database, projection)).get(key)
        assert without_id(stored) == without_id(await FoldedView(desk.service.store, projection).get(key))

    for name in await database.list_collection_names():
        text = str(await database[name].find({}).to_list())
        assert not [value for value in (b.REASON, b.WORDS, "6600000018", "Nguyễn", "nguyen") if value in text], name


async def test_the_queue_and_the_look_up_ask_the_server_as_they_ask_a_fold(desk: Desk, database: Database) -> None:
    dispute = await desk.dispute()
    disputes = await projected(desk, database, Disputes())
    for office in ("06601", "066"):
        found = await disputes.find({"offices": office, "is_open": True}, sort=[("due_at", 1), ("_id", 1)], limit=5)
        assert [document["dispute_id"] for document in found] == [dispute["dispute_id"]]
    assert await disputes.count({"offices": "07901", "is_open": True}) == 0

    numbers = await projected(desk, database, NumberLookUps(desk.service.blind_index))
    known = await numbers.get(desk.parent)
    assert known is not None
    found = await numbers.find({"keys": {"$in": known["keys"][:2]}}, sort=[("_id", 1)], limit=2)
    assert [document["social_insurance_number"] for document in found] == ["6600000018"]


@pytest.mark.req("V-08")
@pytest.mark.req("V-09")
async def test_reference_documents_are_searched_by_province_and_words(reference: Reference) -> None:
    if isinstance(reference, MongoReference):
        for _ in range(2):
            await reference.load(seed_entries())
    hospitals = await reference.facilities(Search(province_code="66", name="Bệnh viện"))
    assert [facility.code for facility in hospitals] == ["66001", "66002"]
    assert await reference.facilities(Search(province_code="66", name="vien benh")) == hospitals
    assert await reference.facilities(Search(province_code="66", name="benh $ne .*")) == []
    assert [entry.code for entry in await reference.employers(Search(province_code="66", limit=1, skip=1))] == [
        "TA0002Z"
    ]
    assert await reference.employers(Search(province_code="99")) == []
    (post_office,) = await reference.organisations(Search(province_code="66", name="buu dien"))
    assert (post_office.code, post_office.phone) == ("T66001", "0900000061")


@pytest.mark.req("V-06")
async def test_points_are_searched_by_where_they_are_in_either_layout(reference: Reference) -> None:
    if isinstance(reference, MongoReference):
        await reference.load(seed_entries())

    async def codes(name: str = "", *areas: Area) -> list[str]:
        return [point.code for point in await reference.points(Search(province_code="66", name=name, areas=areas))]

    old_district = Area(layout="with_districts", district_code="643")
    old_ward = Area(layout="with_districts", ward_code="24136")
    assert await codes("", old_district) == ["T66001001", "T66001002", "T66002001", "T66003001"]
    assert await codes("", old_district, old_ward) == ["T66001001", "T66002001"]
    assert await codes("", Area(layout="without_districts", ward_code="24133")) == ["T66001001", "T66002001"]
    assert await codes("diem thu", old_district) == ["T66001001", "T66001002"]
    # The same code means another ward in the other layout.
    assert await codes("", Area(layout="with_districts", ward_code="24133")) == []
    (found,) = await reference.points(
        Search(province_code="66", areas=(old_ward.model_copy(update={"hamlet": "to dan pho DINH mau"}),))
    )
    assert found == next(point for point in seed_entries().points if point.code == "T66002001")


def test_the_files_hold_each_code_once_and_points_of_organisations_that_are_there() -> None:
    seed = seed_entries()
    for entries in (seed.facilities, seed.employers, seed.organisations, seed.points):
        codes = [entry.code for entry in entries]
        assert len(codes) == len(set(codes))
    assert all(facility.code[:2] == facility.province_code for facility in seed.facilities)
    provinces = {organisation.code: organisation.province_code for organisation in seed.organisations}
    assert all(provinces[point.organisation_code] == point.province_code for point in seed.points)
    assert all(place.province_code == point.province_code for point in seed.points for place in point.places)
