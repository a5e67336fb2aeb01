"""What is read out of exported files, the way their readers would."""

import csv
import io
from typing import Any

from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from pypdf import PdfReader

from tests.records.feeding import CITIZEN
from tests.records.service import Service


async def export(
    service: Service,
    file: str,
    *,
    who: str = "me",
    query: str = "",
    caller: Caller = CITIZEN,
    opening: str | None = None,
) -> HttpAnswer:
    path = f"/v1/participants/{who}/exports/{file}{query}"
    return await service.ask("GET", path, caller=caller, opening=opening)


async def taken(service: Service, file: str, **asked: Any) -> HttpAnswer:  # noqa: ANN401  # as `export` takes
    answer = await export(service, file, **asked)
    assert answer.status == 200, answer.body
    return answer


def text_of(pdf: bytes) -> str:
    """Return the text of all pages with single blanks, as a reader marks and copies it."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return " ".join(" ".join(pages).replace("\u200b", "").split())


def lines_of(file: bytes) -> list[list[str]]:
    """Return the cells of a CSV as a spreadsheet splits them."""
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
