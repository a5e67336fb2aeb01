"""Health cards over HTTP: issued, shown with their state on a day, found by every number."""

from datetime import timedelta

import pytest
from ansinh_kit.testing.callers import a_citizen

from tests.records import rows
from tests.records.cards_over_http import ENDED, TO_COME, feed, page, rules
from tests.records.feeding import CITIZEN, OFFICER, STRANGER, Office, declared


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def participant_id(office: Office) -> str:
    participant_id = await office.registered()
    await office.declare(participant=declared())
    return participant_id


@pytest.mark.req("S-41")
@pytest.mark.req("S-43")
async def test_the_card_shows_what_is_printed_on_it(office: Office, participant_id: str) -> None:
    empty = await page(office)
    assert (empty["card"], empty["nothing_yet"]["vi"]) == (None, "Chưa có thẻ BHYT.")
    await feed(office, participant_id, rows.card_row())
    card = (await page(office))["card"]
    shown = ("state", "card_number", "full_name", "birth_date", "sex", "facility_code", "valid_to", "five_year_date")
    assert {name: card[name] for name in shown} == {
        "state": "valid",
        "card_number": rows.CARD_NUMBER,
        "full_name": "Nguyễn Văn Mẫu",
        "birth_date": "1990-03-17",
        "sex": "male",
        "facility_code": "66001",
        "valid_to": "2026-12-31",
        "five_year_date": "2026-01-01",
    }
    assert card["benefit_percent"] == 80


@pytest.mark.req("S-44")
@pytest.mark.parametrize(("cells", "state"), [(ENDED, "expired"), (TO_COME, "not_yet_valid")])
async def test_a_card_outside_its_days_is_told_as_that_and_has_no_code(
    office: Office, participant_id: str, cells: dict[str, str], state: str
) -> None:
    await feed(office, participant_id, rows.card_row(**cells))
    assert (await page(office))["card"]["state"] == state
    answer = await office.service.ask("GET", "/v1/participants/me/card/qr", caller=CITIZEN)
    assert (answer.status, answer.json()["code"], answer.json()["state"]) == (409, "card_not_valid", state)


async def test_a_replaced_card_is_not_reinstated_beside_the_new_one(office: Office, participant_id: str) -> None:
    (old,) = await feed(office, participant_id, rows.card_row())
    new = rows.card_row(card_number="GD4666600000018", valid_from="01/02/2026", replaces=rows.CARD_NUMBER)
    (issued,) = await feed(office, participant_id, new)
    path = f"participants/{participant_id}/cards/{old['id']}/reinstatement"
    refused = await office.post(path, {"reason": "Thu hồi nhầm thẻ"})
    assert (refused.status, refused.json()["rule"]) == (409, "overlaps_standing_card")
    assert refused.json()["row_ids"] == [issued["id"]]


async def test_the_card_of_a_past_day_is_judged_by_that_day_and_by_what_was_known_then(
    office: Office, participant_id: str
) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    office.service.clock.advance(timedelta(days=30))
    body = {"withdrawn_on": "05/03/2026", "reason": "Thôi việc"}
    await office.post(f"participants/{participant_id}/cards/{issued['id']}/withdrawal", body)
    assert (await page(office, "?as_of=2026-03-10"))["card"]["state"] == "valid"
    assert (await page(office))["card"]["state"] == "withdrawn"
    assert (await page(office, "?as_of=2027-01-01"))["day"] == "2027-01-01"
    assert (await page(office, "?as_of=2025-01-01"))["card"] is None


async def test_cards_name_the_one_before_and_the_one_after(office: Office, participant_id: str) -> None:
    first, second = await feed(office, participant_id, rows.card_row(**ENDED), rows.card_row())
    seen = await page(office)
    assert (seen["card"]["card_id"], seen["card"]["previous_card_id"]) == (second["id"], first["id"])
    assert [other["next_card_id"] for other in seen["others"]] == [second["id"]]


async def test_a_card_bears_the_numbers_of_its_holder_only(office: Office, participant_id: str) -> None:
    other = await office.registered(number="6600000026", citizen_number="066090000026")
    assert rules((await feed(office, other, rows.card_row()))[0]) == [
        ("social_insurance_number", "other_persons_number")
    ]
    old = {"card_number": "DN4666A19000001"}
    assert (await feed(office, participant_id, rows.card_row(**old)))[0]["outcome"] == "recorded"
    taken = rows.card_row(**old, social_insurance_number="6600000026")
    bad, refused = await feed(office, other, rows.card_row(sex="?"), taken)
    assert (rules(bad), rules(refused)) == ([("sex", "sex")], [("card_number", "card_number_taken")])


async def test_a_number_of_a_refused_row_is_not_kept_from_its_owner(office: Office, participant_id: str) -> None:
    other = await office.registered(number="6600000026", citizen_number="066090000026")
    old = "DN4666A19000001"
    overlapping = rows.card_row(card_number=old)
    first, refused = await feed(office, participant_id, rows.card_row(), overlapping)
    assert (first["outcome"], rules(refused)) == ("recorded", [("card_number", "overlaps_standing_card")])
    (theirs,) = await feed(office, other, rows.card_row(card_number=old, social_insurance_number="6600000026"))
    assert theirs["outcome"] == "recorded"


async def test_a_mistyped_number_is_free_for_whose_it_is_once_it_was_corrected(
    office: Office, participant_id: str
) -> None:
    other = await office.registered(number="6600000026", citizen_number="066090000026")
    theirs = rows.card_row(card_number="DN4666A19000001", social_insurance_number="6600000026")
    (mistyped,) = await feed(office, participant_id, rows.card_row(card_number="DN4666A19000001"))
    assert rules((await feed(office, other, theirs))[0]) == [("card_number", "card_number_taken")]
    path = f"participants/{participant_id}/cards/{mistyped['id']}/corrections"
    assert (await office.post(path, rows.card_row())).status == 200
    assert (await feed(office, other, theirs))[0]["outcome"] == "recorded"
    assert rules((await feed(office, participant_id, rows.card_row(card_number="DN4666A19000001")))[0]) == [
        ("card_number", "card_number_taken")
    ]


@pytest.mark.req("V-32")
@pytest.mark.parametrize("number", [rows.CARD_NUMBER, "dn 4 66 6600000018", "6600000018", "066090000018"])
async def test_every_number_of_the_person_finds_the_same_card(office: Office, participant_id: str, number: str) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    found = await office.service.use_cases.card_look_up.by_number(number)
    assert found is not None
    assert found.card_id == issued["id"]


@pytest.mark.req("V-32")
@pytest.mark.parametrize("number", ["GD4666600000018", "6600000026", "066090000026", "", "0", "DN4666600000018x"])
async def test_a_number_of_nobody_finds_nothing(office: Office, participant_id: str, number: str) -> None:
    await feed(office, participant_id, rows.card_row())
    assert await office.service.use_cases.card_look_up.by_number(number) is None


async def test_by_a_card_number_only_cards_that_bear_it_are_found(office: Office, participant_id: str) -> None:
    new = rows.card_row(
        card_number="GD4666600000018", valid_from="01/02/2026", valid_to="31/12/2026", replaces=rows.CARD_NUMBER
    )
    await feed(office, participant_id, rows.card_row())
    await feed(office, participant_id, new)
    look_up = office.service.use_cases.card_look_up
    old, present = await look_up.by_number(rows.CARD_NUMBER), await look_up.by_number("6600000018")
    assert old is not None
    assert present is not None
    assert (old.state_on(look_up.today()), present.card.card_number) == ("withdrawn", "GD4666600000018")


async def test_after_a_merge_the_survivor_has_the_card_and_its_number(office: Office, participant_id: str) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    survivor = await office.registered(number="6600000026", citizen_number="066090000026")
    await office.post(f"participants/{survivor}/merge", {"duplicate_id": participant_id})
    found = await office.service.use_cases.card_look_up.by_number(rows.CARD_NUMBER)
    assert found is not None
    assert found.card_id == issued["id"]
    (again,) = await feed(office, participant_id, rows.card_row())
    assert again["outcome"] == "unchanged"
    assert "Nguyễn" in str(await page(office))


async def test_a_code_is_for_the_holder_alone(office: Office, participant_id: str) -> None:
    await feed(office, participant_id, rows.card_row())
    path = f"/v1/participants/{participant_id}/card/qr"
    stranger = a_citizen(account_id="account-2", person_id="9" * 32)
    assert (await office.service.ask("GET", path, caller=stranger)).status in (403, 404)
    assert (await office.service.ask("GET", path, caller=OFFICER)).status == 403
    assert (await office.service.ask("GET", path)).status == 401
    staff = f"/v1/staff/participants/{participant_id}/cards"
    assert (await office.service.ask("POST", staff, {"rows": [{}]}, caller=STRANGER)).status == 404


async def test_nothing_of_a_card_is_stored_in_the_clear(office: Office, participant_id: str) -> None:
    await feed(office, participant_id, rows.card_row())
    stored = repr((await office.service.log.read_after(0, limit=100)).commits)
    for value in (rows.CARD_NUMBER, "66001", "1990", "Mẫu"):
        assert value not in stored
