"""The page behind the code of a paper, in a real browser without scripts, through the gateway and under its policy."""

from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from gateway.asgi import Receive, Send
from records.api.exports.check_page import PAGE_HEADERS, check_page, finding_of, wants_page
from records.domain.exports.events import ExportMade

from tests.gateway.chromium import FOUND, browsing
from tests.gateway.conftest import Edges
from tests.gateway.fake_service import Arrived

pytestmark = [
    pytest.mark.skipif(FOUND is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.timeout(300),
]

CODE: Final = "4F7QK-0ZB2M-9XW3R-HT6CD"
PATH: Final = f"/api/records/v1/public/export-checks/{CODE}"
MADE: Final = ExportMade(
    export_id="e" * 32,
    participant_id="a" * 32,
    what="book",
    format="pdf",
    language="vi",
    holder="N*** V*** M***",
    code=CODE,
    as_of=datetime(2026, 11, 22, tzinfo=UTC),
    sha256="0f" * 32,
    made_at=datetime(2026, 11, 22, 3, tzinfo=UTC),
)
GREEN, RED = "rgb(20, 108, 46)", "rgb(176, 0, 32)"


async def the_page(arrived: Arrived, _receive: Receive, send: Send) -> None:
    """Answer as records does."""
    assert wants_page(arrived.header("accept"))
    typed = parse_qs(urlsplit(arrived.target).query).get("sha256", [""])[0]
    body = check_page(CODE, MADE, finding_of(MADE, typed)).encode()
    headers = {"content-type": "text/html; charset=utf-8", "content-length": str(len(body)), **PAGE_HEADERS}
    told = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": told})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.sec("GW-20")
@pytest.mark.req("V-31")
async def test_who_scans_a_paper_reads_what_it_is_and_compares_the_file_without_any_script(edges: Edges) -> None:
    edges.service.answers = the_page
    async with browsing() as page:
        await page.go_to(edges.url(PATH))
        await page.shows("section[lang=vi] h1", "Mã này là thật")
        await page.shows("section[lang=en] h1", "This code is genuine")
        await page.shows("section[lang=vi] dl", "Sổ bảo hiểm xã hội")
        assert await page.style_of("h1", "border-left-color") == GREEN, "the policy lets the one style in"

        await page.type_into("section[lang=vi] input", f" {MADE.sha256.upper()} ")
        await page.press("section[lang=vi] button")
        await page.shows("section[lang=vi] h1", "Tệp là thật và còn nguyên vẹn")

        await page.type_into("section[lang=en] input", "0" * 64)
        await page.press("section[lang=en] button")
        await page.shows("section[lang=en] h1", "or it was altered")
        assert await page.style_of("h1", "border-left-color") == RED
    asked = [arrived for arrived in edges.service.arrived if "export-checks" in arrived.target]
    assert len(asked) == 3
    assert all(arrived.method == "GET" for arrived in asked)
