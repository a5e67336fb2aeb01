"""Look-up and uniqueness of personal values that are never stored in the clear. Source: PII-05."""

import hashlib
import hmac
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ansinh_kit.key_list import KeyList

_PURPOSE: Final = b"ansinh/blind-index/1/"


class BlindIndex:
    """HMAC-SHA-256 of a normalised value under a key of its field; equal values of one field give equal indexes.

    The field's key comes by HKDF from a root key that is kept apart from the wrapping keys, so equal values of two
    fields (a phone number typed as an insurance number) cannot be matched.
    """

    def __init__(self, root_keys: KeyList) -> None:
        self._roots = tuple(key.material for key in root_keys)

    def of(self, field: str, normalised: str) -> str:
        """Return the index under the newest root key, 64 hex digits: what is written.

        Args:
            normalised: The caller's canonical form; two spellings of one value would give two indexes.
        """
        return _index(self._roots[0], field, normalised)

    def all_of(self, field: str, normalised: str) -> tuple[str, ...]:
        """Return the indexes under every root key, newest first: what is looked for while keys rotate."""
        return tuple(_index(root, field, normalised) for root in self._roots)


def _index(root: bytes, field: str, normalised: str) -> str:
    return hmac.new(_field_key(root, field), normalised.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def _field_key(root: bytes, field: str) -> bytes:
    # Field names are constants of the code, so the cache holds a few dozen keys.
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE + field.encode()).derive(root)
