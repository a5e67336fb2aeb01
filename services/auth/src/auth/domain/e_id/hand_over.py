"""One hand-over to the provider and back: everything that ties its parts together comes from the client's own secret.

The client that starts gets a secret of 256 bits and shows it at the end. `state`, `nonce` and the PKCE verifier are
derived from it, so only that client can finish (OTC-03), an answer slipped to another one is refused, and what is
stored (a hash of the secret) redeems nothing.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """`verifier` is what PKCE keeps back until the end; only `challenge`, its hash, goes ahead (RFC 7636, S256)."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> Self:
        return cls(state=_derived(secret, "state"), nonce=_derived(secret, "nonce"), verifier=_derived(secret, "pkce"))

    @property
    def challenge(self) -> str:
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def is_answered_by(self, state: str) -> bool:
        return hmac.compare_digest(self.state.encode(), state.encode())


def _derived(secret: str, purpose: str) -> str:
    """Return 256 bits as 43 characters; none of them tells the secret or another."""
    return _text(hmac.new(secret.encode(), f"ansinh/e-id/1/{purpose}".encode(), hashlib.sha256).digest())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
