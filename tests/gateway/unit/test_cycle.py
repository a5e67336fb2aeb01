import asyncio
import logging
from typing import Any, cast

import pytest
from gateway.asgi import Headers
from gateway.cycle import EdgeCycle


class Written:
    """A transport and its flow: remembers what was written."""

    write_paused = False

    def __init__(self) -> None:
        self.octets = b""
        self.closed = False

    def write(self, octets: bytes) -> None:
        self.octets += octets

    def close(self) -> None:
        self.closed = True


def cycle(written: Written, *, method: str = "GET", keep_alive: bool = True) -> EdgeCycle:
    logger = logging.getLogger(__name__)
    return EdgeCycle(
        scope=cast("Any", {"method": method}),
        transport=cast("Any", written),
        flow=cast("Any", written),
        logger=logger,
        access_logger=logger,
        access_log=False,
        default_headers=[(b"date", b"today")],
        message_event=asyncio.Event(),
        expect_100_continue=False,
        keep_alive=keep_alive,
        on_response=lambda: None,
    )


async def answer(headers: Headers, *, body: bytes = b"", method: str = "GET", keep_alive: bool = True) -> Written:
    written = Written()
    answering = cycle(written, method=method, keep_alive=keep_alive)
    await answering.send({"type": "http.response.start", "status": 200, "headers": headers})
    await answering.send({"type": "http.response.body", "body": body})
    return written


async def test_a_known_length_is_kept_and_the_connection_too() -> None:
    written = await answer([(b"content-length", b"2")], body=b"ok")
    assert written.octets == b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\n\r\nok"
    assert not written.closed


async def test_without_a_length_the_body_comes_in_chunks() -> None:
    written = await answer([], body=b"ok")
    assert written.octets.endswith(b"date: today\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")


@pytest.mark.parametrize(("headers", "keep_alive"), [([(b"connection", b"Close")], True), ([], False)])
async def test_the_connection_ends_when_either_side_says_so(headers: Headers, keep_alive: bool) -> None:  # noqa: FBT001 - a parameter of the test
    written = await answer([(b"content-length", b"0"), *headers], keep_alive=keep_alive)
    assert written.octets.lower().count(b"connection: close\r\n") == 1
    assert written.closed


@pytest.mark.sec("GW-06")
@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\rb", b"a\0b", b"a\x7fb"])
@pytest.mark.parametrize("in_name", [True, False])
async def test_no_header_can_become_two(value: bytes, in_name: bool) -> None:  # noqa: FBT001 - a parameter of the test
    header = (value, b"x") if in_name else (b"x", value)
    written = Written()
    with pytest.raises(ValueError, match="header"):
        await cycle(written).send({"type": "http.response.start", "status": 200, "headers": [header]})
    assert not written.octets
