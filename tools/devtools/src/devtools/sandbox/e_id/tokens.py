"""ID tokens: as they should be, and in every way they should not."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from devtools.sandbox.e_id.keys import Keys, stranger
from devtools.sandbox.e_id.ways import WayKind

LEVEL: Final = "level-2"
_LIFE_SECONDS: Final = 300
_HOUR: Final = 3600
_ALGORITHM: Final = "ES256"

Claims = dict[str, Any]
_CHANGES: Final[Mapping[WayKind, Callable[[Claims], Claims]]] = {
    "wrong_nonce": lambda claims: {**claims, "nonce": "another"},
    "no_nonce": lambda claims: _without(claims, "nonce"),
    "wrong_audience": lambda claims: {**claims, "aud": "another"},
    "more_audiences": lambda claims: {**claims, "aud": [claims["aud"], "another"], "azp": claims["aud"]},
    "wrong_party": lambda claims: {**claims, "azp": "another"},
    "wrong_issuer": lambda claims: {**claims, "iss": "https://another.example"},
    "expired": lambda claims: {**claims, "exp": claims["iat"] - _HOUR},
    "old": lambda claims: {**claims, "iat": claims["iat"] - _HOUR},
    "future": lambda claims: {**claims, "iat": claims["iat"] + _HOUR, "exp": claims["exp"] + _HOUR},
    "low_level": lambda claims: {**claims, "acr": "level-1"},
    "no_level": lambda claims: _without(claims, "acr"),
    "stale": lambda claims: {**claims, "auth_time": claims["auth_time"] - _HOUR},
    "no_time": lambda claims: _without(claims, "auth_time"),
    "no_number": lambda claims: _without(claims, "citizen_number"),
    "other_subject": lambda claims: {**claims, "sub": "somebody-else"},
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who has shown an e-ID, and when (seconds since 1970)."""

    subject: str
    citizen_number: str
    shown_at: int


class Tokens:
    def __init__(self, keys: Keys, *, issuer: str, client_id: str, now: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._issuer = issuer
        self._client_id = client_id
        self._now = now

    def make(self, person: Person, nonce: str, kind: WayKind | None) -> str:
        """Return the token for the person, wrong in the way that was ordered."""
        claims = self._claims(person, nonce)
        change = None if kind is None else _CHANGES.get(kind)
        return self._signed(claims if change is None else change(claims), kind)

    def _claims(self, person: Person, nonce: str) -> Claims:
        now = int(self._now())
        return {
            "iss": self._issuer,
            "sub": person.subject,
            "aud": self._client_id,
            "iat": now,
            "exp": now + _LIFE_SECONDS,
            "auth_time": person.shown_at,
            "nonce": nonce,
            "acr": LEVEL,
            "citizen_number": person.citizen_number,
        }

    def _signed(self, claims: Claims, kind: WayKind | None) -> str:  # noqa: PLR0911 - a line a way
        key, key_id = self._keys.present, str(self._keys.present.kid)
        match kind:
            case "unsigned":
                return f"{_part({'alg': 'none', 'kid': key_id})}.{_part(claims)}.{_part({})}"
            case "symmetric":
                shared = OctKey.import_key(json.dumps(key.as_dict(private=False)))
                return jwt.encode({"alg": "HS256", "kid": key_id}, claims, shared, algorithms=["HS256"])
            case "other_key":
                return _token(claims, stranger(key_id), {"kid": key_id})
            case "unknown_key":
                return _token(claims, stranger("nobody"), {"kid": "nobody"})
            case "key_in_header":
                own = stranger(key_id)
                return _token(claims, own, {"kid": key_id, "jwk": own.as_dict(private=False)})
            case "no_key_id":
                return _token(claims, key, {})
            case "garbled_token":
                return _token(claims, key, {"kid": key_id})[:-8]
            case _:
                return _token(claims, key, {"kid": key_id})


def _token(claims: Claims, key: ECKey, header: Mapping[str, Any]) -> str:
    return jwt.encode({"alg": _ALGORITHM, **header}, claims, key)


def _part(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}
