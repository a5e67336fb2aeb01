"""Taking a record along: what stands in the files, who gets them, and what a third party is told of them."""

import hashlib
from datetime import timedelta

import pytest
from ansinh_kit.events import ERASED
from ansinh_kit.testing.callers import a_guest
from ansinh_kit.working_days import VIETNAM
from records.domain.exports.events import ExportMade

from tests.records.service import CHECK_ADDRESS
from tests.records.taken_along import export, lines_of, taken, text_of
from tests.records.working_life import B, WorkingLife, sent

PERIODS = (
    sent("2019-01/2020-12", position="Trưởng phòng", workplace="Buôn Ma Thuột"),
    sent("2020-11/2021-03", B, value="2.34"),
    sent("2021-04/2021-06", B, status="unpaid"),
)


@pytest.fixture
async def life() -> WorkingLife:
    life = await WorkingLife.begun()
    await life.fed(*PERIODS)
    return life


@pytest.mark.req("V-31")
async def test_the_book_is_a_paper_with_the_person_and_every_list_under_its_total(life: WorkingLife) -> None:
    answer = await taken(life.office.service, "book.pdf")

    text = text_of(answer.body)
    for said in (
        "Sổ bảo hiểm xã hội",
        "Họ và tên Nguyễn Văn Mẫu",
        "Mã số BHXH 6600000018",
        "Ngày sinh 17/03/1990",
        "CMND/CCCD/Hộ chiếu CCCD 066090000018",
        "Số điện thoại 0900000018",
        "Địa chỉ Số 1, Phố Thử Nghiệm, Tân Lợi, Đắk Lắk",
        "Quá trình tham gia BHXH Tổng thời gian tham gia 2 năm 3 tháng Chưa đóng 3 tháng Bảo lưu 0 tháng",
        "Từ tháng Đến tháng Đơn vị Nghề nghiệp, Chức vụ Nơi làm việc Hệ số lương Loại tiền Tình trạng",
        "04/2021 06/2021 Công ty B; TB0002Z Kế toán 5.000.000,00 VND Chưa đóng",
        "11/2020 03/2021 Công ty B; TB0002Z Kế toán 2,34 Đã đóng",
        "01/2019 12/2020 Công ty A; TA0001Z Kế toán; Trưởng phòng Buôn Ma Thuột 5.000.000,00 VND Đã đóng",
        "Chưa có quá trình tham gia BHTN.",
        "Chưa có quá trình tham gia BHTNLĐ-BNN.",
        "Chưa có quá trình tham gia BHYT.",
        f"Mã kiểm tra {answer.headers['export-code']}",
    ):
        assert said in text, (said, text)


@pytest.mark.req("V-31")
async def test_all_three_formats_say_what_the_page_says(life: WorkingLife) -> None:
    service = life.office.service
    page = await life.shown("participation/social")
    row = page["rows"][0]

    paper = text_of((await taken(service, "participation-social.pdf")).body)
    table = lines_of((await taken(service, "participation-social.csv")).body)
    data = (await taken(service, "participation-social.json")).json()["sections"][1]

    assert f"Tổng thời gian tham gia {page['summary']['total']['text']['vi']}" in paper
    assert ["Tổng thời gian tham gia", page["summary"]["total"]["text"]["vi"]] in table
    assert data["facts"]["total_months"] == page["summary"]["total"]["months"] == 27
    assert f"{row['from_label']} {row['to_label']} {row['employer_name']}" in paper
    rows = [line for line in table if line and line[-1] in {"Đã đóng", "Chưa đóng"}]
    assert [line[:2] for line in rows] == [[r["from_label"], r["to_label"]] for r in page["rows"]]
    assert [r["from_month"] for r in data["rows"]] == [r["from_month"] for r in page["rows"]]
    assert [r["value"] for r in data["rows"]] == ["5000000", "2.34", "5000000"]


@pytest.mark.req("S-36")
async def test_a_list_tells_how_its_total_comes_about_line_by_line(life: WorkingLife) -> None:
    service = life.office.service
    listed, told = (await taken(service, "participation-social.json")).json()["sections"][1:]
    table = lines_of((await taken(service, "participation-social.csv")).body)

    counted = [line["months"] for line in told["rows"] if line["counted"]]
    assert counted == [24, 5, -2]
    assert sum(counted) == listed["facts"]["total_months"]
    assert [
        "\u22122",
        "Có",
        "Tháng làm việc ở hai đơn vị trở lên chỉ được tính một lần.",
        "",
        "11/2020 \u2013 12/2020",
    ] in table
    assert [line["months"] for line in told["rows"] if not line["counted"]] == [3]


async def test_labels_are_in_the_language_asked_for(life: WorkingLife) -> None:
    text = text_of((await taken(life.office.service, "participation-social.pdf", query="?language=en")).body)

    assert "Total participation 2 years 3 months" in text
    assert "From month To month Employer Occupation, position Place of work" in text


async def test_an_export_says_what_the_records_said_then_and_nothing_of_the_future(life: WorkingLife) -> None:
    service = life.office.service
    before = service.clock.now()
    service.clock.advance(timedelta(days=2))
    await life.fed(sent("2021-07/2021-12", B))
    as_of = before.isoformat().replace("+", "%2B")

    earlier = (await taken(service, "participation-social.json", query=f"?as_of={as_of}")).json()
    later = (await taken(service, "participation-social.json", query="?as_of=2199-01-01")).json()

    assert earlier["sections"][1]["facts"]["total_months"] == 27
    assert later["sections"][1]["facts"]["total_months"] == 33
    assert later["as_of"] == later["made_at"] == service.clock.now().isoformat()


@pytest.mark.sec("FIL-06")
async def test_a_file_is_downloaded_under_our_name_and_kept_by_nobody(life: WorkingLife) -> None:
    today = life.office.service.clock.now().astimezone(VIETNAM).date().isoformat()
    answer = await taken(life.office.service, "book.pdf", query=f"?as_of={today}")

    assert answer.headers["content-disposition"] == f'attachment; filename="book-{today}.pdf"'
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == "sandbox"


@pytest.mark.req("V-31")
async def test_whoever_holds_a_file_learns_that_it_is_ours_and_no_more_than_it_shows(life: WorkingLife) -> None:
    service = life.office.service
    answer = await taken(service, "book.pdf")
    code, sha256 = answer.headers["export-code"], hashlib.sha256(answer.body).hexdigest()

    seen = (await service.ask("GET", f"/v1/public/export-checks/{code.lower()}")).json()
    same = (await service.ask("POST", "/v1/public/export-checks", {"code": code, "sha256": sha256})).json()

    assert seen == same
    assert seen["genuine"] is True
    assert seen["export"] == {
        "what": "book",
        "title": {"vi": "Sổ bảo hiểm xã hội", "en": "Social-insurance book"},
        "format": "pdf",
        "holder": "N*** V*** M***",
        "as_of": service.clock.now().isoformat().replace("+00:00", "Z"),
        "made_at": service.clock.now().isoformat().replace("+00:00", "Z"),
        "sha256": sha256,
    }


@pytest.mark.req("V-31")
async def test_a_file_that_was_changed_by_one_byte_is_not_ours(life: WorkingLife) -> None:
    service = life.office.service
    answer = await taken(service, "participation-social.json")
    forged = answer.body.replace(b'"total_months": 27', b'"total_months": 28')
    assert forged != answer.body
    question = {"code": answer.headers["export-code"], "sha256": hashlib.sha256(forged).hexdigest()}

    assert (await service.ask("POST", "/v1/public/export-checks", question)).json()["genuine"] is False


@pytest.mark.parametrize("code", ["00000-00000-00000-00000", "x", "!!", "N" * 128, "%F0%9F%98%80"])
async def test_a_code_never_given_and_what_is_no_code_are_answered_alike(life: WorkingLife, code: str) -> None:
    answer = await life.office.service.ask("GET", f"/v1/public/export-checks/{code}")

    assert (answer.status, answer.json()) == (200, {"genuine": False, "export": None})


async def test_codes_are_not_tried_by_the_thousand(life: WorkingLife) -> None:
    service = life.office.service
    ask = [service.ask("GET", "/v1/public/export-checks/x", address="192.0.2.1") for _ in range(121)]

    statuses = [(await one).status for one in ask]

    assert statuses == [200] * 120 + [429]
    assert (await service.ask("GET", "/v1/public/export-checks/x", address="192.0.2.9")).status == 200


async def test_the_log_says_that_a_file_was_made_and_neither_its_code_nor_its_content(life: WorkingLife) -> None:
    service = life.office.service
    answer = await taken(service, "book.csv")
    code = answer.headers["export-code"]

    recorded = (await service.events())[-1]

    assert isinstance(recorded.event, ExportMade)
    assert recorded.stream_id == f"export-{recorded.event.export_id}"
    assert recorded.event.participant_id == life.participant_id
    assert recorded.event.sha256 == hashlib.sha256(answer.body).hexdigest()
    stored = str(await service.log.read_stream(recorded.stream_id, after_version=0)).upper()
    assert recorded.event.export_id.upper() in stored
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert "MẪU" not in stored


async def test_two_files_of_the_same_record_have_codes_of_their_own(life: WorkingLife) -> None:
    first = await taken(life.office.service, "book.json")
    second = await taken(life.office.service, "book.json")

    assert first.headers["export-code"] != second.headers["export-code"]
    assert first.json()["check"]["address"] == f"{CHECK_ADDRESS}{first.headers['export-code']}"


async def test_files_are_not_made_without_end(life: WorkingLife) -> None:
    service = life.office.service
    statuses = [(await export(service, "participation-social.json")).status for _ in range(31)]

    assert statuses == [200] * 30 + [429]


@pytest.mark.parametrize("file", ["book.exe", "book", "visits.pdf/x", "..", "book.pdf.exe", "BOOK.pdf", "%0Abook.pdf"])
async def test_what_is_no_export_is_refused(life: WorkingLife, file: str) -> None:
    assert (await export(life.office.service, file)).status in {404, 422}


@pytest.mark.req("S-56")
async def test_a_guest_takes_nothing_along(life: WorkingLife) -> None:
    answer = await export(life.office.service, "book.json", who=life.participant_id, caller=a_guest())

    assert answer.status == 401
    assert "export_made" not in await life.office.service.event_types()


@pytest.mark.req("V-31")
async def test_the_person_sees_which_files_were_made_newest_first_with_their_codes(life: WorkingLife) -> None:
    service = life.office.service
    first = await taken(service, "participation-social.csv")
    service.clock.advance(timedelta(days=1))
    second = await taken(service, "card.json")

    listed = await life.shown("exports")
    assert listed["total"] == 2
    assert [(each["what"], each["format"]) for each in listed["exports"]] == [
        ("card", "json"),
        ("participation-social", "csv"),
    ]
    for answer, entry in zip((second, first), listed["exports"], strict=True):
        assert entry["code"] == answer.headers["export-code"]
        assert entry["sha256"] == hashlib.sha256(answer.body).hexdigest()
        checked = await service.ask("GET", f"/v1/public/export-checks/{entry['code']}", caller=a_guest())
        assert checked.json()["export"]["sha256"] == entry["sha256"]
    page = await life.shown("exports?limit=1&skip=1")
    assert [each["what"] for each in page["exports"]] == ["participation-social"]


async def test_files_of_a_record_that_was_merged_are_still_the_persons(life: WorkingLife) -> None:
    await taken(life.office.service, "card.json")
    survivor = await life.office.registered(number="6600000026", citizen_number=None)
    merged = await life.office.post(f"participants/{survivor}/merge", {"duplicate_id": life.participant_id})
    assert merged.status == 200, merged.body
    assert [each["what"] for each in (await life.shown("exports"))["exports"]] == ["card"]


@pytest.mark.sec("PII-06")
async def test_of_a_forgotten_person_no_code_is_left(life: WorkingLife) -> None:
    service = life.office.service
    await taken(service, "card.json")
    await service.keyring.forget(life.participant_id)

    (made,) = [one.event for one in await service.events() if isinstance(one.event, ExportMade)]
    assert made.code in (None, ERASED)
