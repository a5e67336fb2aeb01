"""The question the gateway asks auth on behalf of every request: are these sessions valid at this moment?

`POST /internal/sessions/check`, a `SessionQuestion` in, a `SessionAnswer` out. Tokens never travel, only their
SHA-256. Auth answers for each hash that was asked; a hash it leaves out counts as no answer (the gateway fails
closed). Gathering many tokens into one question is what keeps a check per request cheap (SES-05).
"""

import hashlib
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ansinh_contracts.auth import DeviceKind, SessionEnd

SESSION_CHECK_PATH = "/internal/sessions/check"
MAX_TOKENS_PER_QUESTION = 256

TokenHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def hash_token(token: str) -> TokenHash:
    """Return the only form of a session token that is stored or asked about: SHA-256 in lower-case hex."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()


class _Verdict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ValidSession(_Verdict):
    """The session is the account's one session right now; the rest is what the assertion to the services says.

    An integrator has a token instead of a session: `account_id` is its client id, `scopes` what the token is for.
    """

    state: Literal["valid"] = "valid"
    kind: Literal["citizen", "staff", "integrator"]
    account_id: str
    person_id: str | None = None
    roles: tuple[str, ...] = ()
    agency_code: str | None = None
    epoch: int
    scopes: tuple[str, ...] = ()


class ReplacedSession(_Verdict):
    """Another device took the account over: when, and what kind of device it was (S-52)."""

    state: Literal["replaced"] = "replaced"
    replaced_at: datetime
    new_device_kind: DeviceKind


class EndedSession(_Verdict):
    """The session is over (`expired`), or there never was one (`unknown`). `reason` says why, as far as it is known."""

    state: Literal["expired", "unknown"]
    reason: SessionEnd | None = None
    ended_at: datetime | None = None


SessionVerdict = Annotated[ValidSession | ReplacedSession | EndedSession, Field(discriminator="state")]


class SessionQuestion(BaseModel):
    """`counts_as_use` is false for an open event stream: looking on does not keep a session from ending (LIM-16)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token_hashes: tuple[TokenHash, ...] = Field(min_length=1, max_length=MAX_TOKENS_PER_QUESTION)
    counts_as_use: bool = True


class SessionAnswer(BaseModel):
    """One verdict for each hash that was asked."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sessions: dict[TokenHash, SessionVerdict]
