"""Reads the head of a request once: what the gateway needs from it, and the headers that may go on to a service."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.refusals import Refusal

# Deny by default: a header that is not named here ends at the gateway. So hop-by-hop headers, forwarding and identity
# headers, cookies, session tokens and anybody's copy of an internal assertion never reach a service (GW-07, GW-08).
FORWARDED_HEADERS: dict[bytes, str] = {
    name.lower().encode(): name
    for name in (
        "Accept",
        "Accept-Language",
        "Content-Type",
        "Declaration-Token",
        "DPoP",
        "Idempotency-Key",
        "Human-Proof",
        "If-Match",
        "If-None-Match",
        "Prefer",
        "Record-Opening",
        "User-Agent",
        "X-Twilio-Signature",
    )
}
CROSS_ORIGIN_HEADERS = ", ".join(("Authorization", *FORWARDED_HEADERS.values(), "X-CSRF-Token", "X-Request-Id"))
"""What a page of ours on another host may send along."""

_LISTS = frozenset({b"accept", b"accept-language", b"if-match", b"if-none-match", b"prefer"})
_SMALLEST_VISIBLE = 0x20
_DELETE = 0x7F


@dataclass(slots=True)
class RequestHead:
    """What the gateway reads from the headers.

    Attributes:
        forwarded: Headers to send on, by their usual names.
        authorizations: Every `Authorization` value that came, `cookies` likewise: one too many is for others to judge.
        content_length: As declared; `None` if none was.
        chunked: The body comes in chunks, its length unknown.
    """

    forwarded: dict[str, str] = field(default_factory=dict)
    hosts: list[bytes] = field(default_factory=list)
    authorizations: list[bytes] = field(default_factory=list)
    cookies: list[bytes] = field(default_factory=list)
    content_length: int | None = None
    chunked: bool = False
    client_request_id: bytes = b""
    forwarded_for: bytes = b""
    origin: bytes | None = None
    csrf_token: bytes = b""
    preflight_method: bytes = b""

    @property
    def has_body(self) -> bool:
        return self.chunked or bool(self.content_length)


def read_head(headers: Iterable[tuple[bytes, bytes]], *, http_version: str) -> RequestHead:
    """Return the head.

    Raises:
        Refusal: A name with an underscore (GW-03), a repeated single header, bytes a header may not hold,
            or a way of framing the body that two readers could understand differently (GW-06).
    """
    head = RequestHead()
    for name, value in headers:
        if b"_" in name:
            raise Refusal("header_invalid", closes=True)
        if name in FORWARDED_HEADERS:
            _keep(head, name, value)
        elif name in _READERS:
            _READERS[name](head, value)
    if head.chunked and (head.content_length is not None or http_version != "1.1"):
        raise Refusal("request_invalid", closes=True)
    return head


def _keep(head: RequestHead, name: bytes, value: bytes) -> None:
    if not value.isascii() or any(byte < _SMALLEST_VISIBLE or byte == _DELETE for byte in value):
        raise Refusal("header_invalid", closes=True)
    usual_name = FORWARDED_HEADERS[name]
    text = value.decode("ascii")
    if usual_name not in head.forwarded:
        head.forwarded[usual_name] = text
    elif name in _LISTS:
        head.forwarded[usual_name] += f", {text}"
    else:
        raise Refusal("header_invalid", closes=True)


def _read_content_length(head: RequestHead, value: bytes) -> None:
    if head.content_length is not None or not value.isdigit():
        raise Refusal("request_invalid", closes=True)
    head.content_length = int(value)


def _read_transfer_encoding(head: RequestHead, value: bytes) -> None:
    if head.chunked or value.lower() != b"chunked":
        raise Refusal("request_invalid", closes=True)
    head.chunked = True


def _read_request_id(head: RequestHead, value: bytes) -> None:
    head.client_request_id = value


def _read_forwarded_for(head: RequestHead, value: bytes) -> None:
    head.forwarded_for = head.forwarded_for + b"," + value if head.forwarded_for else value


def _read_origin(head: RequestHead, value: bytes) -> None:
    head.origin = value if head.origin is None else b"null"


def _read_preflight_method(head: RequestHead, value: bytes) -> None:
    head.preflight_method = value


def _read_csrf_token(head: RequestHead, value: bytes) -> None:
    head.csrf_token = value


_READERS = {
    b"host": lambda head, value: head.hosts.append(value),
    b"authorization": lambda head, value: head.authorizations.append(value),
    b"cookie": lambda head, value: head.cookies.append(value),
    b"content-length": _read_content_length,
    b"transfer-encoding": _read_transfer_encoding,
    b"x-request-id": _read_request_id,
    b"x-forwarded-for": _read_forwarded_for,
    b"origin": _read_origin,
    b"access-control-request-method": _read_preflight_method,
    b"x-csrf-token": _read_csrf_token,
}


def check_host(hosts: list[bytes], allowed: frozenset[bytes]) -> None:
    """Refuse unless there is exactly one Host and its name, whatever the port, is ours (GW-01)."""
    if len(hosts) != 1 or _without_port(hosts[0]).lower() not in allowed:
        raise Refusal("host_invalid", closes=True)


def _without_port(host: bytes) -> bytes:
    name, colon, port = host.rpartition(b":")
    return name if colon and port.isdigit() else host
