"""Participants on the real server: numbers raced for, read models as folded, a merge during a rebuild."""

import asyncio
from typing import Any

from ansinh_kit.events import ERASED
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.rebuild import Progress, rebuild
from ansinh_kit.projections.view import View
from records.domain.participant.details import insurance_key
from records.handlers.merging import carry_on_open_merges
from records.projections.catalogue import PROJECTIONS
from records.projections.person import Person

from tests.records.feeding import CITIZEN, Office, body, declared
from tests.records.service import FoldedView
from tests.records.working_life import sent


async def test_of_many_registrations_of_one_number_at_once_one_wins(office: Office) -> None:
    answers = await asyncio.gather(*(office.post("participants", body()) for _ in range(12)))
    assert sorted(answer.status for answer in answers) == [201, *[409] * 11]
    assert await office.service.event_types() == ["participant_registered"]


async def test_numbers_are_found_by_what_is_stored_and_never_stored_themselves(
    office: Office, database: Database
) -> None:
    participant_id = await office.registered()
    found = await office.service.use_cases.participants.find_by_number(insurance_key("6600000018"))
    assert found is not None
    assert found.participant_id == participant_id

    for name in await database.list_collection_names():
        text = str(await database[name].find({}).to_list())
        assert not [value for value in ("6600000018", "066090000018", "+84900000018", "Mẫu", "1990") if value in text]


async def test_every_projected_read_model_equals_the_folded_one(office: Office, database: Database) -> None:
    survivor = await office.registered()
    duplicate = await office.registered(number="6600000026", citizen_number="066090000026")
    await office.declare(participant=declared(full_name="Lê Văn Khác"))
    await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate})
    cipher, store = PersonalDataCipher(office.service.keyring), office.service.store

    for projection in PROJECTIONS.values():
        projector = Projector(store=store, database=database, projection=projection, cipher=cipher)
        await projector.catch_up(await projector.generations.active_or_first())
        view = View(database=database, projection=projection, cipher=cipher)
        for key, document in (await FoldedView(store, projection).documents()).items():
            assert await view.get(key) == {name: value for name, value in document.items() if name != "_id"}


async def test_a_merge_during_a_rebuild_is_in_the_page_as_if_there_had_been_none(
    office: Office, database: Database
) -> None:
    survivor = await office.registered()
    duplicate = await office.registered(number="6600000026", citizen_number="066090000026")
    cipher, store = PersonalDataCipher(office.service.keyring), office.service.store
    projector = Projector(store=store, database=database, projection=Person(), cipher=cipher)
    view = View(database=database, projection=Person(), cipher=cipher)
    await projector.catch_up(await projector.generations.active_or_first())
    merging: list[asyncio.Task[Any]] = []

    def merge_now(progress: Progress) -> None:
        del progress
        if not merging:
            merging.append(
                asyncio.create_task(office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate}))
            )

    built = await rebuild(projector, store, report=merge_now)
    await merging[0]
    await projector.catch_up(built)

    live, folded = await view.get(survivor), await FoldedView(store, Person()).get(survivor)
    assert live is not None
    assert folded is not None
    assert live["values"] == folded["values"]
    assert "former_numbers" in live["values"]


async def test_periods_fed_to_a_duplicate_while_it_is_merged_are_lost_nowhere(office: Office) -> None:
    survivor = await office.registered()
    duplicate = await office.registered(number="6600000026", citizen_number="066090000026")
    rows = [{"rows": [sent(f"{year}-01/{year}-12")]} for year in range(2005, 2020)]
    fed = [office.post(f"participants/{duplicate}/periods", row) for row in rows]
    half = len(fed) // 2
    answers = await asyncio.gather(
        *fed[:half], office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate}), *fed[half:]
    )
    # A request that lost its races too often is sent again by whoever made it.
    await carry_on_open_merges(office.service.read_models.open_merges, office.service.use_cases.merging)
    again = [await office.post(f"participants/{duplicate}/periods", row) for row in rows]

    assert {answer.status for answer in answers} <= {200, 409}
    assert [answer.json()["participant_id"] for answer in again] == [survivor] * len(rows)
    await office.declare()
    page = await office.service.ask("GET", "/v1/participants/me/participation/social", caller=CITIZEN)
    assert page.json()["summary"]["total"]["months"] == 15 * 12
    assert len(page.json()["rows"]) == 15


async def test_of_a_person_who_was_forgotten_the_page_says_nothing_before_and_after_a_rebuild(
    office: Office, database: Database
) -> None:
    participant_id = await office.registered()
    cipher, store = PersonalDataCipher(office.service.keyring), office.service.store
    projector = Projector(store=store, database=database, projection=Person(), cipher=cipher)
    view = View(database=database, projection=Person(), cipher=cipher)
    generation = await projector.catch_up(await projector.generations.active_or_first())

    await office.service.keyring.forget(participant_id)
    await office.post(f"participants/{participant_id}/agency", {"agency_code": "06602"})
    for _ in range(2):
        await projector.catch_up(generation)
        person = await view.get(participant_id)
        assert person is not None
        assert (person["agency_code"], person["values"]) == ("06602", ERASED)
        generation = await rebuild(projector, store, report=lambda _: None)
