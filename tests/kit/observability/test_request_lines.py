import asyncio
import io
import logging
from datetime import datetime, timedelta

import pytest
import structlog
from ansinh_kit.observability.request_lines import EVENT, RequestLines

from tests.kit.observability.conftest import Lines
from tests.kit.observability.test_logging import SECRET_TEXT, assert_no_canary

NAME = "auth.edge"
FIELDS: dict[str, object] = {
    "request_id": "0" * 32,
    "method": "GET",
    "route": "/v1/me",
    "status": 200,
    "code": None,
    "milliseconds": 1.5,
    "declaration_id": "0912345678",
    "name": SECRET_TEXT,
}


@pytest.mark.sec("SEC-65")
async def test_a_requests_line_says_what_structlog_would_say(output: io.StringIO, lines: Lines) -> None:
    RequestLines(NAME).write(**FIELDS)
    structlog.get_logger(NAME).info(EVENT, **FIELDS)
    prepared, usual = lines()
    assert datetime.fromisoformat(prepared.pop("timestamp")).utcoffset() == timedelta(0)
    assert usual.pop("timestamp").endswith("Z")
    assert prepared == usual
    assert_no_canary(output)


async def test_lines_of_one_turn_are_written_together_and_by_its_end(output: io.StringIO, lines: Lines) -> None:
    requests = RequestLines(NAME)
    requests.write(status=200)
    requests.write(status=404)
    assert not output.getvalue()
    await asyncio.sleep(0)
    assert [line["status"] for line in lines()] == [200, 404]


async def test_no_line_overtakes_another(lines: Lines) -> None:
    RequestLines(NAME).write(status=200)
    structlog.get_logger(NAME).info("afterwards")
    assert [line["event"] for line in lines()] == [EVENT, "afterwards"]


async def test_a_level_above_leaves_the_lines_out(output: io.StringIO) -> None:
    logging.getLogger("auth").setLevel(logging.WARNING)
    RequestLines(NAME).write(status=200)
    await asyncio.sleep(0)
    assert not output.getvalue()
