"""Benefits, cards and visits on the real server: numbers raced for, and read models rebuilt while rows come in."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.projection import Projection
from ansinh_kit.projections.projector import Projector
from ansinh_kit.projections.rebuild import Progress, rebuild
from ansinh_kit.projections.view import View
from records.projections.benefits import BenefitTabs
from records.projections.cards import HealthCards
from records.projections.visits import MedicalBook

from tests.records import rows
from tests.records.feeding import Office
from tests.records.service import FoldedView

SECOND: dict[str, Any] = {"number": "6600000026", "citizen_number": "066090000026"}
OLD_NUMBER = "DN4666A19000001"


async def feed(office: Office, participant_id: str, to: str, *sent: dict[str, str], correction: bool = False) -> None:
    answer = await office.post(f"participants/{participant_id}/{to}", {"rows": list(sent), "correction": correction})
    assert answer.status == 200, answer.body


async def test_of_two_people_who_are_given_one_card_number_at_once_one_gets_it(office: Office) -> None:
    first, second = await office.registered(), await office.registered(**SECOND)
    theirs = rows.card_row(card_number=OLD_NUMBER, social_insurance_number="6600000026")
    answers = await asyncio.gather(
        *(office.post(f"participants/{first}/cards", {"rows": [rows.card_row(card_number=OLD_NUMBER)]}) for _ in "ab"),
        *(office.post(f"participants/{second}/cards", {"rows": [theirs]}) for _ in "ab"),
    )
    assert {answer.status for answer in answers} <= {200, 503}
    assert (await office.service.event_types()).count("card_issued") == 1


async def test_of_many_feeders_of_one_visit_at_once_one_records_it(office: Office) -> None:
    participant_id = await office.registered()
    answers = await asyncio.gather(
        *(office.post(f"participants/{participant_id}/visits", {"rows": [rows.visit_row()]}) for _ in range(4))
    )
    told = sorted(answer.json()["rows"][0]["outcome"] for answer in answers if answer.status == 200)
    assert told.count("recorded") == 1
    assert set(told) == {"recorded", "unchanged"}
    assert (await office.service.event_types()).count("visit_recorded") == 1


@pytest.mark.parametrize("projection", [BenefitTabs(), HealthCards(), MedicalBook()], ids=lambda one: one.name)
async def test_live_replayed_and_rebuilt_read_the_same(
    office: Office, database: Database, projection: Projection
) -> None:
    survivor, duplicate = await office.registered(**SECOND), await office.registered()
    await feed(office, duplicate, "benefits", rows.benefit_row(), rows.benefit_row("sickness"))
    await feed(office, duplicate, "benefits/payments", rows.payment_row())
    await feed(office, duplicate, "cards", rows.card_row())
    await feed(office, duplicate, "visits", rows.visit_row())
    cipher, store = PersonalDataCipher(office.service.keyring), office.service.store
    projector = Projector(store=store, database=database, projection=projection, cipher=cipher)
    view = View(database=database, projection=projection, cipher=cipher)
    live = await projector.catch_up(await projector.generations.active_or_first())
    later: list[asyncio.Task[None]] = []

    async def go_on() -> None:
        await feed(office, duplicate, "visits", rows.visit_row(discharged_at="31/12/2024"), correction=True)
        await feed(office, duplicate, "cards", rows.card_row(sex="female"), correction=True)
        await feed(office, duplicate, "benefits/stops", rows.stop_row())
        await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate})

    def while_rebuilding(progress: Progress) -> None:
        del progress
        if not later:
            later.append(asyncio.create_task(go_on()))

    built = await rebuild(projector, store, report=while_rebuilding)
    await later[0]
    await projector.catch_up(built)
    await projector.catch_up(live)
    await projector.catch_up(replace(live, position=0))

    folded = await FoldedView(store, projection).documents()
    assert folded
    rebuilt = {key: await view.get(key) for key in folded}
    await projector.generations.roll_back()
    for key, document in folded.items():
        expected = {name: value for name, value in document.items() if name != "_id"}
        assert rebuilt[key] == await view.get(key) == expected
