"""Text that people typed: one normal form, visible characters only. What is allowed where is each service's rule."""

import re
import unicodedata
from typing import Final

# Control, format (zero width, bidirectional overrides), surrogate, private, unassigned, line and paragraph separators.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAME_PUNCTUATION: Final = frozenset(" '’-.")


def single_spaced(text: str) -> str:
    """Return `text` in NFC, trimmed, each run of blanks as one.

    Only blanks are folded: a tab or line break inside a name is a sign of something else, and stays to be refused.
    """
    return re.sub(r"[ \u00a0]+", " ", unicodedata.normalize("NFC", text)).strip(" ")


def is_visible(text: str) -> bool:
    """Tell whether every character shows: no control, format or private characters, no line breaks."""
    return all(unicodedata.category(character) not in _INVISIBLE for character in text)


def is_written_as_a_name(text: str) -> bool:
    """Tell whether there are Latin letters, blanks, apostrophes, hyphens and dots only: no look-alikes."""
    return all(character in _NAME_PUNCTUATION or _is_latin_letter(character) for character in text)


def without_marks(text: str) -> str:
    """Return `text` in lower case without Vietnamese marks, for comparing names that lost theirs."""
    bare = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(character for character in bare if not unicodedata.combining(character))


def _is_latin_letter(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")
