"""Codes of health cards over HTTP: shown to the holder, and what a facility that scans one is told."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from records.domain.feeding.values import VIET_NAM

from tests.records import rows
from tests.records.cards_over_http import code, feed, page, scan
from tests.records.feeding import CITIZEN, Office, declared


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def participant_id(office: Office) -> str:
    participant_id = await office.registered()
    await office.declare(participant=declared())
    return participant_id


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
