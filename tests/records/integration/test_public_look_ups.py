"""Look-ups without an account: behind a proof and limits, saying no more than the question needs."""

from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest
from records.projections.number_look_ups import NumberLookUps

from tests.records.desk import Desk
from tests.records.feeding import Office
from tests.records.service import FoldedView

NAME = "Nguyễn Văn Mẫu"
QUESTION: dict[str, Any] = {"full_name": NAME, "province_code": "66", "birth_date": "1990-03-17"}
PAPER: dict[str, Any] = {
    "full_name": NAME,
    "province_code": "66",
    "paper": {"kind": "citizen_id", "number": "066090000018"},
}
KNOWN: dict[str, Any] = {"full_name": NAME, "province_code": "66", "known_number": "66 0000 0018"}
NOBODY = {"social_insurance_number": None}


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


async def ask(desk: Desk, question: dict[str, Any], *, address: str = "203.0.113.7") -> HttpAnswer:
    return await desk.service.ask(
        "POST", "/v1/public/number", question, caller=a_guest(), proof=desk.proof(), address=address
    )


@pytest.mark.req("S-55")
@pytest.mark.req("V-02")
@pytest.mark.parametrize(
    "question", [QUESTION, PAPER, KNOWN, QUESTION | {"full_name": "nguyen van mau", "marks": "without"}]
)
async def test_a_guest_finds_the_own_number_and_nothing_else(desk: Desk, question: dict[str, Any]) -> None:
    answer = await ask(desk, question)
    assert (answer.status, answer.json()) == (200, {"social_insurance_number": "6600000018"})


@pytest.mark.req("V-01")
@pytest.mark.parametrize(
    "changes",
    [
        {"full_name": "Nguyễn Văn Khác"},
        {"province_code": "79"},
        {"birth_date": "1990-03-18"},
        {"birth_date": None, "known_number": "6600000019"},
    ],
    ids=["name", "province", "birth date", "number"],
)
async def test_who_is_not_found_is_answered_in_the_same_shape(desk: Desk, changes: dict[str, str | None]) -> None:
    known, unknown = await ask(desk, QUESTION), await ask(desk, QUESTION | changes)
    assert (unknown.status, unknown.json()) == (200, NOBODY)
    assert known.json().keys() == unknown.json().keys()
    assert {name for name in known.headers if name != "content-length"} == {
        name for name in unknown.headers if name != "content-length"
    }


@pytest.mark.req("V-01")
async def test_two_people_who_fit_read_like_nobody(desk: Desk) -> None:
    await Office(desk.service).registered(number="6600000042", citizen_number="066090000042")
    assert (await ask(desk, QUESTION)).json() == NOBODY
    assert (await ask(desk, PAPER)).json() == {"social_insurance_number": "6600000018"}


@pytest.mark.req("V-02")
async def test_a_district_tells_two_people_apart_who_are_alike_otherwise(desk: Desk) -> None:
    office = Office(desk.service)
    await office.registered(number="6600000042", citizen_number="066090000042")
    here = {"layout": "with_districts", "province_code": "66", "district_code": "643", "ward_code": "24136"}
    lives = {"address": "Số 1, Phố Thử Nghiệm", "place": here}
    assert (await office.post(f"participants/{desk.parent}/contact", lives)).status == 200

    district = {"layout": "with_districts", "district_code": "643"}
    assert (await ask(desk, QUESTION)).json() == NOBODY
    assert (await ask(desk, QUESTION | {"area": district})).json() == {"social_insurance_number": "6600000018"}
    elsewhere = district | {"district_code": "644"}
    assert (await ask(desk, QUESTION | {"area": elsewhere})).json() == NOBODY
    assert (await ask(desk, QUESTION | {"area": {"layout": "without_districts", "district_code": "643"}})).status == 422

    moved = {"address": "Số 9, Phố Khác"}
    assert (await office.post(f"participants/{desk.parent}/contact", moved)).status == 200
    assert (await ask(desk, QUESTION | {"area": district})).json() == NOBODY


@pytest.mark.req("V-02")
async def test_a_hamlet_tells_two_people_of_one_ward_apart_with_marks_or_without(desk: Desk) -> None:
    office = Office(desk.service)
    await office.registered(number="6600000042", citizen_number="066090000042")
    ward = {"layout": "with_districts", "ward_code": "24136"}
    place = ward | {"province_code": "66", "district_code": "643", "hamlet": " Xóm  Đình "}
    lives = {"address": "Số 1, Phố Thử Nghiệm", "place": place}
    assert (await office.post(f"participants/{desk.parent}/contact", lives)).status == 200
    found = {"social_insurance_number": "6600000018"}
    without = QUESTION | {"full_name": "nguyen van mau", "marks": "without"}
    assert (await ask(desk, QUESTION | {"area": ward | {"hamlet": "xóm đình"}})).json() == found
    assert (await ask(desk, without | {"area": ward | {"hamlet": "xom dinh"}})).json() == found
    assert (await ask(desk, QUESTION | {"area": ward | {"hamlet": "xom dinh"}})).json() == NOBODY
    assert (await ask(desk, QUESTION | {"area": ward | {"hamlet": "xóm đông"}})).json() == NOBODY
    slip = await ask(desk, QUESTION | {"area": ward | {"hamlet": "\u200b"}})
    assert [(error["field"], error["rule"]) for error in slip.json()["errors"]] == [("area.hamlet", "plain_line")]


async def test_the_number_found_is_the_one_that_stands(desk: Desk) -> None:
    office = Office(desk.service)
    corrected = {"full_name": "Nguyễn Văn Mẫn", "birth_date": "1990-03-17", "sex": "male"}
    path = f"participants/{desk.parent}/identity"
    assert (await office.post(path, corrected, version='"3"')).status == 200
    assert (await ask(desk, QUESTION)).json() == NOBODY
    assert (await ask(desk, QUESTION | {"full_name": "Nguyễn Văn Mẫn"})).json() != NOBODY


async def test_a_merged_record_is_found_no_more(desk: Desk) -> None:
    other = QUESTION | {"full_name": "Trần Thị Thử"}
    assert (await ask(desk, other)).json() == {"social_insurance_number": "6600000026"}
    await Office(desk.service).post(f"participants/{desk.parent}/merge", {"duplicate_id": desk.other})
    assert (await ask(desk, other)).json() == NOBODY


@pytest.mark.sec("PII-05")
async def test_what_is_looked_for_is_stored_as_blind_indexes_only(desk: Desk) -> None:
    view = FoldedView(desk.service.store, NumberLookUps(desk.service.blind_index))
    document = await view.get(desk.parent)
    assert document is not None
    clear = {name: value for name, value in document.items() if name not in NumberLookUps.personal_fields}
    assert not [word for word in ("nguyen", "Nguyễn", "1990", "066090000018", "6600000018") if word in str(clear)]
    assert len(document["keys"]) == 6


@pytest.mark.req("V-01")
async def test_every_look_up_asks_for_a_proof_and_takes_each_once(desk: Desk) -> None:
    asked = [
        ("POST", "/v1/public/number", QUESTION),
        ("GET", "/v1/public/facilities?province=66", None),
        ("GET", "/v1/public/employers?province=66", None),
        ("GET", "/v1/public/collection-organisations?province=66", None),
        ("GET", "/v1/public/collection-points?province=66", None),
    ]
    for method, path, body in asked:
        without = await desk.service.ask(method, path, body)
        assert (without.status, without.json()["code"]) == (403, "human_check_required")
        forged = await desk.service.ask(method, path, body, proof="0" * 64)
        assert (forged.status, forged.json()["flaw"]) == (403, "malformed")
        proof = desk.proof()
        assert (await desk.service.ask(method, path, body, proof=proof)).status == 200
        again = await desk.service.ask(method, path, body, proof=proof)
        assert (again.status, again.json()["flaw"]) == (403, "used")


async def test_a_slip_in_the_question_costs_no_proof(desk: Desk) -> None:
    proof = desk.proof()
    for slip in ({"birth_date": "1990-02-31"}, {"full_name": "<b>"}, {"province_code": "x"}, PAPER):
        answer = await desk.service.ask("POST", "/v1/public/number", QUESTION | slip, proof=proof)
        assert answer.status == 422, slip
    assert (await desk.service.ask("POST", "/v1/public/number", QUESTION, proof=proof)).status == 200


async def test_a_challenge_can_be_asked_for_and_solved(desk: Desk) -> None:
    given = (await desk.service.ask("POST", "/v1/public/challenges")).json()
    assert (given["kind"], given["difficulty_bits"]) == ("sha-256-zero-bits", 1)
    proofs = (f"{given['challenge']}.{nonce}" for nonce in range(64))
    answers = [await desk.service.ask("POST", "/v1/public/number", QUESTION, proof=proof) for proof in proofs]
    assert {answer.status for answer in answers} == {200, 403}
    assert sum(answer.status == 200 for answer in answers) == 1


@pytest.mark.req("V-01")
@pytest.mark.parametrize("question", [QUESTION, QUESTION | {"full_name": "Nguyễn Văn Khác"}], ids=["known", "unknown"])
async def test_questions_about_one_person_are_limited_whether_on_record_or_not(
    desk: Desk, question: dict[str, Any]
) -> None:
    answers = [await ask(desk, question, address=f"203.0.113.{host}") for host in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert answers[5].headers["retry-after"] == "3600"
    bare = question | {"full_name": "nguyen van mau" if question is QUESTION else "nguyen van khac", "marks": "without"}
    assert (await ask(desk, bare, address="203.0.113.99")).status == 429
    desk.service.clock.advance(timedelta(hours=1))
    assert (await ask(desk, question)).status == 200


@pytest.mark.req("V-01")
async def test_one_address_cannot_ask_for_everybody(desk: Desk) -> None:
    people = [QUESTION | {"full_name": f"Nguyễn Văn {letter * 2}"} for letter in "abcdefghijklmnopqrstuvwxyzăâđêô"]
    statuses = [(await ask(desk, person)).status for person in people]
    assert statuses == [200] * 30 + [429]


@pytest.mark.req("V-01")
async def test_one_birth_date_after_the_other_cannot_be_tried(desk: Desk) -> None:
    days = [QUESTION | {"birth_date": f"19{year}-01-{day:02d}"} for year in (70, 71, 72) for day in range(1, 29)]
    statuses = [(await ask(desk, day, address=f"198.51.100.{n}")).status for n, day in enumerate(days)]
    assert statuses == [200] * 60 + [429] * 24
