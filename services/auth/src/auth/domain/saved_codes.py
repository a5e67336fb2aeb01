"""Saved recovery codes: a list made in a session, written down by the holder, each good once (LIM-21, NIST 4.2.1.1).

    3F7K-9XQ2-T0BM-W8RD

The first symbol is the code's place in its list, so that one hash is compared with it and not every one of the
list; the other fifteen are 75 random bits. Nothing looks alike: Crockford's base 32, read back as people copy it.
"""

import re
from collections.abc import Callable
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LIST_LENGTH: Final = 8
SECRET_SYMBOLS: Final = 15
SECRET_BITS: Final = SECRET_SYMBOLS * 5
_GROUP: Final = 4
_FORM: Final = re.compile(f"[{ALPHABET}]{{{SECRET_SYMBOLS + 1}}}", re.ASCII)
_AS_PEOPLE_COPY: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def make_codes(below: Callable[[int], int], *, count: int = LIST_LENGTH) -> tuple[str, ...]:
    """Return a new list, normalised; the code at index `n` has place `n`.

    Args:
        below: Returns a number under its argument that nobody can foresee (`secrets.randbelow`).
    """
    return tuple(
        ALPHABET[place] + "".join(ALPHABET[below(len(ALPHABET))] for _ in range(SECRET_SYMBOLS))
        for place in range(count)
    )


def normalised(typed: str) -> str | None:
    """Return the code as it is hashed, whatever its spaces, dashes and case; `None` if it is no code at all."""
    code = typed.strip().upper().translate(_AS_PEOPLE_COPY)
    return code if _FORM.fullmatch(code) else None


def place_of(code: str) -> int:
    """Return the place in its list of a normalised code."""
    return ALPHABET.index(code[0])


def shown(code: str) -> str:
    """Return the code as it is shown, in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))
