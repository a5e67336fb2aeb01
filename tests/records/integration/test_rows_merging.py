"""Benefits, cards and visits of two records that become one: nothing is lost, whatever dies in between."""

from typing import Any, Literal

import pytest
from records.handlers.merging import carry_on_open_merges

from tests.records import rows
from tests.records.feeding import CITIZEN, Office, declared

SECOND: dict[str, Any] = {"number": "6600000026", "citizen_number": "066090000026"}


@pytest.fixture
def office() -> Office:
    return Office()


async def feed(office: Office, participant_id: str, to: str, *sent: dict[str, str]) -> list[str]:
    answer = await office.post(f"participants/{participant_id}/{to}", {"rows": list(sent)})
    assert answer.status == 200, answer.body
    return [row["outcome"] for row in answer.json()["rows"]]


async def read(office: Office, path: str) -> Any:  # noqa: ANN401  # JSON
    answer = await office.service.ask("GET", f"/v1/participants/me/{path}", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return answer.json()


async def two_records(office: Office) -> tuple[str, str]:
    """Return the survivor, which the citizen reads, and a duplicate that holds a row of each kind."""
    survivor = await office.registered(**SECOND)
    duplicate = await office.registered()
    await office.declare(participant=declared(social_insurance_number="6600000026", identity_number="066090000026"))
    assert await feed(office, duplicate, "benefits", rows.benefit_row()) == ["recorded"]
    assert await feed(office, duplicate, "benefits/payments", rows.payment_row()) == ["recorded"]
    assert await feed(office, duplicate, "cards", rows.card_row()) == ["recorded"]
    assert await feed(office, duplicate, "visits", rows.visit_row()) == ["recorded"]
    return survivor, duplicate


async def whole(office: Office) -> tuple[Any, Any, Any]:
    """Return what the citizen reads of each: what was paid, the card's number, the visits of the year."""
    pensions = (await read(office, "benefits/monthly"))["benefits"]
    card = (await read(office, "card"))["card"]
    visits = (await read(office, "visits/2025"))["visits"]
    paid = [pension["paid_total"] for pension in pensions]
    return paid, card and card["card_number"], [visit["main_icd10"] for visit in visits]


WHOLE = (["4500000.00"], rows.CARD_NUMBER, ["J20.9"])


async def test_the_survivor_has_every_row_and_a_row_fed_to_the_old_id_again_changes_nothing(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    assert await whole(office) == ([], None, [])
    assert (await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate})).status == 200
    assert await whole(office) == WHOLE
    for to, row in (("benefits", rows.benefit_row()), ("cards", rows.card_row()), ("visits", rows.visit_row())):
        assert await feed(office, duplicate, to, row) == ["unchanged"]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("append", range(1, 12))
async def test_a_merge_killed_at_any_append_is_carried_on_and_whole(
    office: Office, append: int, moment: Literal["before", "after"]
) -> None:
    survivor, duplicate = await two_records(office)
    office.service.log.die(moment, append=append)
    first = await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate})
    await carry_on_open_merges(office.service.read_models.open_merges, office.service.use_cases.merging)
    if first.status != 200:
        await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate})
    assert await whole(office) == WHOLE
    types = await office.service.event_types()
    for once in ("benefits_moved", "benefits_taken_over", "cards_moved", "cards_taken_over", "visits_taken_over"):
        assert types.count(once) == 1


async def test_rows_both_records_hold_become_one(office: Office) -> None:
    survivor, duplicate = await two_records(office)
    await feed(office, survivor, "benefits", rows.benefit_row())
    await feed(office, survivor, "benefits/payments", rows.payment_row())
    await feed(office, survivor, "visits", rows.visit_row())
    await office.post(f"participants/{survivor}/merge", {"duplicate_id": duplicate})
    assert await whole(office) == WHOLE
