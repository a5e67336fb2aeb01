"""Health cards over HTTP: issued, shown with their state on a day, coded for a facility, found by every number."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from ansinh_kit.testing.callers import a_citizen
from records.domain.feeding.values import VIET_NAM

from tests.records import rows
from tests.records.feeding import CITIZEN, OFFICER, STRANGER, Office, declared

ENDED = {"valid_from": "01/01/2025", "valid_to": "31/12/2025", "issued_on": "15/12/2024"}
TO_COME = {"valid_from": "01/07/2026", "valid_to": "31/12/2026", "issued_on": "15/12/2025"}


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def participant_id(office: Office) -> str:
    participant_id = await office.registered()
    await office.declare(participant=declared())
    return participant_id


async def feed(office: Office, participant_id: str, *sent: dict[str, str], **more: Any) -> list[Any]:  # noqa: ANN401  # JSON
    answer = await office.post(f"participants/{participant_id}/cards", {"rows": list(sent), **more})
    assert answer.status == 200, answer.body
    return list(answer.json()["rows"])


async def page(office: Office, query: str = "") -> Any:  # noqa: ANN401  # JSON
    answer = await office.service.ask("GET", f"/v1/participants/me/card{query}", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return answer.json()


async def code(office: Office) -> str:
    answer = await office.service.ask("GET", "/v1/participants/me/card/qr", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return str(answer.json()["payload"])


async def scan(office: Office, payload: str) -> Any:  # noqa: ANN401  # JSON
    answer = await office.service.ask("POST", "/v1/public/card-checks", {"payload": payload})
    return answer.json() | {"status": answer.status}


def rules(row: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["field"], error["rule"]) for error in row["errors"]]


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


@pytest.mark.req("S-44")
async def test_a_withdrawn_card_is_worth_nothing_at_once_even_by_a_code_shown_before(
    office: Office, participant_id: str
) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    body = {"withdrawn_on": "02/03/2026", "reason": "Thôi việc"}
    path = f"participants/{participant_id}/cards/{issued['id']}/withdrawal"
    assert (await office.post(path, body)).status == 200
    checked = await scan(office, payload)
    assert (checked["valid"], checked["state"], checked["holder"]) == (False, "withdrawn", None)
    assert (await page(office))["card"]["state"] == "withdrawn"
    assert (await office.service.ask("GET", "/v1/participants/me/card/qr", caller=CITIZEN)).status == 409
    assert (await office.post(path, body | {"withdrawn_on": "03/03/2026"})).json()["code"] == "card_already_withdrawn"


@pytest.mark.req("S-44")
@pytest.mark.req("V-30")
async def test_a_card_that_is_withdrawn_from_tomorrow_on_is_good_until_midnight_and_not_a_minute_longer(
    office: Office, participant_id: str
) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    clock = office.service.clock
    midnight = datetime.combine(clock.now().astimezone(VIET_NAM).date() + timedelta(days=1), time(), VIET_NAM)
    body = {"withdrawn_on": midnight.strftime("%d/%m/%Y"), "reason": "Thôi việc"}
    await office.post(f"participants/{participant_id}/cards/{issued['id']}/withdrawal", body)
    clock.advance(midnight - clock.now() - timedelta(minutes=1))
    payload = await code(office)
    assert (await scan(office, payload))["valid"] is True
    clock.advance(timedelta(minutes=1))
    checked = await scan(office, payload)
    assert (checked["valid"], checked["state"], checked["holder"]) == (False, "withdrawn", None)


@pytest.mark.req("V-30")
@pytest.mark.req("V-32")
async def test_no_withdrawn_card_passes_while_the_read_model_is_behind(
    office: Office, participant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    view = office.service.read_models.health_cards
    before = await view.get(participant_id)

    async def late(_: str) -> Any:  # noqa: ANN401  # as a view's `get`
        return before

    monkeypatch.setattr(view, "get", late)
    body = {"withdrawn_on": "02/03/2026", "reason": "Thôi việc"}
    await office.post(f"participants/{participant_id}/cards/{issued['id']}/withdrawal", body)
    assert (await scan(office, payload))["valid"] is False
    found = await office.service.use_cases.card_look_up.by_number(rows.CARD_NUMBER)
    assert found is not None
    assert found.withdrawn_on is not None
    assert (await office.service.ask("GET", "/v1/participants/me/card/qr", caller=CITIZEN)).status == 409


@pytest.mark.req("S-44")
@pytest.mark.req("V-30")
async def test_a_card_that_another_one_replaced_fails_the_check_at_once(office: Office, participant_id: str) -> None:
    await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    today = office.service.clock.now().strftime("%d/%m/%Y")
    new = rows.card_row(
        card_number="GD4666600000018", valid_from=today, issued_on="15/12/2025", replaces=rows.CARD_NUMBER
    )
    assert [row["outcome"] for row in await feed(office, participant_id, new)] == ["recorded"]
    old = await scan(office, payload)
    assert (old["valid"], old["state"], old["holder"]) == (False, "withdrawn", None)
    assert (await scan(office, await code(office)))["valid"] is True


@pytest.mark.req("V-30")
async def test_a_changed_card_is_checked_as_it_reads_now_by_a_code_shown_before(
    office: Office, participant_id: str
) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    path = f"participants/{participant_id}/cards/{issued['id']}/corrections"
    assert (await office.post(path, rows.card_row(facility_code="66002", facility_name="Trạm y tế Mẫu"))).status == 200
    moved = await scan(office, payload)
    assert (moved["valid"], moved["holder"]["facility_code"]) == (True, "66002")
    assert (await office.post(path, rows.card_row(valid_to="31/01/2026"))).status == 200
    ended = await scan(office, payload)
    assert (ended["valid"], ended["state"], ended["holder"]) == (False, "expired", None)


@pytest.mark.req("S-44")
async def test_a_correction_of_a_withdrawn_card_does_not_revive_its_code(office: Office, participant_id: str) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    path = f"participants/{participant_id}/cards/{issued['id']}"
    await office.post(f"{path}/withdrawal", {"withdrawn_on": "02/03/2026", "reason": "Thôi việc"})
    assert (await office.post(f"{path}/corrections", rows.card_row(facility_code="66002"))).status == 200
    assert (await scan(office, payload))["state"] == "withdrawn"


@pytest.mark.req("V-30")
async def test_a_card_withdrawn_by_mistake_is_worth_something_again_and_the_mistake_stays_readable(
    office: Office, participant_id: str
) -> None:
    (issued,) = await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    path = f"participants/{participant_id}/cards/{issued['id']}"
    await office.post(f"{path}/withdrawal", {"withdrawn_on": "02/03/2026", "reason": "Thôi việc"})
    then = quote(office.service.clock.now().isoformat())
    office.service.clock.advance(timedelta(minutes=1))
    reinstated = await office.post(f"{path}/reinstatement", {"reason": "Thu hồi nhầm thẻ"})
    assert (reinstated.status, reinstated.headers["etag"]) == (200, '"3"')
    assert (await scan(office, payload))["valid"] is True
    assert (await page(office))["card"]["withdrawn_on"] is None
    assert (await page(office, f"?as_of={then}"))["card"]["state"] == "withdrawn"


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


@pytest.mark.req("S-42")
@pytest.mark.req("V-30")
async def test_a_facility_learns_that_the_card_is_valid_now_and_whose_it_is(
    office: Office, participant_id: str
) -> None:
    await feed(office, participant_id, rows.card_row())
    checked = await scan(office, await code(office))
    assert {name: checked[name] for name in ("status", "valid", "state", "valid_from", "valid_to")} == {
        "status": 200,
        "valid": True,
        "state": "valid",
        "valid_from": "2026-01-01",
        "valid_to": "2026-12-31",
    }
    assert checked["holder"] == {
        "full_name": "Nguyễn Văn Mẫu",
        "sex": "male",
        "birth_date": "1990-03-17",
        "birth_year": 1990,
        "facility_code": "66001",
        "facility_name": "Bệnh viện Đa khoa Mẫu",
    }


@pytest.mark.req("V-30")
async def test_a_code_dies_after_five_minutes_to_the_second(office: Office, participant_id: str) -> None:
    await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    office.service.clock.advance(timedelta(minutes=5) - timedelta(seconds=1))
    assert (await scan(office, payload))["valid"] is True
    office.service.clock.advance(timedelta(seconds=1))
    dead = await scan(office, payload)
    assert (dead["status"], dead["code"]) == (422, "card_code_expired")


@pytest.mark.req("V-30")
@pytest.mark.parametrize(
    ("payload", "refusal"),
    [
        ("https://example.com/card", "card_code_foreign"),
        ("ansinh-card:", "card_code_forged"),
        ("ansinh-card:a.b.c", "card_code_forged"),
        ("ansinh-card:" + "A" * 600, "card_code_foreign"),
        ("ansinh-card:ẩ.ẩ.ẩ", "card_code_foreign"),
        ("DN4666600000018|4e677579|17/03/1990|1||66 - 001|01/01/2021|-|$", "card_code_of_paper_card"),
        ("066090000018|240000018|Nguyễn Văn Mẫu|17031990|Nam|Số 1|15042021", "card_code_foreign"),
        ("\u0000" * 50, "card_code_foreign"),
        ("<script>alert(1)</script>", "card_code_foreign"),
    ],
)
async def test_what_is_no_code_of_ours_is_refused_with_its_reason_and_not_repeated(
    office: Office, payload: str, refusal: str
) -> None:
    answer = await scan(office, payload)
    assert (answer["status"], answer["code"]) == (422, refusal)
    assert answer["message"]["vi"]
    assert answer["message"]["en"]
    assert payload[:20] not in str(answer)


async def test_a_payload_without_end_is_refused_before_it_is_looked_at(office: Office) -> None:
    assert (await scan(office, "ansinh-card:" + "A" * 5_000))["errors"][0]["rule"] == "too_long"


async def test_a_code_for_a_record_that_was_merged_since_asks_for_a_new_one(
    office: Office, participant_id: str
) -> None:
    await feed(office, participant_id, rows.card_row())
    payload = await code(office)
    survivor = await office.registered(number="6600000026", citizen_number="066090000026")
    merged = await office.post(f"participants/{survivor}/merge", {"duplicate_id": participant_id})
    assert merged.status == 200
    assert (await scan(office, payload))["code"] == "card_gone"
    assert (await scan(office, await code(office)))["valid"] is True


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
