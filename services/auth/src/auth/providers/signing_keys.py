"""The provider's public keys: what its key set offers, less all that no ID token may be checked with."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from auth.providers.port import EIdUnavailableError

Algorithm = Literal["RS256", "PS256", "ES256"]
SigningKey = RSAKey | ECKey
_MOST_KEYS: Final = 32
_FEWEST_RSA_BITS: Final = 2048
_SHORTEST_MODULUS: Final = 342  # so many bits as base64url: a shorter one is not even made into a key
_Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=1400)]


class _Jwk(BaseModel):
    """The public members alone. A key for another purpose, or for another algorithm, is another form."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    kid: Annotated[str, Field(min_length=1, max_length=256)]
    use: Literal["sig"] | None = None
    alg: Algorithm | None = None


class _RsaJwk(_Jwk):
    kty: Literal["RSA"]
    n: Annotated[_Number, Field(min_length=_SHORTEST_MODULUS)]
    e: _Number

    def key(self) -> SigningKey:
        return RSAKey.import_key({"kty": "RSA", "n": self.n, "e": self.e})


class _EcJwk(_Jwk):
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[_Number, Field(min_length=43, max_length=43)]
    y: Annotated[_Number, Field(min_length=43, max_length=43)]

    def key(self) -> SigningKey:
        return ECKey.import_key({"kty": "EC", "crv": "P-256", "x": self.x, "y": self.y})


_KEY: Final[TypeAdapter[_RsaJwk | _EcJwk]] = TypeAdapter(Annotated[_RsaJwk | _EcJwk, Field(discriminator="kty")])


class SigningKeys:
    """The keys by their ids; each serves the algorithms of its own kind only."""

    def __init__(self, keys: Mapping[str, tuple[SigningKey, Algorithm | None]]) -> None:
        self._keys = keys

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._keys

    def find(self, key_id: str, algorithm: Algorithm) -> SigningKey | None:
        key, only_for = self._keys.get(key_id, (None, None))
        if key is None or only_for not in (None, algorithm):
            return None
        kind = ECKey if algorithm == "ES256" else RSAKey
        return key if isinstance(key, kind) else None


def read_signing_keys(body: Mapping[str, Any]) -> SigningKeys:
    """Return the keys of a key set (RFC 7517). What is no key for signatures is passed over.

    Raises:
        EIdUnavailableError: It is no key set, holds too many keys, or two under one id.
    """
    offered = body.get("keys")
    if not isinstance(offered, list) or len(offered) > _MOST_KEYS:
        raise EIdUnavailableError("garbled_keys")
    keys: dict[str, tuple[SigningKey, Algorithm | None]] = {}
    for one in offered:
        read = _read(one)
        if read is None:
            continue
        key_id, key, algorithm = read
        if key_id in keys:
            raise EIdUnavailableError("garbled_keys")
        keys[key_id] = (key, algorithm)
    return SigningKeys(keys)


def _read(offered: object) -> tuple[str, SigningKey, Algorithm | None] | None:
    try:
        jwk = _KEY.validate_python(offered)
        key = jwk.key()
    except (ValidationError, ValueError, JoseError):  # ValueError: no point of the curve, no modulus
        return None
    if isinstance(key, RSAKey) and key.public_key.key_size < _FEWEST_RSA_BITS:
        return None
    return jwk.kid, key, jwk.alg
