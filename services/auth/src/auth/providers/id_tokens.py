"""An ID token, believed in nothing before its signature holds (OpenID Connect Core 1.0, 3.1.3.7)."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal, get_args

from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from auth.domain.e_id.claims import EIdRefusedError, IdentityClaims
from auth.providers.signing_keys import Algorithm, SigningKey, SigningKeys

LONGEST_TOKEN: Final = 16 * 1024
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_REFUSED_HEADERS: Final = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64"})
_Moment = Annotated[StrictInt, Field(ge=0, le=253_402_300_799)]

TokenRule = Literal["form", "header", "key", "signature", "claims", "issuer", "audience", "time", "nonce"]


class _Claims(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")

    iss: StrictStr
    sub: Annotated[StrictStr, Field(min_length=1, max_length=255)]
    aud: StrictStr | tuple[StrictStr, ...]
    azp: StrictStr | None = None
    exp: _Moment
    iat: _Moment
    nonce: StrictStr | None = None
    acr: StrictStr | None = None
    auth_time: _Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """What a token must say to be meant for us. `citizen_number_claim` is what the provider calls that claim."""

    issuer: str
    client_id: str
    citizen_number_claim: str
    clock_slack: timedelta = timedelta(seconds=60)
    longest_age: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TokenHeader:
    """What the token says of its own signature: enough to look for the key, and no more."""

    key_id: str
    algorithm: Algorithm


def read_header(text: str) -> TokenHeader:
    """Return which key and algorithm are claimed; the algorithm is one of ours.

    Raises:
        EIdRefusedError: It is no token, or brings along, or asks for, what it may not.
    """
    _require(len(text) <= LONGEST_TOKEN and _COMPACT.fullmatch(text) is not None, "form")
    header = _header(text.partition(".")[0])
    key_id, algorithm = header.get("kid"), header.get("alg")
    _require(not _REFUSED_HEADERS & header.keys() and isinstance(key_id, str), "header")
    for allowed in get_args(Algorithm):
        if algorithm == allowed:
            return TokenHeader(str(key_id), allowed)
    raise EIdRefusedError("header")


def read_id_token(text: str, keys: SigningKeys, rules: TokenRules, *, nonce: str, now: datetime) -> IdentityClaims:
    """Return what the provider says of a person, to us and in answer to the question with `nonce`.

    Raises:
        EIdRefusedError: With the first rule the token breaks.
    """
    header = read_header(text)
    key = keys.find(header.key_id, header.algorithm)
    if key is None:
        raise EIdRefusedError("key")
    claims = _verified(text, key, header.algorithm)
    _require(claims.iss == rules.issuer, "issuer")
    _require(_audiences(claims) == {rules.client_id} and claims.azp in (None, rules.client_id), "audience")
    _require(_is_of_now(claims, rules, now.timestamp()), "time")
    _require(claims.nonce == nonce, "nonce")
    return _said(claims, rules)


def _header(part: str) -> dict[str, Any]:
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as error:
        raise EIdRefusedError("form") from error
    if not isinstance(header, dict):
        raise EIdRefusedError("form")
    return header


def _verified(text: str, key: SigningKey, algorithm: Algorithm) -> _Claims:
    # The header was looked through; of what else stands there nothing is used.
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    try:
        return _Claims.model_validate(jwt.decode(text, key, registry=registry).claims)
    except BadSignatureError as error:
        raise EIdRefusedError("signature") from error
    except ValidationError as error:
        raise EIdRefusedError("claims") from error
    except (JoseError, ValueError, RecursionError) as error:
        raise EIdRefusedError("form") from error


def _audiences(claims: _Claims) -> set[str]:
    return {claims.aud} if isinstance(claims.aud, str) else set(claims.aud)


def _is_of_now(claims: _Claims, rules: TokenRules, now: float) -> bool:
    slack = rules.clock_slack.total_seconds()
    made_lately = now - rules.longest_age.total_seconds() - slack <= claims.iat <= now + slack
    return made_lately and now - slack < claims.exp


def _said(claims: _Claims, rules: TokenRules) -> IdentityClaims:
    number = (claims.model_extra or {}).get(rules.citizen_number_claim)
    at = claims.auth_time
    return IdentityClaims(
        issuer=claims.iss,
        subject=claims.sub,
        citizen_number=number if isinstance(number, str) else None,
        level=claims.acr,
        authenticated_at=None if at is None else datetime.fromtimestamp(at, UTC),
    )


def _require(holds: bool, rule: TokenRule) -> None:  # noqa: FBT001 - it is the condition itself
    if not holds:
        raise EIdRefusedError(rule)
