"""What somebody sees who scans the code on a paper with a phone: a page in words, which needs no script."""

import base64
import hashlib
import re
from dataclasses import dataclass
from html import unescape
from typing import Final

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest

from tests.records.taken_along import taken
from tests.records.working_life import WorkingLife, sent

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
UNKNOWN: Final = "00000-00000-00000-00000"
_TAG: Final = re.compile(r"<style>.*?</style>|<[^>]*>")


@dataclass
class Paper:
    """A file that was taken along, and the page of its code."""

    life: WorkingLife
    code: str
    sha256: str

    async def page(self, code: str | None = None, query: str = "", *, accept: str = BROWSER) -> HttpAnswer:
        return await self.life.office.service.client.request(
            "GET",
            f"/v1/public/export-checks/{code or self.code}{query}",
            caller=a_guest(),
            headers={"Accept": accept},
        )


@pytest.fixture
async def paper() -> Paper:
    life = await WorkingLife.begun()
    await life.fed(sent("2019-01/2020-12"))
    answer = await taken(life.office.service, "participation-social.json")
    return Paper(life, answer.headers["export-code"], hashlib.sha256(answer.body).hexdigest())


def words(answer: HttpAnswer, *, status: int = 200) -> str:
    """Return what is read on the page, its tags taken for blanks."""
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    return " ".join(unescape(_TAG.sub(" ", answer.body.decode())).split())


@pytest.mark.req("V-31")
async def test_a_phone_that_scans_the_code_sees_what_the_document_is_in_vietnamese_and_then_in_english(
    paper: Paper,
) -> None:
    read = words(await paper.page())
    vietnamese, english = read.split("This code is genuine")
    made_at = "02/03/2026 16:00:00"
    assert made_at in vietnamese, vietnamese
    for said in (
        "Mã này là thật",
        "Tài liệu Quá trình tham gia BHXH",
        "Của (họ tên đã che) N*** V*** M***",
        f"Lập lúc {made_at} (giờ Việt Nam)",
        f"Mã kiểm tra {paper.code}",
        paper.sha256,
    ):
        assert said in vietnamese, said
    for said in ("Document Participation", f"Made on {made_at} (Viet Nam time)", f"Check code {paper.code}"):
        assert said in english, said


@pytest.mark.sec("PII-05")
async def test_the_page_says_no_more_of_the_person_than_the_paper_does(paper: Paper) -> None:
    read = words(await paper.page())
    for hidden in ("Nguyễn", "Mẫu", "6600000018", "066090000018", "1990", paper.life.participant_id):
        assert hidden not in read, hidden


@pytest.mark.req("V-31")
@pytest.mark.parametrize(
    ("typed", "headline"),
    [
        ("{sha256}", "Tệp là thật và còn nguyên vẹn"),
        ("%20{SHA256}%20", "Tệp là thật và còn nguyên vẹn"),
        ("0" * 64, "Tệp không phải là tệp đã cấp, hoặc đã bị sửa"),
        ("0" * 63, "Chuỗi đã nhập không phải là mã SHA-256"),
        ("z" * 64, "Chuỗi đã nhập không phải là mã SHA-256"),
        ("%20", "Mã này là thật"),
    ],
)
async def test_a_file_is_compared_by_its_digest_which_is_all_that_is_sent(
    paper: Paper, typed: str, headline: str
) -> None:
    query = "?sha256=" + typed.format(sha256=paper.sha256, SHA256=paper.sha256.upper())
    page = await paper.page(query=query)
    assert words(page).startswith(f"Kiểm tra tài liệu · Checking a document {headline}")
    is_good = headline in ("Tệp là thật và còn nguyên vẹn", "Mã này là thật")
    assert ('class="good"' in page.body.decode()) is is_good
    assert (await paper.page(query=query, accept="*/*")).json()["genuine"] is is_good


@pytest.mark.parametrize("code", [UNKNOWN, "x", "%3Cscript%3Ealert(1)"])
async def test_of_a_code_never_given_the_page_says_so_and_shows_no_document(paper: Paper, code: str) -> None:
    page = await paper.page(code)
    read = words(page)
    assert "Không có tài liệu nào mang mã này" in read
    assert "No document bears this code" in read
    assert "SHA-256" not in read
    assert b"<script" not in page.body


@pytest.mark.sec("GW-20")
async def test_the_page_runs_nothing_loads_nothing_and_is_not_kept(paper: Paper) -> None:
    page = await paper.page()
    text = page.body.decode()
    (style,) = re.findall(r"<style>(.*?)</style>", text)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    directives = page.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", f"style-src 'sha256-{digest}'", "form-action 'self'"} <= set(directives)
    assert {"frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"} <= set(directives)
    assert not re.search(r"<script|\son\w+=|\ssrc=|\shref=|\sstyle=|\saction=", text)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["vary"] == "Accept"


async def test_programs_get_json_as_before(paper: Paper) -> None:
    for accept in ("", "application/json", "*/*", "text/*;q=0.1"):
        answer = await paper.page(accept=accept)
        assert answer.json()["genuine"] is True
        assert answer.headers["vary"] == "Accept"


@pytest.mark.req("V-31")
async def test_whoever_checks_too_many_codes_is_told_on_a_page_how_long_to_wait(paper: Paper) -> None:
    for _ in range(120):
        await paper.page(UNKNOWN, accept="*/*")
    page, program = await paper.page(), await paper.page(accept="*/*")

    assert (page.status, program.status) == (429, 429)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["retry-after"] == program.headers["retry-after"] == "3600"
    assert page.headers["cache-control"] == program.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert program.json()["code"] == "too_many_attempts"
    read = words(page, status=429)
    assert "Hãy đợi 3600 giây rồi mở lại trang này." in read
    assert "Wait 3600 seconds, then open this page again." in read
    assert "N*** V*** M***" not in read
