"""The medical book over HTTP: years, visits, costs with their shares, as of any day."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from ansinh_kit.testing.callers import a_citizen

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


async def feed(office: Office, participant_id: str, *sent: dict[str, str], **more: Any) -> list[Any]:  # noqa: ANN401  # JSON
    answer = await office.post(f"participants/{participant_id}/visits", {"rows": list(sent), **more})
    assert answer.status == 200, answer.body
    return list(answer.json()["rows"])


async def read(office: Office, path: str = "") -> Any:  # noqa: ANN401  # JSON
    answer = await office.service.ask("GET", f"/v1/participants/me/visits{path}", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return answer.json()


@pytest.mark.req("S-45")
@pytest.mark.req("S-46")
async def test_years_come_newest_first_and_add_up_their_visits(office: Office, participant_id: str) -> None:
    assert await read(office) == {"years": []}
    await feed(
        office,
        participant_id,
        rows.visit_row(),
        rows.visit_row(dossier_id="LK2", discharged_at="31/12/2024 10:00"),
        rows.visit_row(dossier_id="LK3", kind="examination"),
    )
    years = (await read(office))["years"]
    assert [(year["year"], year["visits"], year["inpatient_days"]) for year in years] == [(2025, 2, 4), (2024, 1, 2)]
    assert years[0]["total"] == "3000000.00"


@pytest.mark.req("S-46")
async def test_a_visit_shows_facility_stay_diagnosis_outcome_and_who_bore_what(
    office: Office, participant_id: str
) -> None:
    await feed(office, participant_id, rows.visit_row())
    year = await read(office, "/2025")
    (visit,) = year["visits"]
    shown = {name: visit[name] for name in ("facility_name", "admitted_at", "main_icd10", "outcome", "inpatient_days")}
    assert shown == {
        "facility_name": "Bệnh viện Đa khoa Mẫu",
        "admitted_at": "2024-12-30T08:15:00+07:00",
        "main_icd10": "J20.9",
        "outcome": "better",
        "inpatient_days": 4,
    }
    costs = {name: Decimal(value) for name, value in visit["costs"].items()}
    assert costs["fund"] + costs["patient"] + costs["other_sources"] == costs["total"]
    assert visit["costs"]["patient"] == "539999.60"
    assert year["totals"]["patient"] == "539999.60"


@pytest.mark.req("S-45")
async def test_a_corrected_discharge_moves_a_visit_to_another_year_and_the_past_stays(
    office: Office, participant_id: str
) -> None:
    await feed(office, participant_id, rows.visit_row())
    before = office.service.clock.now().date()
    office.service.clock.advance(timedelta(days=2))
    (corrected,) = await feed(office, participant_id, rows.visit_row(discharged_at="31/12/2024 10:00"), correction=True)
    assert corrected["outcome"] == "corrected"
    assert [year["year"] for year in (await read(office))["years"]] == [2024]
    assert [year["year"] for year in (await read(office, f"?as_of={before}"))["years"]] == [2025]
    assert (await read(office, "/2025"))["visits"] == []


async def test_a_withdrawn_visit_is_gone_from_then_on_and_is_not_brought_back_by_an_old_file(
    office: Office, participant_id: str
) -> None:
    (recorded,) = await feed(office, participant_id, rows.visit_row())
    path = f"participants/{participant_id}/visits/{recorded['id']}/withdrawal"
    assert (await office.post(path, {"reason": "Người bệnh không khám"})).json() == {"status": "withdrawn"}
    assert (await read(office, "/2025"))["visits"] == []
    (again,) = await feed(office, participant_id, rows.visit_row())
    assert [error["rule"] for error in again["errors"]] == ["row_withdrawn_since"]
    assert (await office.post(path, {"reason": "Người bệnh không khám"})).status == 200
    assert (await office.post(path, {"reason": "\u200b"})).json()["errors"][0]["rule"] == "plain_line"


@pytest.mark.req("S-47")
async def test_what_a_withdrawn_visit_said_is_shown_of_an_earlier_day_to_staff_alone(
    office: Office, participant_id: str
) -> None:
    clock = office.service.clock
    (recorded,) = await feed(office, participant_id, rows.visit_row())
    stood = [("2025", clock.now().date())]
    clock.advance(timedelta(days=2))
    await feed(office, participant_id, rows.visit_row(discharged_at="31/12/2024 10:00"), correction=True)
    stood.append(("2024", clock.now().date()))
    clock.advance(timedelta(days=2))
    path = f"participants/{participant_id}/visits/{recorded['id']}/withdrawal"
    await office.post(path, {"reason": "Lượt khám của người khác"})
    opening = {"scope": "health", "reason": "Đối chiếu lượt khám đã huỷ", "participant_id": participant_id}
    opening_id = (await office.post("openings", opening)).json()["opening_id"]
    for year, day in stood:
        path = f"/v1/participants/{participant_id}/visits/{year}?as_of={day}"
        seen = await office.service.ask("GET", path, caller=OFFICER, opening=opening_id)
        assert [visit["visit_id"] for visit in seen.json()["visits"]] == [recorded["id"]]
        assert (await read(office, f"/{year}?as_of={day}"))["visits"] == []
        assert await read(office, f"?as_of={day}") == {"years": []}


async def test_a_sum_that_does_not_come_out_is_told_with_its_rule(office: Office, participant_id: str) -> None:
    (row,) = await feed(office, participant_id, rows.visit_row(fund_paid="1"))
    assert [(error["field"], error["rule"]) for error in row["errors"]] == [("fund_paid", "cost_fund")]
    assert "visit_recorded" not in await office.service.event_types()


async def test_a_book_opens_for_its_own_person_only(office: Office, participant_id: str) -> None:
    await feed(office, participant_id, rows.visit_row())
    stranger = a_citizen(account_id="account-2", person_id="9" * 32)
    for path in ("", "/2025"):
        for who in ("me", participant_id):
            answer = await office.service.ask("GET", f"/v1/participants/{who}/visits{path}", caller=stranger)
            assert answer.status in (403, 404)
        guest = await office.service.ask("GET", f"/v1/participants/{participant_id}/visits{path}")
        assert guest.status == 401
        officer = await office.service.ask("GET", f"/v1/participants/{participant_id}/visits{path}", caller=OFFICER)
        assert officer.status in (403, 404)
    feeding = await office.service.ask(
        "POST", f"/v1/staff/participants/{participant_id}/visits", {"rows": [{}]}, caller=STRANGER
    )
    assert feeding.status == 404


async def test_nothing_of_a_visit_is_stored_in_the_clear(office: Office, participant_id: str) -> None:
    await feed(office, participant_id, rows.visit_row())
    stored = repr((await office.service.log.read_after(0, limit=100)).commits)
    for value in ("J20.9", "Viêm", "66001", "LK0001", "960000.40", "better"):
        assert value not in stored


@pytest.mark.parametrize("year", ["1899", "2200", "abc", "20.5"])
async def test_a_year_that_is_none_is_refused(office: Office, participant_id: str, year: str) -> None:
    del participant_id
    answer = await office.service.ask("GET", f"/v1/participants/me/visits/{year}", caller=CITIZEN)
    assert answer.status == 422
