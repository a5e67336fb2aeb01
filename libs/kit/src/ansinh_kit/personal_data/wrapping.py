"""Wrapping of data keys: what the keyring stores is useless without the wrapping key, which it never holds."""

import os
from dataclasses import dataclass, field
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ansinh_kit.key_list import KeyList

_NONCE_BYTES: Final = 12


class WrappingKeyError(Exception):
    """A wrapped key cannot be opened: its wrapping key is not configured, or the stored bytes were changed."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as stored: useless without the wrapping key named."""

    wrapping_key: str
    nonce: bytes = field(repr=False)
    ciphertext: bytes = field(repr=False)


class KeyWrapper(Protocol):
    """Where wrapping keys live: a list in settings (`LocalKeyWrapper`), or a key service behind the same calls."""

    @property
    def newest_id(self) -> str:
        """Name the wrapping key in use; what another one wrapped is to be written anew (PII-07)."""
        ...

    async def wrap(self, data_key: bytes, *, context: bytes) -> WrappedKey: ...

    async def unwrap(self, wrapped: WrappedKey, *, context: bytes) -> bytes:
        """Return the data key.

        Raises:
            WrappingKeyError: Unknown wrapping key, another context, or changed bytes.
        """
        ...


class LocalKeyWrapper:
    """AES-256-GCM under versioned wrapping keys held in memory; the newest wraps, any of them unwraps."""

    def __init__(self, wrapping_keys: KeyList) -> None:
        self._ciphers = {key.id: AESGCM(key.material) for key in wrapping_keys}
        self._newest_id = wrapping_keys.newest.id

    @property
    def newest_id(self) -> str:
        return self._newest_id

    async def wrap(self, data_key: bytes, *, context: bytes) -> WrappedKey:
        nonce = os.urandom(_NONCE_BYTES)
        ciphertext = self._ciphers[self._newest_id].encrypt(nonce, data_key, context)
        return WrappedKey(self._newest_id, nonce, ciphertext)

    async def unwrap(self, wrapped: WrappedKey, *, context: bytes) -> bytes:
        cipher = self._ciphers.get(wrapped.wrapping_key)
        if cipher is None:
            raise WrappingKeyError(f"wrapping key {wrapped.wrapping_key} is not configured")
        try:
            return cipher.decrypt(wrapped.nonce, wrapped.ciphertext, context)
        except InvalidTag as error:
            raise WrappingKeyError("a wrapped key was changed or moved") from error
