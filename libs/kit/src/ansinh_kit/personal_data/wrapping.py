"""Wrapping of data keys: what the keyring stores is useless without the wrapping key, which it never holds."""

import os
from collections.abc import Mapping
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ansinh_kit.key_list import KeyList

_NONCE_BYTES: Final = 12


class WrappingKeyError(Exception):
    """A wrapped key cannot be opened: its wrapping key is not configured, or the stored bytes were changed."""


class KeyWrapper(Protocol):
    """Where wrapping keys live: a list in settings (`LocalKeyWrapper`), or a key service behind the same calls."""

    async def wrap(self, data_key: bytes, *, context: bytes) -> dict[str, Any]: ...

    async def unwrap(self, wrapped: Mapping[str, Any], *, context: bytes) -> bytes:
        """Return the data key.

        Raises:
            WrappingKeyError: Unknown wrapping key, another context, or changed bytes.
        """
        ...

    def is_newest(self, wrapped: Mapping[str, Any]) -> bool:
        """Say whether `wrapped` was made by the newest wrapping key; if not, rotation writes it anew."""
        ...


class LocalKeyWrapper:
    """AES-256-GCM under versioned wrapping keys held in memory; the newest wraps, any of them unwraps."""

    def __init__(self, wrapping_keys: KeyList) -> None:
        self._ciphers = {key.id: AESGCM(key.material) for key in wrapping_keys}
        self._newest_id = wrapping_keys.newest.id

    async def wrap(self, data_key: bytes, *, context: bytes) -> dict[str, Any]:
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._ciphers[self._newest_id].encrypt(nonce, data_key, context)
        return {"wrapping_key": self._newest_id, "nonce": nonce, "ciphertext": ciphertext}

    async def unwrap(self, wrapped: Mapping[str, Any], *, context: bytes) -> bytes:
        cipher = self._ciphers.get(wrapped["wrapping_key"])
        if cipher is None:
            raise WrappingKeyError(f"wrapping key {wrapped['wrapping_key']} is not configured")
        try:
            return cipher.decrypt(bytes(wrapped["nonce"]), bytes(wrapped["ciphertext"]), context)
        except InvalidTag as error:
            raise WrappingKeyError("a wrapped key was changed or moved") from error

    def is_newest(self, wrapped: Mapping[str, Any]) -> bool:
        return bool(wrapped["wrapping_key"] == self._newest_id)
