"""Encryption of personal values with the person's own key; once that key is gone, nobody reads them again."""

import os
from collections.abc import Collection, Mapping, Sequence
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ansinh_kit.personal_data.keyring import DataKey, Keyring

_ALGORITHM: Final = "A256GCM"
_NONCE_BYTES: Final = 12
_FORMAT: Final = "ansinh-personal-1"


class TamperedDataError(Exception):
    """A blob was changed, or moved to another person or place, or is no blob of ours. Never shown as erased."""


class PersonalDataCipher:
    """AES-256-GCM under the key of one person.

    A blob is `{alg, key, nonce, ciphertext}`: the key's version, 12 random bytes, and the ciphertext with its tag.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def prepare(self, subject_ids: Collection[str]) -> frozenset[str]:
        """Have the keys of these people at hand, made on first use, in few questions; return who was forgotten.

        Raises:
            UnavailableError: The keyring did not answer.
        """
        keys = await self._keyring.data_keys(subject_ids)
        return frozenset(subject_ids) - keys.keys()

    async def prefetch(self, subject_ids: Collection[str]) -> None:
        """Have those keys of these people at hand that there are: what follows opens without a question for each.

        Raises:
            UnavailableError: The keyring did not answer.
        """
        await self._keyring.prefetch(subject_ids)

    async def encrypt(self, subject_id: str, plaintext: bytes, *, context: str) -> dict[str, Any]:
        """Return a blob that opens only for the same person and the same `context`.

        Args:
            context: Where the blob will stand, e.g. `stream|event id|type|version`: elsewhere it is refused.

        Raises:
            SubjectErasedError: The person was forgotten.
            UnavailableError: The keyring did not answer.
        """
        (blob,) = await self.encrypt_all(subject_id, [(plaintext, context)])
        return blob

    async def encrypt_all(self, subject_id: str, parts: Sequence[tuple[bytes, str]]) -> list[dict[str, Any]]:
        """Return a blob for each plaintext and its context, as `encrypt` does, with one question for the key.

        Raises:
            SubjectErasedError: The person was forgotten.
            UnavailableError: The keyring did not answer.
        """
        key = await self._keyring.data_key(subject_id)
        cipher, authenticated = AESGCM(key.material), _Authenticated(subject_id, key.version)
        nonces = os.urandom(_NONCE_BYTES * len(parts))
        blobs = []
        for index, (plaintext, context) in enumerate(parts):
            nonce = nonces[index * _NONCE_BYTES : (index + 1) * _NONCE_BYTES]
            ciphertext = cipher.encrypt(nonce, plaintext, authenticated.with_context(context))
            blobs.append({"alg": _ALGORITHM, "key": key.version, "nonce": nonce, "ciphertext": ciphertext})
        return blobs

    async def decrypt(self, subject_id: str, blob: Mapping[str, Any], *, context: str) -> bytes | None:
        """Return the plaintext; `None` if the person was forgotten.

        Raises:
            TamperedDataError: The blob was changed, belongs to another person or context, or is malformed.
            DataKeyMissingError: The key was lost, not erased.
            UnavailableError: The keyring did not answer.
        """
        (plaintext,) = await self.decrypt_all(subject_id, [(blob, context)])
        return plaintext

    async def decrypt_all(self, subject_id: str, parts: Sequence[tuple[Mapping[str, Any], str]]) -> list[bytes | None]:
        """Return the plaintext of each blob in its context, as `decrypt` does, with one look for each key they need."""
        openers: dict[int, _Opener | None] = {}
        plaintexts: list[bytes | None] = []
        for blob, context in parts:
            version, nonce, ciphertext = _parts(blob)
            if version not in openers:
                key = await self._keyring.find_data_key(subject_id, version)
                openers[version] = None if key is None else _Opener(subject_id, key)
            opener = openers[version]
            plaintexts.append(None if opener is None else opener.open(nonce, ciphertext, context))
        return plaintexts

    async def forget(self, subject_id: str) -> None:
        """Make everything encrypted for the person unreadable for ever; doing it twice changes nothing.

        Other processes may still read for as long as they hold keys (LIM-28).

        Raises:
            UnavailableError: The keyring did not answer.
        """
        await self._keyring.forget(subject_id)

    async def is_forgotten(self, subject_id: str) -> bool:
        """Say whether the person was forgotten, by the keyring itself.

        Raises:
            UnavailableError: The keyring did not answer.
        """
        return await self._keyring.is_forgotten(subject_id)

    async def forgotten_among(self, subject_ids: Collection[str]) -> frozenset[str]:
        """Return who of these was forgotten, by the keyring itself.

        Raises:
            UnavailableError: The keyring did not answer.
        """
        return await self._keyring.forgotten_among(subject_ids)


class _Authenticated:
    """What is authenticated with the blobs of one key, but for their context.

    JSON, because joining with a separator would let two different lists give the same bytes. Spelled out, because
    every event that is read passes here, and `json.dumps` of the list takes four times as long.
    """

    __slots__ = ("_begin",)

    def __init__(self, subject_id: str, key_version: int) -> None:
        self._begin = f'["{_FORMAT}", {_quoted(subject_id)}, {key_version}, '

    def with_context(self, context: str) -> bytes:
        return f"{self._begin}{_quoted(context)}]".encode()


class _Opener:
    """Opens what was encrypted under one key: made once for all blobs that are read together."""

    __slots__ = ("_authenticated", "_cipher")

    def __init__(self, subject_id: str, key: DataKey) -> None:
        self._cipher = AESGCM(key.material)
        self._authenticated = _Authenticated(subject_id, key.version)

    def open(self, nonce: bytes, ciphertext: bytes, context: str) -> bytes:
        try:
            return self._cipher.decrypt(nonce, ciphertext, self._authenticated.with_context(context))
        except InvalidTag as error:
            raise TamperedDataError("personal data does not match its person and place") from error


def _parts(blob: Mapping[str, Any]) -> tuple[int, bytes, bytes]:
    version, nonce, ciphertext = blob.get("key"), blob.get("nonce"), blob.get("ciphertext")
    if (
        blob.get("alg") == _ALGORITHM
        and isinstance(version, int)
        and isinstance(nonce, bytes)
        and isinstance(ciphertext, bytes)
        and len(nonce) == _NONCE_BYTES
    ):
        return version, nonce, ciphertext
    raise TamperedDataError("not a blob of personal data")
