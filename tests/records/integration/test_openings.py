"""Staff read under an opening with a written reason; the person sees who read what, and why."""

import asyncio
from datetime import timedelta
from typing import Literal
from urllib.parse import quote

import pytest
from ansinh_kit.testing.callers import an_officer

from tests.records import access_builders as b
from tests.records.desk import COLLEAGUE, Desk
from tests.records.feeding import CITIZEN, OFFICER, PROVINCIAL, STRANGER, Office


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


@pytest.mark.req("S-28")
@pytest.mark.sec("PII-10")
async def test_the_person_sees_when_which_office_read_which_part_and_why(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    assert (await desk.read(desk.parent, "person", opening=opening)).status == 200

    seen = (await desk.read("me", "readings", caller=CITIZEN)).json()["openings"]

    assert len(seen) == 1
    assert (seen[0]["agency_code"], seen[0]["office_role"], seen[0]["reason"]) == (b.AGENCY, "officer", b.REASON)
    assert [read["part"] for read in seen[0]["reads"]] == ["person"]
    assert str(OFFICER.account_id) not in str(seen)


@pytest.mark.sec("PII-10")
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_read_that_cannot_be_recorded_is_not_answered(desk: Desk, moment: Literal["before", "after"]) -> None:
    opening = await desk.opening(desk.parent)
    desk.service.log.die(moment, append=1)
    answer = await desk.read(desk.parent, "person", opening=opening)
    assert answer.status == 503
    assert "Nguyễn" not in answer.body.decode()


@pytest.mark.sec("PII-10")
async def test_parts_asked_for_at_once_are_each_recorded(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    answers = await asyncio.gather(*(desk.read(desk.parent, "person", opening=opening) for _ in range(12)))
    assert {answer.status for answer in answers} == {200}
    assert (await desk.service.event_types()).count("record_read_by_staff") == 12


async def test_a_refused_read_leaves_no_trace_of_a_reading(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    assert (await desk.read(desk.other, "person", opening=opening)).json()["code"] == "opening_not_valid"
    assert (await desk.read(desk.parent, "person")).json()["code"] == "opening_required"
    assert (await desk.read(desk.parent, "person", opening="f" * 32)).json()["code"] == "opening_not_valid"
    assert "record_read_by_staff" not in await desk.service.event_types()


async def test_an_opening_is_the_officers_own(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    assert (await desk.read(desk.parent, "person", caller=COLLEAGUE, opening=opening)).status == 403
    transferred = an_officer(account_id="officer-a", agency_code="066")
    assert (await desk.read(desk.parent, "person", caller=transferred, opening=opening)).status == 403


async def test_an_opening_is_over_after_its_time(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    desk.service.clock.advance(timedelta(minutes=15))
    answer = await desk.read(desk.parent, "person", opening=opening)
    assert (answer.status, answer.json()["code"]) == (403, "opening_closed")


@pytest.mark.sec("API-05")
async def test_another_agencys_record_is_as_absent_as_one_that_never_was(desk: Desk) -> None:
    there, nowhere = await desk.open(desk.parent, caller=STRANGER), await desk.open("f" * 32, caller=STRANGER)
    assert there.status == nowhere.status == 404
    assert there.json() == nowhere.json()


async def test_the_provincial_office_opens_records_of_the_offices_under_it(desk: Desk) -> None:
    opening = await desk.opening(desk.parent, caller=PROVINCIAL)
    assert (await desk.read(desk.parent, "person", caller=PROVINCIAL, opening=opening)).status == 200


async def test_a_record_handed_over_closes_to_the_office_at_once(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    handed = await Office(desk.service).post(f"participants/{desk.parent}/agency", {"agency_code": "07901"})
    assert handed.status == 200
    assert (await desk.read(desk.parent, "person", opening=opening)).status == 404


@pytest.mark.parametrize("reason", ["", "xem", "." * 30, "a" * 501])
async def test_a_reason_is_written_in_words(desk: Desk, reason: str) -> None:
    answer = await desk.open(desk.parent, reason=reason)
    assert (answer.status, answer.json()["errors"][0]["rule"]) == (422, "written_reason")


async def test_the_same_request_again_is_one_opening(desk: Desk) -> None:
    content = {"participant_id": desk.parent, "scope": "record", "reason": b.REASON}
    answers = [
        await desk.service.ask("POST", "/v1/staff/openings", content, caller=OFFICER, key="k" * 32) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert (await desk.service.event_types()).count("record_opened") == 1


async def test_readings_can_be_asked_as_of_a_moment_before(desk: Desk) -> None:
    before = desk.service.clock.now()
    desk.service.clock.advance(timedelta(hours=1))
    await desk.opening(desk.parent)
    now = (await desk.read("me", "readings", caller=CITIZEN)).json()
    then = (await desk.read("me", f"readings?as_of={quote(before.isoformat())}", caller=CITIZEN)).json()
    assert (len(now["openings"]), then["openings"]) == (1, [])


async def test_a_merged_persons_readings_are_still_the_persons(desk: Desk) -> None:
    opening = await desk.opening(desk.other)
    assert (await desk.read(desk.other, "person", opening=opening)).status == 200
    merged = await Office(desk.service).post(f"participants/{desk.parent}/merge", {"duplicate_id": desk.other})
    assert merged.status == 200

    seen = (await desk.read("me", "readings", caller=CITIZEN)).json()["openings"]

    assert [read["part"] for read in seen[0]["reads"]] == ["person"]


async def test_whoever_opens_a_merged_record_opens_the_one_it_went_on_in(desk: Desk) -> None:
    before = await desk.opening(desk.other)
    await Office(desk.service).post(f"participants/{desk.parent}/merge", {"duplicate_id": desk.other})
    assert (await desk.read(desk.other, "person", opening=before)).json()["code"] == "opening_not_valid"
    after = await desk.opening(desk.other)
    assert (await desk.read(desk.other, "person", opening=after)).json()["participant_id"] == desk.parent
