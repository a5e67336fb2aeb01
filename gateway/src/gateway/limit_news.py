"""What gateways tell each other about limits, and how nobody else can read or say it (ADR-0028).

A message is the text of `LimitNews`, sealed: addresses and session hashes do not travel in the clear, and what no
gateway has written takes nothing from anybody.
"""

import os
from typing import Annotated, Final, Literal

from ansinh_kit.key_list import KeyList
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_MESSAGE_BYTES: Final = 512 * 1024
MAX_KEYS_OF_A_LIMIT: Final = 2_000
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"ansinh gateway limit news 1"

Name = Annotated[str, Field(min_length=1, max_length=64)]
Tokens = Annotated[int, Field(gt=0, le=1_000_000_000)]
TakenByKey = Annotated[dict[Name, Tokens], Field(max_length=MAX_KEYS_OF_A_LIMIT)]


Unreadable = Literal["too_long", "foreign", "malformed"]


class UnreadableNewsError(Exception):
    """This is no news of ours."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason)
        self.reason = reason


class LimitNews(BaseModel):
    """Tokens that one gateway has given away since it last told, by limit and key.

    Attributes:
        sender: The gateway, from its start to its end.
        number: Counts its messages; a number is good once.
        sent_at: Milliseconds since 1970.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    sender: Name
    number: int = Field(ge=1)
    sent_at: int = Field(ge=0)
    taken: dict[Name, TakenByKey] = Field(max_length=16)


def read_news(text: bytes) -> LimitNews:
    """Return what the text says.

    Raises:
        UnreadableNewsError: It has another form than any we write, as one of a gateway of another version may.
    """
    try:
        return LimitNews.model_validate_json(text)
    except ValidationError as error:
        raise UnreadableNewsError("malformed") from error


class LimitNewsSeal:
    """AES-256-GCM under keys made from those that sign for auth, which every gateway has.

    With their ids comes their rotation: a key is accepted by all before one seals with it. Auth knows them, too; it
    decides about every session anyway.
    """

    def __init__(self, keys: KeyList) -> None:
        self._ciphers: tuple[AESGCM, ...] = ()
        self.replace(keys)

    def replace(self, keys: KeyList) -> None:
        """Seal with the newest of these from now on, open with any of them."""
        self._ciphers = tuple(AESGCM(_derived(key.material)) for key in keys)

    def close(self, text: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, text, _PURPOSE)

    def open(self, message: bytes) -> bytes:
        """Return what a gateway has written.

        Raises:
            UnreadableNewsError: No gateway has, or it is longer than any message we write.
        """
        if len(message) > MAX_MESSAGE_BYTES:
            raise UnreadableNewsError("too_long")
        nonce, sealed = message[:_NONCE_BYTES], message[_NONCE_BYTES:]
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, sealed, _PURPOSE)
            except (InvalidTag, ValueError):  # the second: shorter than a nonce
                continue
        raise UnreadableNewsError("foreign")


def _derived(signing_key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(signing_key)
