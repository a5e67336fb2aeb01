"""Participation as a citizen reads it: rows, totals that explain themselves, details, unpaid months, any date."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from ansinh_kit.errors import UnavailableError
from ansinh_kit.testing.callers import a_guest
from records.domain.kind import KINDS

from tests.records import rows
from tests.records.feeding import OFFICER
from tests.records.working_life import A, B, WorkingLife, sent

TWO_EMPLOYERS = (
    sent("2019-01/2020-12", A, position="Trưởng phòng", workplace="Buôn Ma Thuột"),
    sent("2020-11/2021-03", B),
    sent("2021-04/2021-06", B, status="unpaid"),
)


@pytest.fixture
async def life() -> WorkingLife:
    return await WorkingLife.begun()


@pytest.mark.req("S-30")
@pytest.mark.req("S-36")
async def test_the_total_stands_above_its_rows_and_its_lines_add_up_to_it(life: WorkingLife) -> None:
    await life.fed(*TWO_EMPLOYERS)

    page = await life.shown("participation/social")

    assert page["summary"]["total"] == {"months": 27, "text": {"vi": "2 năm 3 tháng", "en": "2 years 3 months"}}
    lines = page["explanation"]["lines"]
    assert [(line["rule"], line["employer_name"], line["months"]) for line in lines] == [
        ("paid_month", "Công ty A", 24),
        ("paid_month", "Công ty B", 5),
        ("counted_once", None, -2),
    ]
    assert sum(line["months"] for line in lines) == page["summary"]["total"]["months"]
    assert page["explanation"]["overlaps"][0]["counted_for"] == A
    assert set(page["explanation"]["rules"]) == {"paid_month", "counted_once", "unpaid_apart"}


@pytest.mark.req("S-31")
@pytest.mark.req("S-32")
async def test_rows_stand_newest_first_with_months_as_people_write_them(life: WorkingLife) -> None:
    await life.fed(*TWO_EMPLOYERS)

    shown = (await life.shown("participation/social"))["rows"]

    assert [(row["from_label"], row["to_label"], row["employer_name"]) for row in shown] == [
        ("04/2021", "06/2021", "Công ty B"),
        ("11/2020", "03/2021", "Công ty B"),
        ("01/2019", "12/2020", "Công ty A"),
    ]
    assert (shown[2]["occupation"], shown[2]["position"], shown[2]["from_month"]) == (
        "Kế toán",
        "Trưởng phòng",
        "2019-01",
    )


@pytest.mark.req("S-29")
async def test_each_kind_has_its_own_list(life: WorkingLife) -> None:
    for kind in KINDS:
        await life.fed(sent("2020-01/2020-03", kind=kind))
    await life.fed(sent("2020-04/2020-04", kind="health"))

    totals = await life.shown("participation")

    assert [(each["kind"], each["label"]["vi"], each["total"]["months"]) for each in totals["kinds"]] == [
        ("social", "BHXH", 3),
        ("unemployment", "BHTN", 3),
        ("accident", "BHTNLĐ-BNN", 3),
        ("health", "BHYT", 4),
    ]


@pytest.mark.req("S-35")
async def test_a_kind_without_rows_says_so_in_words(life: WorkingLife) -> None:
    page = await life.shown("participation/unemployment")

    assert page["rows"] == []
    assert page["summary"]["message"]["vi"] == "Chưa có quá trình tham gia BHTN."
    assert page["summary"]["total"]["text"]["vi"] == "0 tháng"


@pytest.mark.req("S-35")
async def test_a_source_that_fails_is_an_error_and_not_an_empty_list(
    life: WorkingLife, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(key: str) -> None:
        raise UnavailableError(key)

    monkeypatch.setattr(life.office.service.read_models.participation, "get", down)

    for path in ("participation", "participation/social", f"participation/social/periods/{'0' * 32}", "unpaid"):
        assert (await life.read(path)).status == 503


@pytest.mark.req("S-33")
@pytest.mark.req("S-34")
async def test_a_row_opens_its_detail_with_amounts_as_people_write_them(life: WorkingLife) -> None:
    outcome = (await life.fed(TWO_EMPLOYERS[0]))[0]

    content = (await life.shown(f"participation/social/periods/{outcome['id']}"))["content"]

    assert (content["from_label"], content["to_label"]) == ("01/2019", "12/2020")
    assert (content["employer_name"], content["workplace"]) == ("Công ty A", "Buôn Ma Thuột")
    assert (content["occupation"], content["position"]) == ("Kế toán", "Trưởng phòng")
    assert (content["value"], content["value_text"], content["value_is"]) == ("5000000", "5.000.000,00", "money")
    assert content["currency"] == "VND"


@pytest.mark.req("S-34")
async def test_a_coefficient_is_called_one_and_has_two_decimals(life: WorkingLife) -> None:
    outcome = (await life.fed(sent("2019-01/2019-02", value="2.34", allowances={"position": "0.5"})))[0]

    content = (await life.shown(f"participation/social/periods/{outcome['id']}"))["content"]

    assert (content["value_text"], content["value_is"]) == ("2,34", "coefficient")
    assert content["allowances"]["position"] == "0.5"


@pytest.mark.req("S-36")
async def test_a_correction_holds_from_its_recording_on_and_every_date_adds_up(life: WorkingLife) -> None:
    clock = life.office.service.clock
    period_id = (await life.fed(sent("2019-01/2019-12")))[0]["id"]
    before = clock.now()
    clock.advance(timedelta(days=10))
    assert (await life.change(period_id, "corrections", sent("2019-03/2019-12"))).status == 200
    between = clock.now()
    clock.advance(timedelta(days=10))
    assert (await life.change(period_id, "withdrawal", {"reason": "Ghi nhầm người tham gia."})).status == 200

    async def months(at: str) -> int:
        page = await life.shown(f"participation/social{at}")
        total: int = page["summary"]["total"]["months"]
        assert total == sum(line["months"] for line in page["explanation"]["lines"])
        return total

    def at(moment: object) -> str:
        return f"?as_of={quote(str(moment))}"

    assert await months(at(before.isoformat())) == 12
    assert await months(at(between.isoformat())) == 10
    assert await months("") == 0
    assert await months(at((before - timedelta(days=1)).date().isoformat())) == 0


async def test_a_detail_tells_what_was_recorded_since_when(life: WorkingLife) -> None:
    clock = life.office.service.clock
    period_id = (await life.fed(sent("2019-01/2019-12")))[0]["id"]
    clock.advance(timedelta(days=10))
    await life.change(period_id, "corrections", sent("2019-03/2019-12", value="6000000"))

    detail = await life.shown(f"participation/social/periods/{period_id}")

    assert [version["content"]["value_text"] for version in detail["versions"]] == ["6.000.000,00", "5.000.000,00"]
    assert detail["since"] == detail["versions"][0]["since"] > detail["versions"][1]["since"]
    recorded = [one for one in await life.office.service.events() if one.event.event_type == "period_recorded"]
    assert detail["versions"][1]["event_id"] == recorded[0].event_id


async def test_a_period_that_does_not_stand_has_no_detail(life: WorkingLife) -> None:
    period_id = (await life.fed(sent("2019-01/2019-12")))[0]["id"]
    await life.change(period_id, "withdrawal", {"reason": "Ghi nhầm người tham gia."})

    answers = [
        await life.read(f"participation/social/periods/{period_id}"),
        await life.read(f"participation/health/periods/{'0' * 32}"),
    ]
    assert [(answer.status, answer.json()["code"]) for answer in answers] == [(404, "period_not_found")] * 2


async def test_a_range_tells_the_time_in_it_and_both_whole_times(life: WorkingLife) -> None:
    await life.fed(*TWO_EMPLOYERS, sent("2020-01/2020-03", kind="unemployment"))

    found = (await life.shown("participation/social?from=2020-01&to=2020-12"))["range"]

    assert found["total"]["text"]["vi"] == "1 năm"
    assert {kind: total["months"] for kind, total in found["overall"].items()} == {"social": 27, "unemployment": 3}


@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("from=2020-01", "to", "required"),
        ("from=01/2020&to=2020-12", "from", "iso_month"),
        ("from=2020-12&to=2020-01", "to", "reversed"),
        ("as_of=yesterday", "as_of", "date_time"),
        ("as_of=0001-01-01T00:00:00%2B07:00", "as_of", "date_time"),
    ],
)
async def test_a_bad_question_is_pointed_out(life: WorkingLife, query: str, field: str, rule: str) -> None:
    answer = await life.read(f"participation/social?{query}")

    assert answer.status == 422
    assert [(error["field"], error["rule"]) for error in answer.json()["errors"]] == [(field, rule)]


async def test_after_an_unemployment_benefit_the_count_restarts_and_the_rest_stays_reserved(life: WorkingLife) -> None:
    await life.fed(
        sent("2015-01/2019-02", kind="unemployment"),
        sent("2019-08/2019-12", kind="unemployment"),
    )
    before = life.office.service.clock.now()
    life.office.service.clock.advance(timedelta(days=1))
    granted = rows.benefit_row(
        "unemployment_benefit",
        from_date="15/03/2019",
        to_date="14/07/2019",
        months_allowed="4",
        months_used="4",
    )
    answer = await life.office.post(f"participants/{life.participant_id}/benefits", {"rows": [granted]})
    assert answer.json()["rows"][0]["outcome"] == "recorded", answer.body

    page = await life.shown("participation/unemployment")
    earlier = await life.shown(f"participation/unemployment?as_of={quote(before.isoformat())}")

    assert page["summary"]["total"]["months"] == page["unused"]["paid"]["months"] == 55
    assert [(use["from_label"], use["months_received"], use["used"]) for use in page["unused"]["uses"]] == [
        ("03/2019", 4, 48)
    ]
    assert (page["unused"]["unused"]["months"], page["unused"]["entitlement_months"]) == (7, 0)
    assert page["explanation"]["rules"][page["unused"]["rule"]]["source"]["en"].startswith("Employment Law")
    assert (earlier["unused"]["unused"]["months"], earlier["unused"]["entitlement_months"]) == (55, 4)
    assert (await life.shown("participation/social"))["unused"] is None


@pytest.mark.req("V-25")
async def test_unpaid_months_stand_apart_with_employer_and_amount(life: WorkingLife) -> None:
    await life.fed(*TWO_EMPLOYERS)

    kinds = {each["kind"]: each for each in (await life.shown("unpaid"))["kinds"]}

    owed = kinds["social"]["periods"]
    assert [(each["employer_code"], each["employer_name"], each["amount_text"]) for each in owed] == [
        (B, "Công ty B", "15.000.000,00")
    ]
    assert (owed[0]["span"]["from_label"], owed[0]["span"]["to_label"]) == ("04/2021", "06/2021")
    assert kinds["social"]["total"]["months"] == 3
    assert kinds["health"]["message"]["vi"] == "Không có tháng BHYT nào chưa đóng."


@pytest.mark.req("S-56")
@pytest.mark.parametrize("path", ["participation", "participation/social", "unpaid"])
async def test_guests_read_no_participation(life: WorkingLife, path: str) -> None:
    assert (await life.read(path, caller=a_guest())).status == 401


async def test_staff_read_nothing_without_an_opening(life: WorkingLife) -> None:
    assert (await life.read("participation", caller=OFFICER, who=life.participant_id)).status == 403
