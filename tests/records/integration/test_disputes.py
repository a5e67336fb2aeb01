"""Disputes over HTTP: from a person's words to the agency's, with number, state, due date and time line."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from ansinh_contracts.records import DisputeOpenedV1, DisputeSettledV1
from ansinh_kit.testing.asgi_client import HttpAnswer
from records.messaging.publishing import to_contract

from tests.records import access_builders as b
from tests.records import rows
from tests.records.desk import COLLEAGUE, NEIGHBOUR, Desk
from tests.records.feeding import CITIZEN, OFFICER, PROVINCIAL, STRANGER, Office

ANSWER = {"answer": b.ANSWER}
CORRECTED = {"outcome": "corrected", "answer": b.ANSWER}


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


@pytest.mark.req("V-27")
@pytest.mark.req("U-11")
async def test_a_person_follows_a_dispute_to_its_answer_in_words(desk: Desk) -> None:
    dispute = await desk.dispute()
    dispute_id = dispute["dispute_id"]
    taken = await desk.handle(dispute_id, "assignment")
    answered = await desk.handle(dispute_id, "answer", ANSWER, version=taken.headers["etag"])
    settled = await desk.handle(dispute_id, "settlement", CORRECTED, version=answered.headers["etag"])
    assert [taken.status, answered.status, settled.status] == [200, 200, 200]

    detail = (await desk.read("me", f"disputes/{dispute_id}", caller=CITIZEN)).json()

    assert (detail["number"], detail["state"], detail["words"]) == ("PA000001/2026/06601", "corrected", b.WORDS)
    assert detail["due_at"] == "2026-03-16T10:00:00Z"
    line = [(step["step"], step["answer"]) for step in detail["time_line"]]
    assert line == [("opened", None), ("assigned", None), ("answered", b.ANSWER), ("corrected", b.ANSWER)]
    listed = (await desk.read("me", "disputes", caller=CITIZEN)).json()["disputes"]
    assert [(entry["dispute_id"], entry["state"]) for entry in listed] == [(dispute_id, "corrected")]


@pytest.mark.req("U-11")
@pytest.mark.parametrize("words", ["", "   ", "ok", "." * 40])
async def test_no_dispute_is_settled_without_words(desk: Desk, words: str) -> None:
    dispute = await desk.dispute()
    taken = await desk.handle(dispute["dispute_id"], "assignment")
    version = taken.headers["etag"]
    body = {"outcome": "stands", "answer": words}
    answer = await desk.handle(dispute["dispute_id"], "settlement", body, version=version)
    assert (answer.status, answer.json()["errors"][0]["rule"]) == (422, "own_words")


@pytest.mark.req("V-28")
async def test_a_disputed_visit_waits_in_the_queue_as_fraud(desk: Desk) -> None:
    await desk.dispute()
    visit = await desk.dispute(subject="visit", words="Tôi không hề đi khám ở nơi này vào ngày đó.")
    assert len(await desk.queue()) == 2
    fraud = await desk.queue(query="?nature=fraud")
    assert [(entry["dispute_id"], entry["subject"]) for entry in fraud] == [(visit["dispute_id"], "visit")]


@pytest.mark.req("S-47")
async def test_what_is_said_of_a_visit_opens_to_an_officer_with_a_reason_for_health_data_only(desk: Desk) -> None:
    visit = await desk.dispute(subject="visit")
    path = f"disputes/{visit['dispute_id']}"
    narrow, wide = await desk.opening(desk.parent), await desk.opening(desk.parent, scope="health")
    refused = await desk.read(desk.parent, path, opening=narrow)
    assert (refused.status, refused.json()["code"]) == (403, "opening_too_narrow")
    assert (await desk.read(desk.parent, path, opening=wide)).json()["words"] == b.WORDS
    assert (await desk.read("me", path, caller=CITIZEN)).status == 200


@pytest.mark.sec("PII-10")
async def test_the_queue_quotes_nobody_and_reading_a_dispute_is_recorded(desk: Desk) -> None:
    dispute = await desk.dispute()
    (entry,) = await desk.queue()
    assert b.WORDS not in str(entry)
    assert entry["participant_id"] == desk.parent
    path = f"disputes/{dispute['dispute_id']}"
    assert (await desk.read(desk.parent, path)).json()["code"] == "opening_required"
    opening = await desk.opening(desk.parent)
    assert (await desk.read(desk.parent, path, opening=opening)).json()["words"] == b.WORDS
    seen = (await desk.read("me", "readings", caller=CITIZEN)).json()["openings"][0]
    assert [read["part"] for read in seen["reads"]] == ["disputes"]


async def test_the_queue_is_the_own_agencys_first_due_first(desk: Desk) -> None:
    first = await desk.dispute()
    desk.service.clock.advance(timedelta(days=3))
    second = await desk.dispute()
    assert [entry["dispute_id"] for entry in await desk.queue()] == [first["dispute_id"], second["dispute_id"]]
    assert len(await desk.queue(caller=PROVINCIAL)) == 2
    assert await desk.queue(caller=STRANGER) == []


async def test_the_queue_names_the_version_a_command_has_to_name(desk: Desk) -> None:
    dispute = await desk.dispute()
    await desk.handle(dispute["dispute_id"], "assignment")
    (entry,) = await desk.queue()
    answered = await desk.handle(dispute["dispute_id"], "answer", ANSWER, version=f'"{entry["version"]}"')
    assert answered.status == 200


async def test_an_officer_answers_on_the_version_seen(desk: Desk) -> None:
    dispute = await desk.dispute()
    await desk.handle(dispute["dispute_id"], "assignment")
    assert (await desk.handle(dispute["dispute_id"], "answer", ANSWER)).status == 428
    assert (await desk.handle(dispute["dispute_id"], "answer", ANSWER, version='"1"')).status == 412


@pytest.mark.sec("API-05")
@pytest.mark.parametrize("verb", ["assignment", "answer", "settlement"])
async def test_anothers_dispute_is_as_absent_as_one_that_never_was(desk: Desk, verb: str) -> None:
    body = {"assignment": None, "answer": ANSWER, "settlement": CORRECTED}[verb]
    dispute = await desk.dispute()
    answers = [
        await desk.handle(dispute_id, verb, body, caller=STRANGER, version=version)
        for dispute_id in (dispute["dispute_id"], "f" * 32)
        for version in ('"1"', '"7"')
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1


async def test_another_person_neither_reads_nor_withdraws_it(desk: Desk) -> None:
    dispute = await desk.dispute()
    path = f"/v1/participants/me/disputes/{dispute['dispute_id']}"
    read = await desk.service.ask("GET", path, caller=NEIGHBOUR)
    withdrawn = await desk.service.ask("POST", f"{path}/withdrawal", caller=NEIGHBOUR)
    assert (read.status, withdrawn.status) == (404, 404)


async def test_a_withdrawn_dispute_leaves_the_queue(desk: Desk) -> None:
    dispute = await desk.dispute()
    path = f"/v1/participants/me/disputes/{dispute['dispute_id']}/withdrawal"
    assert (await desk.service.ask("POST", path, caller=CITIZEN)).json()["state"] == "withdrawn"
    assert await desk.queue() == []
    refused = await desk.handle(dispute["dispute_id"], "assignment")
    assert (refused.status, refused.json()["outcome"]) == (409, "withdrawn")


async def test_a_guardian_disputes_for_the_child(desk: Desk) -> None:
    dispute = await desk.dispute(desk.child)
    detail = (await desk.read(desk.child, f"disputes/{dispute['dispute_id']}", caller=CITIZEN)).json()
    assert detail["opened_by"] == "guardian"
    own = await desk.dispute(desk.parent)
    assert (await desk.read("me", f"disputes/{own['dispute_id']}", caller=CITIZEN)).json()["opened_by"] == "participant"


async def test_staff_do_not_dispute_for_people(desk: Desk) -> None:
    content = {"subject": "period", "words": b.WORDS}
    path = f"/v1/participants/{desk.parent}/disputes"
    assert (await desk.service.ask("POST", path, content, caller=OFFICER)).status == 403


@pytest.mark.req("U-11")
async def test_an_overdue_dispute_goes_to_the_provincial_office_by_itself_and_once(desk: Desk) -> None:
    dispute = await desk.dispute()
    await desk.handle(dispute["dispute_id"], "assignment")
    desk.service.clock.advance(timedelta(days=13))
    await desk.service.use_cases.escalations.escalate_overdue()
    assert "dispute_escalated" not in await desk.service.event_types()
    desk.service.clock.advance(timedelta(days=2))
    for _ in range(2):
        await desk.service.use_cases.escalations.escalate_overdue()
    assert (await desk.service.event_types()).count("dispute_escalated") == 1

    (entry,) = await desk.queue(caller=PROVINCIAL)
    assert (entry["state"], entry["escalated_to"]) == ("escalated", "066")
    assert (await desk.handle(dispute["dispute_id"], "assignment", caller=COLLEAGUE)).status == 409
    assert (await desk.handle(dispute["dispute_id"], "assignment", caller=PROVINCIAL)).status == 200


async def test_a_dispute_reads_as_of_a_moment_as_it_stood_then(desk: Desk) -> None:
    dispute = await desk.dispute()
    then = quote(desk.service.clock.now().isoformat())
    desk.service.clock.advance(timedelta(hours=1))
    await desk.handle(dispute["dispute_id"], "assignment")
    detail = await desk.read("me", f"disputes/{dispute['dispute_id']}?as_of={then}", caller=CITIZEN)
    assert detail.json()["state"] == "opened"
    assert (await desk.read("me", "disputes?as_of=2020-01-01", caller=CITIZEN)).json()["disputes"] == []
    missing = await desk.read("me", f"disputes/{dispute['dispute_id']}?as_of=2020-01-01", caller=CITIZEN)
    assert missing.status == 404


def period() -> dict[str, str]:
    return {
        "kind": "social",
        "from_month": "2020-01",
        "to_month": "2020-12",
        "employer_code": "TA0001Z",
        "employer_name": "Công ty Mẫu",
        "occupation": "Thợ may",
        "value": "5000000",
    }


ROWS = {
    "period": ("periods", period()),
    "benefit": ("benefits", rows.benefit_row()),
    "card": ("cards", rows.card_row()),
    "visit": ("visits", rows.visit_row()),
}


async def recorded(desk: Desk, subject: str) -> str:
    part, row = ROWS[subject]
    answer = await Office(desk.service).post(f"participants/{desk.parent}/{part}", {"rows": [row]})
    assert answer.json()["rows"][0]["outcome"] == "recorded", answer.body
    return str(answer.json()["rows"][0]["id"])


async def pointing(desk: Desk, subject: str, reference: str, **more: Any) -> HttpAnswer:  # noqa: ANN401  # as `ask` takes
    content = {"subject": subject, "reference": reference, "words": b.WORDS}
    return await desk.service.ask("POST", "/v1/participants/me/disputes", content, **({"caller": CITIZEN} | more))


@pytest.mark.req("V-27")
@pytest.mark.parametrize("subject", ROWS)
async def test_what_is_disputed_stands_in_the_persons_own_record(desk: Desk, subject: str) -> None:
    row_id = await recorded(desk, subject)
    refusals = [
        await pointing(desk, subject, "0" * 32),
        await pointing(desk, subject, "full_name"),
        await pointing(desk, "card" if subject == "visit" else "visit", row_id),
        await pointing(desk, subject, row_id, caller=NEIGHBOUR),
    ]
    assert {answer.status for answer in refusals} == {422}
    told = [(error["field"], error["rule"]) for answer in refusals for error in answer.json()["errors"]]
    assert told == [("reference", "unknown_reference")] * 4
    assert "dispute_opened" not in await desk.service.event_types()
    opened = await pointing(desk, subject, row_id)
    detail = await desk.read("me", f"disputes/{opened.json()['dispute_id']}", caller=CITIZEN)
    assert (opened.status, detail.json()["reference"]) == (201, row_id)


@pytest.mark.parametrize("subject", ["period", "benefit", "visit"])
async def test_that_something_was_withdrawn_can_be_disputed_too(desk: Desk, subject: str) -> None:
    row_id = await recorded(desk, subject)
    path = f"participants/{desk.parent}/{ROWS[subject][0]}/{row_id}/withdrawal"
    assert (await Office(desk.service).post(path, {"reason": "Ghi nhầm người tham gia"})).status == 200
    assert (await pointing(desk, subject, row_id)).status == 201


async def test_of_the_identity_a_field_of_the_personal_page_is_disputed(desk: Desk) -> None:
    assert (await pointing(desk, "identity", "birth_date")).status == 201
    refused = await pointing(desk, "identity", "shoe_size")
    assert (refused.status, refused.json()["errors"][0]["rule"]) == (422, "unknown_reference")


async def test_a_dispute_that_was_opened_is_answered_alike_after_its_row_is_gone(desk: Desk) -> None:
    row_id = await recorded(desk, "visit")
    first = await pointing(desk, "visit", row_id, key="k" * 32)
    await Office(desk.service).post(
        f"participants/{desk.parent}/visits/{row_id}/withdrawal", {"reason": "Không có lượt khám này"}
    )
    assert (await pointing(desk, "visit", row_id, key="k" * 32)).json() == first.json()


async def test_the_same_request_again_is_one_dispute(desk: Desk) -> None:
    content = {"subject": "card", "words": b.WORDS}
    answers = [
        await desk.service.ask("POST", "/v1/participants/me/disputes", content, caller=CITIZEN, key="k" * 32)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len(await desk.queue()) == 1


async def test_a_merged_persons_disputes_are_still_the_persons_and_the_agencys(desk: Desk) -> None:
    dispute = await desk.dispute(caller=NEIGHBOUR)
    dispute_id = dispute["dispute_id"]
    merged = await Office(desk.service).post(f"participants/{desk.parent}/merge", {"duplicate_id": desk.other})
    assert merged.status == 200

    listed = (await desk.read("me", "disputes", caller=CITIZEN)).json()["disputes"]
    assert [entry["dispute_id"] for entry in listed] == [dispute_id]
    (entry,) = await desk.queue()
    opening = await desk.opening(entry["participant_id"])
    assert (await desk.read(entry["participant_id"], f"disputes/{dispute_id}", opening=opening)).status == 200
    withdrawal = f"/v1/participants/me/disputes/{dispute_id}/withdrawal"
    assert (await desk.service.ask("POST", withdrawal, caller=CITIZEN)).status == 200


async def test_others_are_told_that_there_is_a_dispute_and_whom_to_tell_of_its_end(desk: Desk) -> None:
    dispute = await desk.dispute(subject="visit")
    await desk.service.ask("POST", f"/v1/participants/me/disputes/{dispute['dispute_id']}/withdrawal", caller=CITIZEN)
    told = [to_contract(recorded) for recorded in await desk.service.events()]
    opened = next(event for event in told if isinstance(event, DisputeOpenedV1))
    settled = next(event for event in told if isinstance(event, DisputeSettledV1))
    assert (opened.nature, opened.agency_code, opened.dispute_number) == ("fraud", b.AGENCY, dispute["number"])
    assert settled.contact is not None
    assert (settled.outcome, settled.contact.phone) == ("withdrawn", "+84900000018")
    assert b.WORDS not in str(told)
