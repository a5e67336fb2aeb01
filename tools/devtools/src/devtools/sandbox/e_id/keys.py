"""The provider's signing key: made at its start, changed on order."""

import secrets
from typing import Any

from joserfc.jwk import ECKey


class Keys:
    """One key at a time; the one before a rotation is gone from the key set at once."""

    def __init__(self) -> None:
        self.present = _new_key()

    def rotate(self) -> None:
        self.present = _new_key()

    def key_set(self) -> dict[str, Any]:
        """Return the public half, as it is published."""
        return {"keys": [{**self.present.as_dict(private=False), "use": "sig", "alg": "ES256"}]}


def stranger(key_id: str) -> ECKey:
    """Return a key of nobody's under somebody's id."""
    return ECKey.generate_key("P-256", {"kid": key_id})


def _new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(8)})
