"""The same request again, with the same key: answered as the first time, whatever has become of the world since."""

from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.records import rows
from tests.records.cards_over_http import feed, rules
from tests.records.feeding import Office
from tests.records.working_life import sent

KEY = "k" * 32
OLD_NUMBER = "DN4666A19000001"
MISTYPED = rows.card_row(card_number=OLD_NUMBER)
THEIRS = rows.card_row(card_number=OLD_NUMBER, social_insurance_number="6600000026")

OWN = rows.card_row(card_number="GD4666600000026", social_insurance_number="6600000026")


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def participant_id(office: Office) -> str:
    return await office.registered()


@pytest.fixture
async def other(office: Office) -> str:
    return await office.registered(number="6600000026", citizen_number="066090000026")


async def send(office: Office, participant_id: str, *sent: dict[str, str], key: str = KEY) -> HttpAnswer:
    return await office.post(f"participants/{participant_id}/cards", {"rows": list(sent)}, key=key)


async def correct(office: Office, participant_id: str, card_id: str, row: dict[str, str]) -> None:
    answer = await office.post(f"participants/{participant_id}/cards/{card_id}/corrections", row)
    assert answer.status == 200, answer.body


def told(answer: HttpAnswer) -> tuple[int, Any, str]:
    return answer.status, answer.json(), answer.headers["etag"]


async def test_a_card_whose_number_is_another_persons_by_now_is_told_as_recorded(
    office: Office, participant_id: str, other: str
) -> None:
    first = await send(office, participant_id, MISTYPED)
    await correct(office, participant_id, first.json()["rows"][0]["id"], rows.card_row())
    assert (await feed(office, other, THEIRS))[0]["outcome"] == "recorded"
    assert told(await send(office, participant_id, MISTYPED)) == told(first)


async def test_a_number_that_was_given_up_is_not_held_again(office: Office, participant_id: str, other: str) -> None:
    first = await send(office, participant_id, MISTYPED)
    await correct(office, participant_id, first.json()["rows"][0]["id"], rows.card_row())
    assert told(await send(office, participant_id, MISTYPED)) == told(first)
    assert (await feed(office, other, THEIRS))[0]["outcome"] == "recorded"


@pytest.mark.parametrize(
    "beside", [[], [rows.card_row(card_number="GD4666600000026", social_insurance_number="6600000026")]]
)
async def test_a_row_that_was_refused_for_its_number_stays_refused_once_it_is_free(
    office: Office, participant_id: str, other: str, beside: list[dict[str, str]]
) -> None:
    (mistyped,) = await feed(office, participant_id, MISTYPED)
    theirs = THEIRS | {"valid_from": "01/01/2024", "valid_to": "31/12/2024", "issued_on": "15/12/2023"}
    first = await send(office, other, theirs, *beside)
    assert rules(first.json()["rows"][0]) == [("card_number", "card_number_taken")]
    await correct(office, participant_id, mistyped["id"], rows.card_row())
    assert told(await send(office, other, theirs, *beside)) == told(first)
    assert (await send(office, other, theirs, key="n" * 32)).json()["rows"][0]["outcome"] == "recorded"


async def test_a_refused_row_leaves_no_card_behind(office: Office, participant_id: str, other: str) -> None:
    await feed(office, participant_id, MISTYPED)
    await send(office, other, THEIRS)
    assert await office.service.read_models.health_cards.get(other) is None


@pytest.mark.parametrize(
    ("kind", "now", "tomorrow"),
    [
        ("benefits/payments", rows.payment_row(), rows.payment_row(paid_on="{tomorrow}")),
        ("visits", rows.visit_row(), rows.visit_row(dossier_id="LK9", discharged_at="{tomorrow}")),
    ],
)
async def test_a_row_whose_day_had_not_come_stays_refused_the_day_after(
    office: Office, participant_id: str, kind: str, now: dict[str, str], tomorrow: dict[str, str]
) -> None:
    await office.post(f"participants/{participant_id}/benefits", {"rows": [rows.benefit_row()]})
    day = (office.service.clock.now() + timedelta(days=1)).strftime("%d/%m/%Y")
    sent = {"rows": [now, {name: cell.format(tomorrow=day) for name, cell in tomorrow.items()}]}
    first = await office.post(f"participants/{participant_id}/{kind}", sent, key=KEY)
    assert [row["outcome"] for row in first.json()["rows"]] == ["recorded", "refused"]
    office.service.clock.advance(timedelta(days=2))
    assert told(await office.post(f"participants/{participant_id}/{kind}", sent, key=KEY)) == told(first)


async def test_a_period_that_was_refused_for_its_months_stays_refused_when_they_have_come(
    office: Office, participant_id: str
) -> None:
    sent_rows = [sent("2026-01/2026-02"), sent("2026-03/2026-04")]
    path = f"participants/{participant_id}/periods"
    first = await office.post(path, {"rows": sent_rows}, key=KEY)
    assert [row["outcome"] for row in first.json()["rows"]] == ["recorded", "refused"]

    office.service.clock.advance(timedelta(days=90))

    assert told(await office.post(path, {"rows": sent_rows}, key=KEY)) == told(first)
    anew = await office.post(path, {"rows": sent_rows}, key="n" * 32)
    assert [row["outcome"] for row in anew.json()["rows"]] == ["unchanged", "recorded"]
