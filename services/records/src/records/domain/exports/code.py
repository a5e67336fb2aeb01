"""The code on an export, by which a third party asks whether it is ours.

100 random bits, in an alphabet without letters that look like digits. Its hash is the id of the export, and the code
itself is kept under the person's key only: who reads the log or a backup cannot put a code on a forged paper.
"""

import hashlib
from typing import Final

RANDOM_BYTES: Final = 13
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BITS: Final = 5
_GROUPS: Final = 4
_GROUP: Final = 5
_CHARACTERS: Final = _GROUPS * _GROUP
_READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"} | dict.fromkeys(" -\u2010\u2011\u2012\u2013\u2014", ""))


def code_from(random: bytes) -> str:
    """Return the code, as `4F7QK-0ZB2M-9XW3R-HT6CD`, that `RANDOM_BYTES` random bytes make."""
    number = int.from_bytes(random[:RANDOM_BYTES])
    letters = [_ALPHABET[number >> (_BITS * place) & (len(_ALPHABET) - 1)] for place in range(_CHARACTERS)]
    groups = ["".join(letters[start : start + _GROUP]) for start in range(0, _CHARACTERS, _GROUP)]
    return "-".join(groups)


def export_id_of(code: str) -> str:
    """Return the id, 32 hex digits, of the export that bears `code`, however it was typed.

    What is no code gives the id of no export: nothing here tells a mistyped code from one that was never given.
    """
    letters = code.upper().translate(_READ_AS)
    return hashlib.sha256(f"export/{letters}".encode(errors="replace")).hexdigest()[:32]
