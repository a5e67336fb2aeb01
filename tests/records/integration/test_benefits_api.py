"""Benefits over HTTP: rows in with an outcome each, four tabs out, as of any day."""

from datetime import timedelta
from typing import Any

import pytest

from tests.records import rows
from tests.records.feeding import CITIZEN, OFFICER, STRANGER, Office, declared


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def participant_id(office: Office) -> str:
    participant_id = await office.registered()
    await office.declare(participant=declared())
    return participant_id


async def feed(office: Office, participant_id: str, *sent: dict[str, str], to: str = "", **more: Any) -> list[Any]:  # noqa: ANN401  # JSON
    answer = await office.post(f"participants/{participant_id}/benefits{to}", {"rows": list(sent), **more})
    assert answer.status == 200, answer.body
    return list(answer.json()["rows"])


async def tab(office: Office, name: str, query: str = "") -> Any:  # noqa: ANN401  # JSON
    answer = await office.service.ask("GET", f"/v1/participants/me/benefits/{name}{query}", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return answer.json()


@pytest.mark.req("S-40")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("one-off", "Chưa có thông tin hưởng BHXH một lần."),
        ("short-term", "Chưa có thông tin hưởng chế độ ốm đau, thai sản, dưỡng sức phục hồi sức khỏe."),
        ("monthly", "Chưa có thông tin hưởng lương hưu, trợ cấp BHXH hàng tháng."),
        ("unemployment", "Chưa có thông tin hưởng trợ cấp thất nghiệp."),
    ],
)
async def test_an_empty_tab_says_so_in_its_own_words(
    office: Office, participant_id: str, name: str, words: str
) -> None:
    empty = await tab(office, name)
    assert (empty["nothing_yet"]["vi"], empty["benefits"]) == (words, [])
    kind = {"one-off": "lump_sum", "short-term": "sickness", "monthly": "pension"}.get(name, "unemployment_benefit")
    await feed(office, participant_id, rows.benefit_row(kind))
    assert (await tab(office, name))["nothing_yet"] is None


@pytest.mark.req("S-37")
@pytest.mark.req("S-40")
async def test_a_tab_lists_every_benefit_ever_granted_newest_first(office: Office, participant_id: str) -> None:
    sick = [
        rows.benefit_row("sickness", decision_number=str(year), from_date=f"03/02/{year}", to_date=f"07/02/{year}")
        for year in (2021, 2023, 2022)
    ]
    await feed(office, participant_id, *sick, rows.benefit_row())
    await feed(office, participant_id, rows.stop_row(), to="/stops")
    listed = (await tab(office, "short-term"))["benefits"]
    assert [line["from_date"] for line in listed] == ["2023-02-03", "2022-02-03", "2021-02-03"]
    (pension,) = (await tab(office, "monthly"))["benefits"]
    assert (pension["state"], pension["label"]["vi"]) == ("stopped", "Lương hưu")


@pytest.mark.req("S-40")
async def test_the_detail_shows_the_level_payments_and_every_version(office: Office, participant_id: str) -> None:
    (granted,) = await feed(office, participant_id, rows.benefit_row())
    await feed(office, participant_id, rows.payment_row(), rows.payment_row(paid_on="05/07/2022"), to="/payments")
    office.service.clock.advance(timedelta(days=1))
    await feed(office, participant_id, rows.benefit_row(amount="4600000"), correction=True)
    path = f"/v1/participants/me/benefits/monthly/{granted['id']}"
    detail = (await office.service.ask("GET", path, caller=CITIZEN)).json()
    assert (detail["amount"], detail["paid_total"], detail["state"]) == ("4600000.00", "9000000.00", "paid")
    assert [payment["paid_on"] for payment in detail["payments"]] == ["2022-07-05", "2022-06-05"]
    assert [version["benefit"]["amount"] for version in detail["versions"]] == ["4600000.00", "4500000.00"]
    assert detail["benefit"]["pay_place"] == "Bưu điện Mẫu"


async def test_a_correction_supersedes_from_its_recording_on_and_the_past_stays_as_it_was_told(
    office: Office, participant_id: str
) -> None:
    await feed(office, participant_id, rows.benefit_row())
    before = office.service.clock.now().date()
    office.service.clock.advance(timedelta(days=2))
    await feed(office, participant_id, rows.benefit_row(amount="1"), correction=True)
    await feed(office, participant_id, rows.payment_row(), to="/payments")
    (then,) = (await tab(office, "monthly", f"?as_of={before}"))["benefits"]
    (now,) = (await tab(office, "monthly"))["benefits"]
    assert (then["amount"], then["paid_total"], now["amount"]) == ("4500000.00", "0.00", "1.00")
    assert then["event_id"] != now["event_id"]
    assert (await tab(office, "monthly", "?as_of=2020-01-01"))["nothing_yet"] is not None


async def test_each_row_is_answered_in_its_place_with_field_rule_and_words(office: Office, participant_id: str) -> None:
    wrong = rows.benefit_row("sickness", days="9", rate_percent="750")
    answered = await feed(
        office, participant_id, rows.benefit_row(), wrong, rows.benefit_row(), rows.benefit_row(amount="2")
    )
    assert [row["outcome"] for row in answered] == ["recorded", "refused", "unchanged", "refused"]
    assert [(error["field"], error["rule"]) for error in answered[1]["errors"]] == [
        ("days", "days_of_leave"),
        ("rate_percent", "rate_percent"),
    ]
    assert [error["rule"] for error in answered[3]["errors"]] == ["contradicts_standing"]
    for row in answered:
        assert all(error["message"]["vi"] and error["way_out"]["en"] for error in row["errors"])
        assert "750" not in str(row["errors"])


async def test_the_same_request_again_gets_the_same_answer_and_the_same_rows_again_change_nothing(
    office: Office, participant_id: str
) -> None:
    path, body = f"/v1/staff/participants/{participant_id}/benefits", {"rows": [rows.benefit_row()]}
    first = await office.service.ask("POST", path, body, caller=OFFICER, key="k" * 32)
    again = await office.service.ask("POST", path, body, caller=OFFICER, key="k" * 32)
    assert first.json() == again.json()
    anew = await office.service.ask("POST", path, body, caller=OFFICER)
    assert [row["outcome"] for row in anew.json()["rows"]] == ["unchanged"]
    assert (await office.service.event_types()).count("benefit_granted") == 1


@pytest.mark.parametrize(
    ("body", "field", "rule"),
    [
        ({}, "rows", "required"),
        ({"rows": []}, "rows", "too_few"),
        ({"rows": [rows.benefit_row()] * 201}, "rows", "too_many"),
        ({"rows": [rows.benefit_row() | {"secret": "1"}]}, "rows.0.secret", "unknown_field"),
        ({"rows": [rows.benefit_row() | {"amount": 5}]}, "rows.0.amount", "wrong_type"),
        ({"rows": [rows.benefit_row() | {"payee": "a" * 1001}]}, "rows.0.payee", "too_long"),
        ({"rows": [rows.benefit_row()], "correction": "maybe"}, "correction", "wrong_type"),
    ],
)
async def test_a_body_of_another_shape_is_refused_as_a_whole(
    office: Office, participant_id: str, body: dict[str, Any], field: str, rule: str
) -> None:
    answer = await office.post(f"participants/{participant_id}/benefits", body)
    assert answer.status == 422
    assert {(error["field"], error["rule"]) for error in answer.json()["errors"]} == {(field, rule)}


async def test_only_an_officer_of_the_managing_agency_feeds(office: Office, participant_id: str) -> None:
    path, body = f"/v1/staff/participants/{participant_id}/benefits", {"rows": [rows.benefit_row()]}
    for verb in ("", "/payments", "/stops"):
        stranger = await office.service.ask("POST", path + verb, body | {"rows": [{}]}, caller=STRANGER)
        nobody = await office.service.ask(
            "POST", path.replace(participant_id, "0" * 32) + verb, body | {"rows": [{}]}, caller=STRANGER
        )
        assert stranger.status == nobody.status == 404
        assert stranger.json()["code"] == nobody.json()["code"]
        assert (await office.service.ask("POST", path + verb, body | {"rows": [{}]}, caller=CITIZEN)).status == 403
        assert (await office.service.ask("POST", path + verb, body | {"rows": [{}]})).status == 401


async def test_what_was_granted_is_nowhere_in_the_clear(office: Office, participant_id: str) -> None:
    await feed(office, participant_id, rows.benefit_row("sickness"))
    stored = repr((await office.service.log.read_after(0, limit=100)).commits)
    for value in ("4500000", "sickness", "123/QĐ", "2024-02-03"):
        assert value not in stored


async def test_a_benefit_of_another_tab_or_person_is_not_there(office: Office, participant_id: str) -> None:
    (granted,) = await feed(office, participant_id, rows.benefit_row())
    for path in (f"one-off/{granted['id']}", f"monthly/{'0' * 32}"):
        answer = await office.service.ask("GET", f"/v1/participants/me/benefits/{path}", caller=CITIZEN)
        assert (answer.status, answer.json()["code"]) == (404, "row_not_found")
