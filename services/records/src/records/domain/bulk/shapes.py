"""What a refused value looked like, without the value: enough to find the mistake, too little to know a person."""

import re
import unicodedata
from typing import Final

_SHOWN: Final = 32
_SAFE: Final = frozenset(" /.,-:;|=+@_()'\"")
_RUN: Final = re.compile(r"(.)\1{4,}")


def shape_of(value: str) -> str:
    """Return the value with every letter as `a` or `A`, every digit as `9` and everything unusual as `?`.

    A run of five or more is written once with its length: `9{10}`. At most 32 characters of the value are looked at;
    `…` and the whole length follow where there were more.
    """
    shape = _RUN.sub(_counted, "".join(map(_shape_of_character, value[:_SHOWN])))
    return shape if len(value) <= _SHOWN else f"{shape}…({len(value)})"


def _shape_of_character(character: str) -> str:
    if character in _SAFE:
        return character
    if character.isdigit():
        return "9"
    category = unicodedata.category(character)
    if category.startswith("L"):
        return "A" if category == "Lu" else "a"
    return "?"


def _counted(run: re.Match[str]) -> str:
    return f"{run[1]}{{{len(run[0])}}}"
