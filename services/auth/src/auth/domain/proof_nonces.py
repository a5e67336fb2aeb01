"""Nonces for device proofs: they say that a proof was made a moment ago, by the server's clock, and need no memory.

A nonce is its making's second, eight random bytes and an HMAC over both. Source: RFC 9449, 8; SES-10.
"""

import base64
import binascii
import hmac
import struct
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from ansinh_kit.key_list import KeyList

RANDOM_BYTES: Final = 8
_HEAD: Final = struct.Struct(f">Q{RANDOM_BYTES}s")
_MAC_BYTES: Final = 16
_LABEL: Final = b"device-proof-nonce|"


def make_nonce(keys: KeyList, now: datetime, random: bytes) -> str:
    """Return a nonce made at `now`; `random` are `RANDOM_BYTES` bytes nobody else has."""
    head = _HEAD.pack(int(now.timestamp()), random)
    return base64.urlsafe_b64encode(head + _mac(keys.newest.material, head)).rstrip(b"=").decode()


def is_fresh(nonce: str, keys: KeyList, now: datetime, life: timedelta) -> bool:
    """Tell whether one of us made the nonce, not longer than `life` ago."""
    head, mac = _parts(nonce)
    ours = any(hmac.compare_digest(_mac(key.material, head), mac) for key in keys)
    if not ours:
        return False
    made_at: int = _HEAD.unpack(head)[0]
    return 0 <= int(now.timestamp()) - made_at < life.total_seconds()


def _parts(nonce: str) -> tuple[bytes, bytes]:
    try:
        raw = base64.b64decode(nonce.encode("ascii") + b"=" * (-len(nonce) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return b"", b""
    return raw[: _HEAD.size], raw[_HEAD.size :]


def _mac(key: bytes, head: bytes) -> bytes:
    return hmac.new(key, _LABEL + head, sha256).digest()[:_MAC_BYTES]
