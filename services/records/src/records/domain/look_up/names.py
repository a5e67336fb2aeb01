"""Names as they are compared: in one case and normal form, with or without Vietnamese marks (V-02)."""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")


def marked(name: str) -> str:
    """Return the name in lower case and NFC, its words one blank apart."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def bare(name: str) -> str:
    """Return the name as `marked` does, without marks: `Nguyễn Văn Mẫu` and `nguyen van mau` are then the same."""
    letters = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    unmarked = "".join(character for character in letters if not unicodedata.combining(character))
    return " ".join(unmarked.split())


def bare_words(name: str) -> list[str]:
    """Return the words a name is searched by, each once, in order."""
    return sorted(set(_WORD.findall(bare(name))))
