"""Lists of 256-bit keys with ids, newest first: what rotation needs, in one text form for settings and files."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Self

_KEY_BYTES: Final = 32
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")


class KeyListError(ValueError):
    """The text is not a list of keys. The message names what is wrong and never holds key material."""


@dataclass(frozen=True, slots=True)
class NamedKey:
    """256 bits under a name; the name is not secret and travels with what the key made."""

    id: str
    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _KEY_ID.fullmatch(self.id):
            raise KeyListError("a key id is 1 to 32 of: letters, digits, dot, dash, underscore")
        if len(self.material) != _KEY_BYTES:
            raise KeyListError(f"key {self.id} has {len(self.material)} bytes, not {_KEY_BYTES}")


@dataclass(frozen=True, slots=True)
class KeyList:
    """Keys of one purpose, newest first: the newest makes, all of them are accepted."""

    keys: tuple[NamedKey, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise KeyListError("a list of keys holds at least one")
        if len({key.id for key in self.keys}) != len(self.keys):
            raise KeyListError("two keys share an id")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `id:base64url[,id:base64url...]`, newest first; white space and base64 padding do not matter.

        Raises:
            KeyListError: The text has another form, or a key is not 32 bytes.
        """
        return cls(tuple(_parse_key(part) for part in "".join(text.split()).split(",") if part))

    @property
    def newest(self) -> NamedKey:
        return self.keys[0]

    def find(self, key_id: str) -> NamedKey | None:
        return next((key for key in self.keys if key.id == key_id), None)

    def accepting(self, key: NamedKey) -> Self:
        """Return the list with `key` behind the others: accepted everywhere before anything is made with it."""
        return type(self)((*self.keys, key))

    def promoting(self, key_id: str) -> Self:
        """Return the list with that key in front: it makes from now on, the others are still accepted.

        Raises:
            KeyListError: It is not in the list.
        """
        promoted = self.find(key_id)
        if promoted is None:
            raise KeyListError(f"there is no key {key_id}")
        return type(self)((promoted, *(key for key in self.keys if key.id != key_id)))

    def newest_only(self) -> Self:
        """Return the list without the keys that only accept."""
        return type(self)((self.newest,))

    def __iter__(self) -> Iterator[NamedKey]:
        return iter(self.keys)

    def to_text(self) -> str:
        """Return the text that `parse` reads. It is a secret."""
        return ",".join(f"{key.id}:{encode_key_material(key.material)}" for key in self.keys)


def _parse_key(part: str) -> NamedKey:
    key_id, colon, encoded = part.partition(":")
    if not colon:
        raise KeyListError("a key is written id:base64url")
    return NamedKey(key_id, decode_key_material(encoded))


def encode_key_material(material: bytes) -> str:
    """Return the bytes as base64url text without padding."""
    return base64.urlsafe_b64encode(material).rstrip(b"=").decode()


def decode_key_material(encoded: str) -> bytes:
    """Return the bytes of base64url text, with or without its padding.

    Raises:
        KeyListError: It is not base64url.
    """
    unpadded = encoded.rstrip("=")
    try:
        return base64.b64decode(unpadded + "=" * (-len(unpadded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        # `from None`: the codec's own error can quote the text, and the text is a key.
        raise KeyListError("key material is not base64url") from None
