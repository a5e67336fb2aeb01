"""A browser sends cookies whoever asks it to; a change made with one must prove that our own page asked (SES-13)."""

import hashlib
import hmac

from gateway.refusals import Refusal

_SAFE_METHODS = frozenset({"GET"})


def csrf_token(session_token: str) -> str:
    """Return the value our page sends as `X-CSRF-Token`: bound to the session, useless for finding its token."""
    return hashlib.sha256(b"csrf|" + session_token.encode("ascii")).hexdigest()


def check_cookie_request(
    method: str, session_token: str, *, origin: bytes | None, given: bytes, origins: frozenset[bytes]
) -> None:
    """Refuse a change that comes with a cookie but not from one of our pages, or without the session's own token."""
    if method in _SAFE_METHODS:
        return
    if origin not in origins or not hmac.compare_digest(given, csrf_token(session_token).encode()):
        raise Refusal("origin_not_allowed", closes=True)
