"""Guardians whose own records were merged, once and again: they stay in charge, and their charge can be ended."""

import pytest

from tests.records import people
from tests.records.feeding import CITIZEN, Office


@pytest.fixture
async def office() -> Office:
    return Office()


async def merged_twice(office: Office) -> tuple[str, str, str]:
    """Return child, the id the guardian was appointed under, and the one the guardian goes by after two merges."""
    child = await office.registered(
        number="6600000034", citizen_number=None, full_name="Nguyễn Bé Mẫu", birth_date="2020"
    )
    appointed = await office.registered(number="6600000042", citizen_number=None)
    guardian = {"guardian_id": appointed, "relation": "father"}
    assert (await office.post(f"participants/{child}/guardians", guardian)).status == 200
    between = await office.registered(number="6600000059", citizen_number=None)
    last = await office.registered()
    await office.declare()
    for into, duplicate in ((between, appointed), (last, between)):
        merged = await office.post(f"participants/{into}/merge", {"duplicate_id": duplicate})
        assert merged.status == 200, merged.body
    return child, appointed, last


async def test_a_guardian_whose_record_was_merged_twice_still_reads_the_childs(office: Office) -> None:
    child, _, _ = await merged_twice(office)
    assert (await office.page(child)).status == 200


@pytest.mark.sec("API-01")
@pytest.mark.parametrize("named_by", ["the id of the appointment", "the id of today"])
async def test_a_charge_that_was_ended_by_any_id_of_the_guardian_is_over(office: Office, named_by: str) -> None:
    child, appointed, last = await merged_twice(office)
    guardian_id = last if named_by == "the id of today" else appointed
    assert (await office.post(f"participants/{child}/guardians/{guardian_id}/end", {})).status == 200
    assert (await office.page(child, caller=CITIZEN)).status == 404


async def test_a_charge_that_never_was_cannot_be_ended(office: Office) -> None:
    child, _, _ = await merged_twice(office)
    ended = await office.post(f"participants/{child}/guardians/{people.OTHER_PID}/end", {})
    assert (ended.status, ended.json()["code"]) == (404, "guardian_not_appointed")
