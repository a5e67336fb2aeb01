"""Who is calling, as the gateway says: a signed statement for one service, good for seconds. Source: SES-08, LIM-20.

The gateway makes it (`AssertionIssuer`), the service checks it (`AssertionVerifier`) and trusts nothing else.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, Final, Literal

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OctKey
from joserfc.registry import HeaderParameter
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import to_json

from ansinh_kit.clock import Clock
from ansinh_kit.http.request_context import is_safe_id
from ansinh_kit.key_list import KeyList, NamedKey

HEADER: Final = "Internal-Assertion"
_TYPE: Final = "ansinh-assertion+jwt"
_ALGORITHM: Final = "HS256"
_SKEW_SECONDS: Final = 5
_LIFETIME_SECONDS: Final = 30
_REFUSED_HEADERS: Final = ("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "cty")
_REGISTRY: Final = jws.JWSRegistry(
    header_registry={name: HeaderParameter(name, "none") for name in _REFUSED_HEADERS}, algorithms=[_ALGORITHM]
)

Identifier = Annotated[str, Field(min_length=1, max_length=128)]


class Caller(BaseModel):
    """Who is calling. A guest has no account; a service is named by `account_id`, an integrator by its client id there.

    `epoch` counts the changes of the citizen's session; `roles` and `agency_code` are a member of staff's, `scopes` an
    integrator's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: Literal["guest", "citizen", "staff", "integrator", "service"]
    request_id: Identifier
    account_id: Identifier | None = None
    person_id: Identifier | None = None
    roles: tuple[str, ...] = ()
    agency_code: Identifier | None = None
    epoch: int | None = None
    scopes: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """Return who it was, for an event's metadata: ids only."""
        return self.kind if self.account_id is None else f"{self.kind}:{self.account_id}"


class UnauthenticatedError(Exception):
    """There is no assertion, or it does not hold. The reason is for the log, never for the caller."""


class _Claims(BaseModel):
    """The statement as it travels. Every claim is required: one that is missing is not a default.

    `scopes` belongs to an integrator's and to no other (`AssertionVerifier`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    iss: str
    aud: str
    iat: int
    exp: int
    jti: Identifier
    kind: Literal["guest", "citizen", "staff", "integrator", "service"]
    sub: str | None
    person: str | None
    roles: list[str]
    agency: str | None
    epoch: int | None
    scopes: list[str] | None = None

    def caller(self) -> Caller:
        return Caller(
            kind=self.kind,
            request_id=self.jti,
            account_id=self.sub,
            person_id=self.person,
            roles=tuple(self.roles),
            agency_code=self.agency,
            epoch=self.epoch,
            scopes=tuple(self.scopes or ()),
        )


class AssertionIssuer:
    """Signs with the newest key. Args: `issuer` is the name of the gateway, and the verifiers' settings hold it.

    Written out here because every request has one made: the library takes ten times as long. What comes out is a JWT
    that the library reads, and the verifier, which has to bear anything, leaves that to it.
    """

    def __init__(self, keys: KeyList, *, clock: Clock, issuer: str = "gateway") -> None:
        self._header = _header_of(keys.newest)
        self._key = keys.newest.material
        self._clock = clock
        self._issuer = issuer

    def issue(self, caller: Caller, *, audience: str) -> str:
        """Return the header's value for one request to `audience`; it dies after 30 s."""
        now = int(self._clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": audience,
            "iat": now,
            "exp": now + _LIFETIME_SECONDS,
            "jti": caller.request_id,
            "kind": caller.kind,
            "sub": caller.account_id,
            "person": caller.person_id,
            "roles": list(caller.roles),
            "agency": caller.agency_code,
            "epoch": caller.epoch,
        }
        if caller.kind == "integrator":
            claims["scopes"] = list(caller.scopes)
        signed = self._header + b"." + _base64url(to_json(claims))
        return (signed + b"." + _signature(self._key, signed)).decode("ascii")


def _header_of(key: NamedKey) -> bytes:
    return _base64url(to_json({"alg": _ALGORITHM, "typ": _TYPE, "kid": key.id}))


def _signature(key: bytes, signed: bytes) -> bytes:
    return _base64url(hmac.digest(key, signed, hashlib.sha256))


def _base64url(octets: bytes) -> bytes:
    return urlsafe_b64encode(octets).rstrip(b"=")


class AssertionVerifier:
    """Accepts statements for `service` under any of `keys` (two while they rotate).

    A statement whose header is, byte for byte, the one our issuer writes with a key we know is checked here: every
    request has one, and it takes half the time. Whatever else comes is for the library, which bears anything.
    """

    def __init__(self, keys: KeyList, *, service: str, clock: Clock, issuer: str = "gateway") -> None:
        self._keys_by_header = {_header_of(key): key.material for key in keys}
        self._keys = {key.id: OctKey.import_key(key.material) for key in keys}
        self._service = service
        self._clock = clock
        self._issuer = issuer

    def verify(self, assertion: str) -> Caller:
        """Return who is calling.

        Raises:
            UnauthenticatedError: Forged, stale, from the future, for another service, or of another type.
        """
        try:
            token_type, claims = self._usual(assertion) or self._any(assertion)
        except (JoseError, ValidationError, ValueError) as error:
            raise UnauthenticatedError(f"assertion refused: {type(error).__name__}") from error
        self._check(token_type, claims)
        return claims.caller()

    def _usual(self, assertion: str) -> tuple[str, _Claims] | None:
        """Return type and claims if this is written as our issuer writes; `None` if by its header it is not."""
        signed, _, signature = assertion.encode("latin-1").rpartition(b".")
        header, _, payload = signed.partition(b".")
        key = self._keys_by_header.get(header)
        if key is None:
            return None
        if not hmac.compare_digest(_signature(key, signed), signature):
            raise UnauthenticatedError("assertion refused: signature")
        return _TYPE, _Claims.model_validate_json(urlsafe_b64decode(payload + b"==="))

    def _any(self, assertion: str) -> tuple[object, _Claims]:
        token = jwt.decode(assertion, self._key_of, registry=_REGISTRY)
        return token.header.get("typ"), _Claims.model_validate(token.claims)

    def _key_of(self, message: GuestProtocol) -> OctKey:
        key = self._keys.get(str(message.headers().get("kid")))
        if key is None:
            raise UnauthenticatedError("assertion signed with an unknown key")
        return key

    def _check(self, token_type: object, claims: _Claims) -> None:
        now = self._clock.now().timestamp()
        holds = {
            "type": token_type == _TYPE,
            "issuer": claims.iss == self._issuer,
            "audience": claims.aud == self._service,
            "lifetime": claims.exp - claims.iat <= _LIFETIME_SECONDS,
            "age": now < claims.exp + _SKEW_SECONDS,
            "start": now >= claims.iat - _SKEW_SECONDS,
            "request id": is_safe_id(claims.jti),
            "scopes": (claims.scopes is not None) == (claims.kind == "integrator"),
        }
        for name, held in holds.items():
            if not held:
                raise UnauthenticatedError(f"assertion refused: {name}")
