"""Finds the one session token of a request; anything but exactly one well-formed token counts as none (SES-14)."""

import re
from dataclasses import dataclass
from typing import Literal

from gateway.head import RequestHead
from gateway.refusals import Refusal

SESSION_COOKIE = b"__Host-session"
_SESSION = re.compile(rb"sit_[A-Za-z0-9_-]{43}")
_SESSION_OR_INTEGRATOR = re.compile(rb"(sit|igt)_[A-Za-z0-9_-]{43}")
# Longer than any client id with its secret; what is longer is none.
_LONGEST_BASIC = 512
_BEARER = b"bearer "
_BASIC = b"basic "


@dataclass(frozen=True, slots=True)
class Credential:
    """A session token that looks like one. A browser sends a `cookie` by itself, so more is asked of those."""

    token: str
    source: Literal["header", "cookie"]


def find_credential(head: RequestHead) -> Credential:
    """Return the session token, or an integrator's token, which is no cookie's.

    Raises:
        Refusal: 401 if there is none, more than one, one in a cookie beside one in a header, or one that is malformed.
    """
    cookies = [value for line in head.cookies for value in _session_cookies(line)]
    if len(head.authorizations) + len(cookies) != 1:
        raise session_required()
    if cookies:
        return Credential(_well_formed(cookies[0], _SESSION), "cookie")
    authorization = head.authorizations[0]
    if authorization[: len(_BEARER)].lower() != _BEARER:
        raise session_required()
    return Credential(_well_formed(authorization[len(_BEARER) :], _SESSION_OR_INTEGRATOR), "header")


def client_secret(head: RequestHead) -> str | None:
    """Return the one `Authorization: Basic` as it came; `None` if there is none, or anything else beside it."""
    if len(head.authorizations) != 1:
        return None
    value = head.authorizations[0]
    if value[: len(_BASIC)].lower() != _BASIC or len(value) > _LONGEST_BASIC or not value.isascii():
        return None
    return value.decode("ascii") if value.decode("ascii").isprintable() else None


def session_required() -> Refusal:
    # A guest who tries what needs an account is led to registration (S-56).
    return Refusal(
        "session_required",
        {"register_at": "/api/registration/v1/declarations"},
        headers=((b"www-authenticate", b"Bearer"),),
    )


def _well_formed(token: bytes, form: re.Pattern[bytes]) -> str:
    if not form.fullmatch(token):
        raise session_required()
    return token.decode("ascii")


def _session_cookies(line: bytes) -> list[bytes]:
    pairs = (pair.strip().partition(b"=") for pair in line.split(b";"))
    return [value for name, _, value in pairs if name == SESSION_COOKIE]
