"""What of a service's response head goes out: everything but what belongs to the connection or shows the inside."""

from gateway.asgi import Headers

_DROPPED = frozenset(
    {
        b"connection",
        b"date",  # the server before us sets its own
        b"internal-assertion",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"server",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"x-powered-by",
        b"x-request-id",
    }
)
_DROPPED_IF_AUTHENTICATED = _DROPPED | {b"cache-control"}
# Which pages may read an answer is decided in one place, and that is not the service.
_CROSS_ORIGIN = b"access-control-"


def public_headers(upstream: Headers, *, request_id: str, authenticated: bool) -> Headers:
    """Return the headers for the client; an authenticated answer is never stored by anyone (SEC-20).

    Args:
        upstream: As they came, names in lower case.
    """
    dropped = _DROPPED_IF_AUTHENTICATED if authenticated else _DROPPED
    named = _named_by_connection(upstream)
    if named:
        dropped |= named
    kept = [header for header in upstream if header[0] not in dropped and not header[0].startswith(_CROSS_ORIGIN)]
    if authenticated or not any(name == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", b"no-store"))
    kept.append((b"x-request-id", request_id.encode()))
    return kept


def _named_by_connection(headers: Headers) -> frozenset[bytes]:
    return frozenset(
        token.strip().lower() for name, value in headers if name == b"connection" for token in value.split(b",")
    )
