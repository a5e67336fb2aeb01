"""Whether a card is valid, asked without an account: told to whoever knows number, name and birth date."""

from typing import Any

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.records import rows
from tests.records.desk import Desk
from tests.records.feeding import OFFICER

NOTHING = {"valid": False, "state": None, "valid_from": None, "valid_to": None, "five_year_date": None}


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


@pytest.fixture
async def question(desk: Desk) -> dict[str, Any]:
    """Feed the parent's card; return what its holder would ask."""
    card = rows.card_row()
    path = f"/v1/staff/participants/{desk.parent}/cards"
    fed = await desk.service.ask("POST", path, {"rows": [card]}, caller=OFFICER)
    assert fed.status == 200, fed.body
    return {"card_number": card["card_number"], "full_name": "nguyen van mau", "birth_date": "1990-03-17"}


async def ask(desk: Desk, question: dict[str, Any], *, address: str = "203.0.113.7") -> HttpAnswer:
    return await desk.service.ask("POST", "/v1/public/card", question, proof=desk.proof(), address=address)


@pytest.mark.req("V-04")
async def test_who_knows_number_name_and_birth_date_is_told_whether_the_card_is_valid(
    desk: Desk, question: dict[str, Any]
) -> None:
    by_card = await ask(desk, question)
    assert by_card.status == 200, by_card.body
    assert (by_card.json()["valid"], by_card.json()["state"]) == (True, "valid")
    assert by_card.json()["valid_from"]
    assert by_card.json().keys() == NOTHING.keys()
    by_ten_digits = await ask(desk, question | {"card_number": question["card_number"][-10:]})
    assert by_ten_digits.json() == by_card.json()


@pytest.mark.req("V-04")
@pytest.mark.req("V-01")
@pytest.mark.parametrize(
    "changes",
    [{"full_name": "Nguyễn Văn Khác"}, {"birth_date": "1991-01-01"}, {"card_number": "DN4666600000999"}],
    ids=["name", "birth date", "number"],
)
async def test_what_does_not_fit_reads_like_a_card_that_never_was(
    desk: Desk, question: dict[str, Any], changes: dict[str, str]
) -> None:
    answer = await ask(desk, question | changes)
    assert (answer.status, answer.json()) == (200, NOTHING)


@pytest.mark.req("V-01")
async def test_names_cannot_be_tried_on_a_card(desk: Desk, question: dict[str, Any]) -> None:
    tries = [question | {"full_name": f"Nguyễn Văn {letter * 2}"} for letter in "abcdef"]
    statuses = [(await ask(desk, each, address=f"203.0.113.{n}")).status for n, each in enumerate(tries)]
    assert statuses == [200] * 5 + [429]


@pytest.mark.sec("SEC-30")
async def test_one_card_has_one_count_by_whichever_of_its_numbers_it_is_asked_for(
    desk: Desk, question: dict[str, Any]
) -> None:
    forms = [question["card_number"], question["card_number"][-10:]] * 3
    tries = [question | {"card_number": form, "full_name": "Nguyễn Văn Khác"} for form in forms]
    statuses = [(await ask(desk, each, address=f"203.0.113.{n}")).status for n, each in enumerate(tries)]
    assert statuses == [200] * 5 + [429]


async def test_without_a_proof_no_card_is_looked_for(desk: Desk, question: dict[str, Any]) -> None:
    answer = await desk.service.ask("POST", "/v1/public/card", question)
    assert (answer.status, answer.json()["code"]) == (403, "human_check_required")
    malformed = await ask(desk, question | {"card_number": "066090000018"})
    assert (malformed.status, malformed.json()["errors"][0]["rule"]) == (422, "card_number")
