"""Fields on the bus that only one service can read: JWE (ECDH-ES over X25519, AES-256-GCM). Source: PII-08.

The protected header names the recipient, the message and the part of it; it is authenticated, so a sealed value
cannot be moved to another message, another field or another service.
"""

from collections.abc import Mapping
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OKPKey
from joserfc.registry import HeaderParameter

from ansinh_kit.key_list import KeyList, NamedKey, encode_key_material

_ALGORITHM: Final = "ECDH-ES"
_ENCRYPTION: Final = "A256GCM"
_OURS: Final = ("aud", "event_id", "part")
_REFUSED: Final = ("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "zip", "crit", "b64")


def _check_ephemeral_key(value: object) -> None:
    # The library looks the curve up in a table before it checks it: an unknown one would escape as a KeyError.
    match value:
        case {"kty": "OKP", "crv": "X25519", "x": str()}:
            return
        case _:
            raise ValueError("must be an X25519 public key")


_REGISTRY: Final = jwe.JWERegistry(
    header_registry={
        "epk": HeaderParameter("Ephemeral Public Key", _check_ephemeral_key),
        **{name: HeaderParameter(name, "str", required=True) for name in _OURS},
        **{name: HeaderParameter(name, "none") for name in _REFUSED},
    },
    algorithms=(_ALGORITHM, _ENCRYPTION),
)


class SealError(Exception):
    """A sealed value is not for this service, message or part, or was changed, or its key is gone."""


class UnknownRecipientError(Exception):
    """There is no public key of that service in the settings: nothing can be sealed to it."""

    def __init__(self, recipient: str) -> None:
        super().__init__(f"no sealing key of {recipient}")
        self.recipient = recipient


class Sealer:
    """Seals to services by their public keys; the newest key of each is used."""

    def __init__(self, public_keys: Mapping[str, KeyList]) -> None:
        self._keys = {service: _public(keys.newest) for service, keys in public_keys.items()}

    def seal(self, recipient: str, plaintext: bytes, *, event_id: str, part: str) -> str:
        """Return a compact JWE that `recipient` alone can open, and only as this `part` of this message.

        Args:
            event_id: The id of the message that carries it.
            part: The field's name, or any other name of the place it stands in.

        Raises:
            UnknownRecipientError: The recipient's public key is not configured.
        """
        key = self._keys.get(recipient)
        if key is None:
            raise UnknownRecipientError(recipient)
        header = {
            "alg": _ALGORITHM,
            "enc": _ENCRYPTION,
            "kid": key.kid,
            "aud": recipient,
            "event_id": event_id,
            "part": part,
        }
        return jwe.encrypt_compact(header, plaintext, key, registry=_REGISTRY)


class Opener:
    """Opens what was sealed to this service, with any of its private keys (a list while they rotate)."""

    def __init__(self, service: str, private_keys: KeyList) -> None:
        self.service = service
        self._keys = {key.id: _private(key) for key in private_keys}

    def open(self, sealed: str, *, event_id: str, part: str) -> bytes:
        """Return the plaintext.

        Raises:
            SealError: Sealed to another service, for another message or part, with an unknown key, or changed.
        """
        try:
            opened = jwe.decrypt_compact(sealed, self._key_of, registry=_REGISTRY)
        except (JoseError, ValueError) as error:
            raise SealError(f"cannot open {part} of {event_id}: {type(error).__name__}") from error
        expected = {"aud": self.service, "event_id": event_id, "part": part}
        if opened.plaintext is None or any(opened.protected.get(name) != value for name, value in expected.items()):
            raise SealError(f"what stands as {part} of {event_id} was sealed for another place")
        return opened.plaintext

    def _key_of(self, message: GuestProtocol) -> OKPKey:
        key = self._keys.get(str(message.headers().get("kid")))
        if key is None:
            raise SealError("sealed with a key that this service does not hold")
        return key


def public_keys_of(private_keys: KeyList) -> KeyList:
    """Return the public halves, under the same ids: what the other services' settings hold."""
    return KeyList(tuple(NamedKey(key.id, _public_bytes(key)) for key in private_keys))


def _public_bytes(key: NamedKey) -> bytes:
    private = X25519PrivateKey.from_private_bytes(key.material)
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _public(key: NamedKey) -> OKPKey:
    return OKPKey.import_key({"kty": "OKP", "crv": "X25519", "x": encode_key_material(key.material), "kid": key.id})


def _private(key: NamedKey) -> OKPKey:
    return OKPKey.import_key(
        {
            "kty": "OKP",
            "crv": "X25519",
            "x": encode_key_material(_public_bytes(key)),
            "d": encode_key_material(key.material),
            "kid": key.id,
        }
    )
