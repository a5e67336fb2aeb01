"""Benefits, the card and the medical book as files: what the pages say, to whoever may read the pages."""

from decimal import Decimal
from typing import Any

import pytest
from ansinh_kit.errors import UnavailableError
from records.domain.exports.what import PARTS, WHATS

from tests.records import rows
from tests.records.desk import Desk
from tests.records.feeding import CITIZEN, OFFICER, Office
from tests.records.taken_along import export, lines_of, taken, text_of

EXPIRED = {"valid_from": "01/01/2025", "valid_to": "31/12/2025", "issued_on": "15/12/2024"}


@pytest.fixture
async def desk() -> Desk:
    return await Desk().prepare()


async def feed(desk: Desk, path: str, *sent: dict[str, str]) -> None:
    answer = await Office(desk.service).post(f"participants/{desk.parent}/{path}", {"rows": list(sent)})
    assert answer.status == 200, answer.body
    assert {row["outcome"] for row in answer.json()["rows"]} == {"recorded"}, answer.body


async def shown(desk: Desk, path: str) -> Any:  # noqa: ANN401  # JSON
    answer = await desk.service.ask("GET", f"/v1/participants/me/{path}", caller=CITIZEN)
    assert answer.status == 200, answer.body
    return answer.json()


async def sections(desk: Desk, what: str) -> list[dict[str, Any]]:
    """Return the sections of the JSON, without whose they are."""
    found: list[dict[str, Any]] = (await taken(desk.service, f"{what}.json")).json()["sections"]
    assert found[0]["key"] == "person"
    return found[1:]


@pytest.mark.req("S-37")
@pytest.mark.req("S-40")
async def test_a_tab_of_benefits_lists_each_benefit_and_the_payments_its_sum_adds_up(desk: Desk) -> None:
    await feed(desk, "benefits", rows.benefit_row("pension"))
    await feed(
        desk, "benefits/payments", rows.payment_row(), rows.payment_row(paid_on="05/07/2022", for_month="07/2022")
    )

    listed, payments = await sections(desk, "benefits-monthly")
    text = text_of((await taken(desk.service, "benefits-monthly.pdf")).body)

    (line,) = (await shown(desk, "benefits/monthly"))["benefits"]
    (row,) = listed["rows"]
    assert {name: row[name] for name in ("kind", "from_date", "amount", "paid_total", "state")} == {
        name: line[name] for name in ("kind", "from_date", "amount", "paid_total", "state")
    }
    assert sum(Decimal(payment["amount"]) for payment in payments["rows"]) == Decimal(row["paid_total"])
    assert [payment["paid_on"] for payment in payments["rows"]] == ["2022-07-05", "2022-06-05"]
    assert "Thông tin hưởng: BHXH hàng tháng" in text
    assert "Lương hưu 123/QĐ-BHXH 15/01/2020 01/05/2022 4.500.000 9.000.000 Đã chi trả" in text


@pytest.mark.parametrize(
    ("kind", "what", "counts"),
    [
        ("lump_sum", "benefits-one-off", {"months_before_2014": 24}),
        ("sickness", "benefits-short-term", {"days": 5}),
        ("unemployment_benefit", "benefits-unemployment", {"months_allowed": 3, "months_reserved": 11}),
    ],
)
async def test_each_tab_says_what_only_its_benefits_have(
    desk: Desk, kind: str, what: str, counts: dict[str, int]
) -> None:
    await feed(desk, "benefits", rows.benefit_row(kind))

    (row,) = (await sections(desk, what))[0]["rows"]

    assert {name: row[name] for name in counts} == counts


@pytest.mark.req("S-44")
async def test_a_card_that_is_over_cannot_be_taken_for_a_valid_one(desk: Desk) -> None:
    await feed(desk, "cards", rows.card_row(**EXPIRED))
    over = text_of((await taken(desk.service, "card.pdf")).body)
    await feed(desk, "cards", rows.card_row())
    renewed = text_of((await taken(desk.service, "card.pdf")).body)

    assert "Tình trạng HẾT HẠN SỬ DỤNG Mã thẻ DN4666600000018" in over
    assert "Còn giá trị" not in over
    assert "Tình trạng Còn giá trị sử dụng" in renewed
    assert "Các thẻ khác" in renewed
    assert "01/01/2025 31/12/2025 Bệnh viện Đa khoa Mẫu; 66001 HẾT HẠN SỬ DỤNG" in renewed


@pytest.mark.req("S-46")
async def test_the_medical_book_comes_by_year_with_sums_that_its_visits_add_up_to(desk: Desk) -> None:
    await feed(
        desk,
        "visits",
        rows.visit_row(),
        rows.visit_row(dossier_id="LK2"),
        rows.visit_row(dossier_id="LK3", discharged_at="31/12/2024 10:00"),
    )

    years = await sections(desk, "visits")
    table = lines_of((await taken(desk.service, "visits.csv")).body)

    assert [year["title"] for year in years] == ["Năm 2025", "Năm 2024"]
    for year, page in zip(years, (await shown(desk, "visits"))["years"], strict=True):
        for share in ("total", "fund", "patient"):
            assert sum(Decimal(row[share]) for row in year["rows"]) == Decimal(year["facts"][share])
            assert year["facts"][share] == page[share]
    assert ["Người bệnh tự trả (VND)", "1.079.999,20"] in table
    assert [
        "Bệnh viện Đa khoa Mẫu; 66001",
        "30/12/2024 08:15",
        "02/01/2025 10:00",
        "Viêm phế quản cấp đã ổn định; J20.9; I10; E11.9",
        "Đỡ",
        "1.500.000",
        "960.000,40",
        "539.999,60",
    ] in table


@pytest.mark.req("V-31")
async def test_the_book_holds_participation_and_benefits_and_no_health_data(desk: Desk) -> None:
    await feed(desk, "benefits", rows.benefit_row("pension"))
    await feed(desk, "visits", rows.visit_row())

    keys = [section["key"] for section in await sections(desk, "book")]

    assert keys == [what for what in WHATS if what.startswith(("participation", "benefits"))]


@pytest.mark.req("S-35")
@pytest.mark.parametrize("what", [what for what in WHATS if what != "book"])
async def test_a_list_with_nothing_in_it_says_so_in_words(desk: Desk, what: str) -> None:
    text = text_of((await taken(desk.service, f"{what}.pdf")).body)

    assert "Chưa có " in text


@pytest.mark.req("S-35")
async def test_a_source_that_fails_makes_no_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(*_: object, **__: object) -> None:
        raise UnavailableError("mongodb")

    for name in ("participation", "benefit_tabs", "health_cards"):
        monkeypatch.setattr(getattr(desk.service.read_models, name), "get", down)
    monkeypatch.setattr(desk.service.read_models.medical_book, "find", down)

    assert {(await export(desk.service, f"{what}.json")).status for what in WHATS} == {503}
    assert "export_made" not in await desk.service.event_types()


@pytest.mark.req("V-31")
@pytest.mark.parametrize("name", ["person", "participation", "benefit_tabs", "health_cards", "medical_book"])
async def test_no_file_is_made_of_a_read_model_that_is_behind_the_log(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    recorded = (await desk.service.events())[-1].position
    behind = recorded - 1

    async def wait_for(position: int, *, timeout_seconds: float) -> None:
        assert timeout_seconds > 0
        if position > behind:
            raise UnavailableError(name)

    monkeypatch.setattr(getattr(desk.service.read_models, name), "wait_for", wait_for)

    assert (await export(desk.service, "book.json")).status == 503
    behind = recorded
    assert (await export(desk.service, "book.json")).status == 200


@pytest.mark.req("S-47")
@pytest.mark.sec("PII-10")
async def test_staff_take_health_data_along_only_under_an_opening_for_it(desk: Desk) -> None:
    record, health = await desk.opening(desk.parent), await desk.opening(desk.parent, scope="health")

    closed = await export(desk.service, "visits.json", who=desk.parent, caller=OFFICER, opening=record)
    assert (closed.status, closed.json()["code"]) == (403, "opening_too_narrow")
    assert "record_read_by_staff" not in await desk.service.event_types()

    assert (await export(desk.service, "visits.json", who=desk.parent, caller=OFFICER, opening=health)).status == 200
    read = [event.event for event in await desk.service.events() if event.event.event_type == "record_read_by_staff"]
    assert [getattr(event, "part", None) for event in read] == list(PARTS["visits"])


@pytest.mark.req("S-28")
async def test_the_person_sees_that_staff_took_the_record_along(desk: Desk) -> None:
    opening = await desk.opening(desk.parent)
    await taken(desk.service, "book.json", who=desk.parent, caller=OFFICER, opening=opening)

    readings = await shown(desk, "readings")

    assert "export" in str(readings)


async def test_a_guardian_takes_the_childs_book_along_and_no_strangers(desk: Desk) -> None:
    child = (await taken(desk.service, "book.json", who=desk.child)).json()

    assert child["sections"][0]["facts"]["full_name"] == "Nguyễn Bé Mẫu"
    assert (await export(desk.service, "book.json", who=desk.other)).status == 404


@pytest.mark.sec("PII-06")
async def test_once_a_person_is_forgotten_the_check_still_answers_and_names_nobody(desk: Desk) -> None:
    code = (await taken(desk.service, "book.json")).headers["export-code"]
    await desk.service.keyring.forget(desk.parent)

    answer = (await desk.service.ask("GET", f"/v1/public/export-checks/{code}")).json()

    assert (answer["genuine"], answer["export"]["holder"]) == (True, None)


async def test_formulas_and_markup_in_a_facilitys_name_stay_its_name(desk: Desk) -> None:
    hostile = '=HYPERLINK("#read()")'
    await feed(desk, "visits", rows.visit_row(facility_name=hostile))

    table = lines_of((await taken(desk.service, "visits.csv")).body)

    assert f"'{hostile}; 66001" in [line[0] for line in table if line]
    assert hostile in text_of((await taken(desk.service, "visits.pdf")).body)
