"""Names and lines of text: visible characters only, in one normal form."""

import re
import unicodedata
from typing import Final

from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

NAME_MAX_CHARACTERS: Final = 100
LINE_MAX_CHARACTERS: Final = 200
_NAME_MIN_LETTERS: Final = 2

# Control, format (zero width, bidirectional overrides), surrogate, private, unassigned, line and paragraph separators.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAME_PUNCTUATION: Final = frozenset(" '’-.")

PERSON_NAME: Final = Rule(
    "person_name",
    Text(
        "Họ và tên chỉ gồm chữ cái, dấu cách, dấu nháy, gạch nối và dấu chấm, từ 2 đến 100 ký tự.",
        "A full name has letters, blanks, apostrophes, hyphens and dots only, 2 to 100 characters.",
    ),
    Text("Nhập đúng như trên giấy tờ tùy thân.", "Type it as it stands on the identity paper."),
)
PLAIN_LINE: Final = Rule(
    "plain_line",
    Text(
        "Nội dung phải là một dòng chữ nhìn thấy được, không quá dài và có ít nhất một chữ hoặc số.",
        "This must be one line of visible text, not too long, with at least one letter or digit.",
    ),
    Text("Xóa các ký tự lạ và rút ngắn nội dung.", "Remove unusual characters and shorten the text."),
)


def person_name(raw: str) -> str:
    """Return the name in NFC, single blanks, trimmed. Latin script only: look-alikes of other scripts are refused."""
    name = _single_spaced(unicodedata.normalize("NFC", raw))
    letters = sum(character.isalpha() for character in name)
    allowed = all(character in _NAME_PUNCTUATION or _is_latin_letter(character) for character in name)
    if not allowed or letters < _NAME_MIN_LETTERS or len(name) > NAME_MAX_CHARACTERS:
        raise RuleBrokenError(PERSON_NAME)
    return name


def plain_line(raw: str, *, max_characters: int = LINE_MAX_CHARACTERS) -> str:
    """Return the line in NFC, single blanks, trimmed."""
    line = _single_spaced(unicodedata.normalize("NFC", raw))
    visible = all(unicodedata.category(character) not in _INVISIBLE for character in line)
    if not visible or len(line) > max_characters or not any(character.isalnum() for character in line):
        raise RuleBrokenError(PLAIN_LINE)
    return line


def without_marks(text: str) -> str:
    """Return `text` in lower case without Vietnamese marks, for comparing names that lost theirs."""
    bare = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(character for character in bare if not unicodedata.combining(character))


def _single_spaced(text: str) -> str:
    # Only blanks are folded: a tab or line break inside a name is a sign of something else, and refused.
    return re.sub(r"[ \u00a0]+", " ", text).strip(" ")


def _is_latin_letter(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("LATIN ")
