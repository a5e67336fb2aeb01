"""A device as software: an ES256 key and the proofs it makes, right by default and wrong where a test says so."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from ansinh_contracts.session_check import hash_token
from joserfc import jws, jwt
from joserfc.jwk import ECKey

BASE = "https://ansinh.example/api/auth"
# Signs what no honest device would: it is the checker that has to refuse it, not the library that makes it.
_ANYTHING = jws.JWSRegistry(algorithms=["ES256", "ES384", "HS256", "none"], strict_check_header=False)


def ath(token: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(hash_token(token))).rstrip(b"=").decode()


@dataclass
class DeviceKey:
    key: ECKey = field(default_factory=ECKey.generate_key)

    @property
    def thumbprint(self) -> str:
        return self.key.thumbprint()

    def proof(
        self,
        method: str,
        path: str,
        *,
        now: datetime,
        nonce: str,
        token: str | None = None,
        header: dict[str, Any] | None = None,
        claims: dict[str, Any] | None = None,
        signing_key: Any = None,  # noqa: ANN401 - any key of the library
    ) -> str:
        """Return the header's value. Args: `header` and `claims` replace; a value of `None` leaves the entry out."""
        said: dict[str, Any] = {
            "jti": uuid4().hex,
            "htm": method,
            "htu": BASE + path,
            "iat": int(now.timestamp()),
            "nonce": nonce,
            "ath": None if token is None else ath(token),
        } | (claims or {})
        head: dict[str, Any] = {
            "typ": "dpop+jwt",
            "alg": "ES256",
            "jwk": self.key.as_dict(private=False),
        } | (header or {})
        return jwt.encode(
            {name: value for name, value in head.items() if value is not None},
            {name: value for name, value in said.items() if value is not None},
            signing_key or self.key,
            registry=_ANYTHING,
        )
