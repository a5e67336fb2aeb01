"""A proof that a request comes from a device: signed for this one request with a key that cannot be exported.

It is the proof of RFC 9449 (DPoP), with ES256 alone: header `typ`, `alg` and the public key as `jwk`; claims `jti`,
`htm`, `htu`, `iat`, `nonce`, and `ath` inside a session. What a proof says is checked here; that its `jti` never came
before is for `handlers.device_proofs` to see to. Source: SES-10, ADR-0014.
"""

import base64
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, Literal
from urllib.parse import SplitResult, urlsplit

from ansinh_kit.errors import DomainError
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, GuestProtocol
from joserfc.registry import HeaderParameter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

LONGEST_PROOF: Final = 2048
_TYPE: Final = "dpop+jwt"
_ALGORITHM: Final = "ES256"
_REFUSED_HEADERS: Final = ("jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "cty")
_REGISTRY: Final = jws.JWSRegistry(
    header_registry={name: HeaderParameter(name, "none") for name in _REFUSED_HEADERS}, algorithms=[_ALGORITHM]
)
_PORTS: Final = {"http": 80, "https": 443}
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")

ProofRule = Literal["form", "header", "key", "signature", "method", "address", "time", "token", "nonce", "used_before"]


class DeviceProofRefusedError(DomainError):
    """The proof does not hold. `rule` says which of its parts: the device can do something about each.

    The next one may go around `nonce`; whoever reads a proof has none to give.
    """

    code: ClassVar[str] = "device_proof_refused"

    def __init__(self, rule: ProofRule, *, nonce: str | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.nonce = nonce


class _PublicKey(BaseModel):
    """A point on P-256 and nothing beside it: a private part, or a symmetric key, is another form."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    y: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class _Claims(BaseModel):
    """What is signed; claims that are not known here say nothing, as the RFC has it.

    A client's first proof has no nonce, and is answered with one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    jti: Annotated[str, Field(min_length=16, max_length=128)]
    htm: str
    htu: Annotated[str, Field(max_length=1024)]
    iat: int
    nonce: str = ""
    ath: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRules:
    """`bases` are the addresses the service is known under from outside, `https://host/api/auth`.

    `clock_slack` is how far a device's clock may be off; the server's nonce is what bounds a proof's age.
    """

    bases: tuple[str, ...]
    clock_slack: timedelta = timedelta(seconds=60)
    nonce_life: timedelta = timedelta(minutes=5)

    def __post_init__(self) -> None:
        if not timedelta(0) < self.clock_slack <= timedelta(minutes=5):
            raise ValueError("SES-10: a proof is good for moments, not longer than five minutes")


@dataclass(frozen=True, slots=True)
class ProvenRequest:
    """The request as it came: `path` without what the gateway put before it, `token_hash` of its session (hex)."""

    method: str
    path: str
    token_hash: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceProof:
    """A proof that holds, but for its nonce and that it was never seen before.

    Attributes:
        thumbprint: Of the device's public key (RFC 7638): the name by which a bound device is known.
    """

    thumbprint: str
    proof_id: str
    nonce: str


def read_proof(text: str, request: ProvenRequest, rules: ProofRules, now: datetime) -> DeviceProof:
    """Return what the proof proves.

    Raises:
        DeviceProofRefusedError: With the first rule it breaks.
    """
    key, claims = _verified(text)
    _require(claims.htm == request.method, "method")
    _require(_is_address_of(claims.htu, request.path, rules.bases), "address")
    _require(abs(now.timestamp() - claims.iat) <= rules.clock_slack.total_seconds(), "time")
    _require(request.token_hash is None or claims.ath == _access_token_hash(request.token_hash), "token")
    return DeviceProof(key.thumbprint(), claims.jti, claims.nonce)


def _verified(text: str) -> tuple[ECKey, _Claims]:
    """Return key and claims once the signature holds; nothing of either is believed before."""
    _require(len(text) <= LONGEST_PROOF and _COMPACT.fullmatch(text) is not None, "form")
    keys: list[ECKey] = []

    def key_of(message: GuestProtocol) -> ECKey:
        keys.append(_own_key(message.headers()))
        return keys[0]

    try:
        token = jwt.decode(text, key_of, registry=_REGISTRY)
        return keys[0], _Claims.model_validate(token.claims)
    except BadSignatureError as error:
        raise DeviceProofRefusedError("signature") from error
    except JoseError as error:
        raise DeviceProofRefusedError("header") from error
    except ValueError as error:  # not JSON inside, or claims of another form
        raise DeviceProofRefusedError("form") from error


def _own_key(header: dict[str, Any]) -> ECKey:
    _require(header.get("typ") == _TYPE and header.get("alg") == _ALGORITHM, "header")
    try:
        key = _PublicKey.model_validate(header.get("jwk"))
        return ECKey.import_key(key.model_dump())
    except (ValidationError, ValueError, JoseError) as error:  # ValueError: no point of the curve
        raise DeviceProofRefusedError("key") from error


def _require(holds: bool, rule: ProofRule) -> None:  # noqa: FBT001 - it is the condition itself
    if not holds:
        raise DeviceProofRefusedError(rule)


def _access_token_hash(token_hash: str) -> str:
    """Return `ath` for a token known by its SHA-256 in hex."""
    return base64.urlsafe_b64encode(bytes.fromhex(token_hash)).rstrip(b"=").decode()


def _is_address_of(address: str, path: str, bases: tuple[str, ...]) -> bool:
    try:
        given = urlsplit(address)
        return any(_same(given, urlsplit(base + path)) for base in bases)
    except ValueError:  # a port that is no number, a bracket too few
        return False


def _same(one: SplitResult, other: SplitResult) -> bool:
    """Compare without query and fragment, the host without case, an absent port as the usual one (RFC 9449, 4.3)."""
    return (one.username, one.password) == (None, None) and _place(one) == _place(other)


def _place(address: SplitResult) -> tuple[str, str | None, int | None, str]:
    return address.scheme, address.hostname, address.port or _PORTS.get(address.scheme), address.path
