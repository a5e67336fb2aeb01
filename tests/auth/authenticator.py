"""An authenticator as software: makes passkeys and signs with them, right by default, wrong where a test says so."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

DOMAIN = "ansinh.example"
ORIGIN = "https://ansinh.example"
_PRESENT, _VERIFIED, _HAS_CREDENTIAL = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Ways:
    """Where the answer is made, and whether the user was there: what a test may make wrong."""

    origin: str = ORIGIN
    domain: str = DOMAIN
    verified: bool = True
    present: bool = True
    cross_origin: bool = False
    counter: int | None = None
    challenge: str | None = None
    client_type: str | None = None

    def client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {
                "type": self.client_type or kind,
                "challenge": self.challenge or challenge,
                "origin": self.origin,
                "crossOrigin": self.cross_origin,
            }
        ).encode()

    def authenticator_data(self, flags: int, counter: int) -> bytes:
        flags |= (_PRESENT if self.present else 0) | (_VERIFIED if self.verified else 0)
        count = counter if self.counter is None else self.counter
        return hashlib.sha256(self.domain.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")


@dataclass
class Authenticator:
    """Holds one passkey; `counter` counts its signatures."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(16))
    user_handle: str = ""
    counter: int = 0

    def create(self, options: dict[str, Any], ways: Ways | None = None) -> dict[str, Any]:
        """Return the answer to `navigator.credentials.create`."""
        ways = ways or Ways()
        self.user_handle = options["user"]["id"]
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._cose()
        data = ways.authenticator_data(_HAS_CREDENTIAL, self.counter) + attested
        client_data = ways.client_data("webauthn.create", options["challenge"])
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(clientDataJSON=b64(client_data), attestationObject=b64(attestation))

    def get(
        self, options: dict[str, Any], ways: Ways | None = None, *, user_handle: str | None = None
    ) -> dict[str, Any]:
        """Return the answer to `navigator.credentials.get`."""
        ways = ways or Ways()
        self.counter += 1
        data = ways.authenticator_data(0, self.counter)
        client_data = ways.client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=b64(client_data),
            authenticatorData=b64(data),
            signature=b64(signature),
            userHandle=user_handle or self.user_handle,
        )

    def _credential(self, **response: str) -> dict[str, Any]:
        name = b64(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}

    def _cose(self) -> bytes:
        """Return the public key as COSE has it: EC2, ES256, P-256 (RFC 9053)."""
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
