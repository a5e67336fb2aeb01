"""What the service stores beside events: one suite for memory and for the real server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.clock import SystemClock
from ansinh_kit.counters import InMemoryCounters, MongoCounters
from ansinh_kit.mongo import Database, FileBucket, FileMissingError, connect
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.follower import Follower
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.view import View
from ansinh_kit.reservations import MongoReservations
from registration.projections.review_queue import ReviewQueue
from registration.storage.dossier_numbers import DossierNumbers
from registration.storage.photos import Files
from registration.storage.reference import (
    InMemoryReference,
    MongoReference,
    Reference,
    seed_agencies,
    seed_units,
)

from tests.eventually import eventually
from tests.registration.service import OFFICER, FoldedQueue, InMemoryFiles, Service

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
async def database(mongo_url: str, database_name: str) -> AsyncIterator[Database]:
    client = connect(mongo_url, app_name="tests")
    yield client.database(database_name)
    client.close()


@pytest.fixture(params=["memory", "mongo"])
def numbers(request: pytest.FixtureRequest) -> DossierNumbers:
    if request.param == "memory":
        return DossierNumbers(InMemoryCounters())
    return DossierNumbers(MongoCounters(request.getfixturevalue("database")))


@pytest.fixture(params=["memory", "mongo"])
def reference(request: pytest.FixtureRequest) -> Reference:
    if request.param == "memory":
        return InMemoryReference(seed_agencies(), seed_units())
    return MongoReference(request.getfixturevalue("database"))


@pytest.fixture(params=["memory", "mongo"])
def files(request: pytest.FixtureRequest) -> Files:
    if request.param == "memory":
        return InMemoryFiles()
    return FileBucket(request.getfixturevalue("database"), "photos")


@pytest.mark.req("S-88")
async def test_dossier_numbers_count_by_agency_and_year_and_never_repeat(numbers: DossierNumbers) -> None:
    given = await asyncio.gather(*(numbers.next("06601", at=AT) for _ in range(20)))
    assert sorted(given) == [f"{number:05d}/2026/06601" for number in range(1, 21)]
    assert await numbers.next("066", at=AT) == "00001/2026/06600"
    assert await numbers.next("06601", at=AT.replace(year=2027)) == "00001/2027/06601"


async def test_reference_documents_are_found_by_code_and_listed_in_order(reference: Reference) -> None:
    if isinstance(reference, MongoReference):
        for _ in range(2):
            await reference.load(seed_agencies(), seed_units())
    agency = await reference.find_agency("06601")
    assert agency is not None
    assert agency.name == "Bảo hiểm xã hội cơ sở Buôn Ma Thuột"
    assert await reference.find_agency("99999") is None
    assert await reference.agencies() == sorted(seed_agencies(), key=lambda agency: agency.code)
    assert {found.province_code for found in await reference.agencies(province_code="66")} == {"66"}
    wards = await reference.units("with_districts", province_code="66", district_code="643")
    assert len(wards) == 21
    assert [ward.code for ward in wards] == sorted(ward.code for ward in wards)
    assert len(await reference.units("with_districts")) + len(await reference.units("without_districts")) == len(
        seed_units()
    )


async def test_files_are_kept_whole_and_gone_when_removed(files: Files) -> None:
    await files.put("a" * 32, b"\0cipher" * 100_000, metadata={"nonce": b"12 bytes"})
    kept = await files.get("a" * 32)
    assert kept.content == b"\0cipher" * 100_000
    assert bytes(kept.metadata["nonce"]) == b"12 bytes"
    for _ in range(2):
        await files.delete("a" * 32)
    with pytest.raises(FileMissingError):
        await files.get("a" * 32)


async def test_the_projected_queue_equals_the_folded_one(database: Database) -> None:
    service = Service()
    declared = await service.submitted()
    await service.submitted()
    await service.ask("POST", f"{declared.officer_path}/claim", caller=OFFICER)
    cipher = PersonalDataCipher(service.keyring)
    projector = Projector(store=service.store, database=database, projection=ReviewQueue(), cipher=cipher)
    view = View(database=database, projection=ReviewQueue(), cipher=cipher)
    task = asyncio.create_task(Follower(store=service.store, database=database, projectors=[projector]).run())
    try:
        position = (await service.events())[-1].position
        await view.wait_for(position, timeout_seconds=10)
        query = {"agency_code": "06601"}
        folded = await FoldedQueue(service.store).find(query, sort=[], limit=10)

        async def same() -> bool:
            found = await view.find(query, sort=[("due_at", 1)], limit=10)
            return [{name: document[name] for name in folded[0]} for document in found] == folded

        await eventually(same)
        assert await view.count(query) == 1
    finally:
        await end_tasks([task])


@pytest.mark.sec("SEC-05")
async def test_of_many_declarations_of_one_person_sent_at_once_one_is_open_on_the_real_server(
    database: Database,
) -> None:
    service = Service(
        reservations=MongoReservations(database, clock=SystemClock()),
        numbers=DossierNumbers(MongoCounters(database)),
    )
    drafts = [await service.drafted_without_looking_at_photos() for _ in range(20)]
    answers = await asyncio.gather(*(service.send(draft) for draft in drafts))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json()["dossier_number"] for answer in answers}) == 20
    types = await service.event_types()
    assert (types.count("declaration_submitted"), types.count("declaration_set_aside")) == (1, 19)
