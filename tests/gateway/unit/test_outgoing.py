"""What goes to a service is framed by us and by us alone (GW-09), and sent twice only where that changes nothing."""

from collections.abc import AsyncIterator, Mapping

import pytest
from gateway.outgoing import OutgoingRequest


async def pieces() -> AsyncIterator[bytes]:
    yield b"piece"


def request(
    method: str, body: bytes | AsyncIterator[bytes] | None = None, headers: Mapping[str, str] | None = None
) -> OutgoingRequest:
    return OutgoingRequest(method, "/v1/x?q=1", headers or {}, body)


@pytest.mark.sec("GW-09")
@pytest.mark.parametrize(
    ("made", "framing"),
    [
        (request("GET"), b""),
        (request("DELETE"), b""),
        (request("POST"), b"Content-Length: 0\r\n"),
        (request("POST", b"{}"), b"Content-Length: 2\r\n"),
        (request("PUT", pieces()), b"Transfer-Encoding: chunked\r\n"),
    ],
)
def test_the_length_is_ours(made: OutgoingRequest, framing: bytes) -> None:
    body = made.body if isinstance(made.body, bytes) else b""
    start = f"{made.method} /v1/x?q=1 HTTP/1.1\r\nHost: records:8000\r\n".encode()
    assert made.head("records:8000") == start + framing + b"\r\n" + body


def test_a_streamed_body_of_known_length_keeps_it() -> None:
    made = request("PUT", pieces(), {"Content-Length": "5"})
    assert made.head("h").count(b"Content-Length: 5") == 1
    assert not made.is_chunked


@pytest.mark.sec("GW-06")
@pytest.mark.parametrize("value", ["a\r\nEvil: 1", "a\nEvil: 1", "a\rb"])
def test_a_header_cannot_become_two(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        request("GET", headers={"If-Match": value}).head("h")


@pytest.mark.sec("GW-12")
@pytest.mark.parametrize(
    ("made", "harmless"),
    [
        (request("GET"), True),
        (request("DELETE"), True),
        (request("PUT", b"{}"), True),
        (request("PUT", pieces()), False),
        (request("POST", b"{}"), False),
        (request("PATCH", b"{}"), False),
        (request("POST", b"{}", {"Idempotency-Key": "k"}), True),
        (request("POST", pieces(), {"Idempotency-Key": "k"}), False),
    ],
)
def test_only_what_changes_nothing_twice_is_sent_twice(made: OutgoingRequest, *, harmless: bool) -> None:
    assert made.may_be_sent_again is harmless
