"""What every answer of the edge carries, whoever made it: safe defaults, and which other pages may read it (GW-20)."""

from typing import Final

from gateway.asgi import Headers

API_POLICY: Final = (
    b"default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'"
)

SECURITY_HEADERS: Final[Headers] = [
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"content-security-policy", API_POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_SECURITY_NAMES: Final = frozenset(name for name, _ in SECURITY_HEADERS)
_EXPOSED: Final = b"ETag, Location, Retry-After, X-Request-Id, Content-Disposition, DPoP-Nonce, WWW-Authenticate"
_PREFLIGHT_SECONDS: Final = b"600"


class CrossOrigin:
    """The fixed list of pages on other hosts that may call: no pattern, no echo of whoever asks (ASVS 3.4.2)."""

    def __init__(self, origins: frozenset[bytes], *, request_headers: str) -> None:
        self._origins = origins
        self._request_headers = request_headers.encode()
        self._vary: Headers = [(b"vary", b"Origin")] if origins else []

    def allows(self, origin: bytes | None) -> bool:
        return origin in self._origins

    def headers(self, origin: bytes | None) -> Headers:
        """Return what lets a page on the list read the answer; for any other nothing that names it."""
        if origin is None or origin not in self._origins:
            return self._vary
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", _EXPOSED),
            *self._vary,
        ]

    def preflight(self, method: str) -> Headers:
        """Return what a browser asks about before it sends a request with this method."""
        return [
            (b"access-control-allow-methods", method.encode()),
            (b"access-control-allow-headers", self._request_headers),
            (b"access-control-max-age", _PREFLIGHT_SECONDS),
        ]


def completed(headers: Headers, cross_origin: Headers) -> Headers:
    """Return the headers with what is missing; a service may be stricter."""
    names = {name for name, _ in headers}
    if _SECURITY_NAMES.isdisjoint(names):
        return [*headers, *SECURITY_HEADERS, *cross_origin]
    return [*headers, *(header for header in SECURITY_HEADERS if header[0] not in names), *cross_origin]
