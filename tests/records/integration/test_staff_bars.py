"""An officer whose own record it is, or that of somebody close, feeds it by no way; a colleague does."""

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import an_officer

from tests.records import people, rows
from tests.records.feeding import OFFICER, STRANGER, Office
from tests.records.integration.test_imports_api import Counter
from tests.records.unit.bulk.reading import csv_of, row

COLLEAGUE = an_officer(account_id="officer-b", agency_code=people.AGENCY)
PERIOD = {
    "kind": "social",
    "from_month": "01/2020",
    "to_month": "02/2020",
    "employer_code": "TA0001Z",
    "employer_name": "Công ty A",
    "occupation": "Kế toán",
    "value": "5000000",
}
FEEDING = {
    "periods": {"rows": [PERIOD]},
    "benefits": {"rows": [rows.benefit_row()]},
    "benefits/payments": {"rows": [rows.payment_row()]},
    "benefits/stops": {"rows": [rows.stop_row()]},
    "cards": {"rows": [rows.card_row()]},
    "visits": {"rows": [rows.visit_row()]},
    "contact": {"phone": "0900000026"},
}


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def own_record(office: Office) -> str:
    """The record of the officer: a colleague has said so."""
    participant_id = await office.registered()
    barred = await bar(office, participant_id)
    assert (barred.status, barred.json()["barred_staff"]) == (200, ["officer-a"])
    return participant_id


async def bar(office: Office, participant_id: str, staff_id: str = "officer-a") -> HttpAnswer:
    path = f"participants/{participant_id}/barred-staff"
    return await office.post(path, {"staff_id": staff_id}, caller=COLLEAGUE)


async def test_who_is_barred_feeds_the_record_by_no_route_and_a_colleague_by_each(
    office: Office, own_record: str
) -> None:
    for path, body in FEEDING.items():
        refused = await office.post(f"participants/{own_record}/{path}", body)
        assert (refused.status, refused.json()["code"]) == (403, "staff_barred"), path
        fed = await office.post(f"participants/{own_record}/{path}", body, caller=COLLEAGUE)
        assert fed.status == 200, (path, fed.body)


async def test_who_is_barred_feeds_the_record_by_no_file_and_every_other_row_goes_in() -> None:
    counter = await Counter().opened()
    find = {"kind": "social_insurance_number", "number": "6600000018"}
    own_record = (await counter.office.post("participants/find", find)).json()["participant_id"]
    await bar(counter.office, own_record)
    content = csv_of(row(), row(social_insurance_number="6600000026"))
    told = await counter.brought(content)
    assert (told["counts"]["recorded"], told["counts"]["refused"]) == (1, 1)
    report = (await counter.get(f"{told['import_id']}/report")).body.decode()
    assert "staff_barred" in report
    assert (await counter.brought(content, caller=COLLEAGUE))["counts"]["recorded"] == 1


async def test_nobody_lifts_the_own_bar_and_a_colleague_does(office: Office, own_record: str) -> None:
    path = f"participants/{own_record}/barred-staff/officer-a/end"
    own = await office.post(path, {})
    assert (own.status, own.json()["code"]) == (403, "staff_barred")
    lifted = await office.post(path, {}, caller=COLLEAGUE)
    assert (lifted.status, lifted.json()["barred_staff"]) == (200, [])
    assert (await office.post(f"participants/{own_record}/contact", {"phone": "0900000026"})).status == 200
    again = await office.post(path, {}, caller=COLLEAGUE)
    assert (again.status, again.json()["code"]) == (404, "staff_not_barred")


async def test_an_officer_bars_himself_but_no_officer_of_another_agency_does(office: Office, own_record: str) -> None:
    assert (await bar(office, own_record, "officer-b")).json()["barred_staff"] == ["officer-a", "officer-b"]
    refused = await office.post(f"participants/{own_record}/barred-staff", {"staff_id": "officer-c"}, caller=STRANGER)
    assert (refused.status, refused.json()["code"]) == (404, "participant_not_found")


async def test_the_bar_goes_on_with_the_record_a_duplicate_is_merged_into(office: Office, own_record: str) -> None:
    survivor = await office.registered(number="6600000026", citizen_number="066090000026")
    merging = await office.post(f"participants/{survivor}/merge", {"duplicate_id": own_record}, caller=COLLEAGUE)
    assert merging.status in (200, 202), merging.body
    refused = await office.post(f"participants/{survivor}/contact", {"phone": "0900000026"}, caller=OFFICER)
    assert (refused.status, refused.json()["code"]) == (403, "staff_barred")
