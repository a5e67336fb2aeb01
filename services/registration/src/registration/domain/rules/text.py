"""Names and lines of text: visible characters only, in one normal form."""

from typing import Final

from ansinh_kit.visible_text import is_visible, is_written_as_a_name, single_spaced

from registration.domain.rules.refusal import Rule, RuleBrokenError, Text

NAME_MAX_CHARACTERS: Final = 100
LINE_MAX_CHARACTERS: Final = 200
REASON_MAX_CHARACTERS: Final = 500
_NAME_MIN_LETTERS: Final = 2  # "Lý" is a name, "L" is a slip

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
    name = single_spaced(raw)
    letters = sum(character.isalpha() for character in name)
    if not is_written_as_a_name(name) or letters < _NAME_MIN_LETTERS or len(name) > NAME_MAX_CHARACTERS:
        raise RuleBrokenError(PERSON_NAME)
    return name


def plain_line(raw: str, *, max_characters: int = LINE_MAX_CHARACTERS) -> str:
    """Return the line in NFC, single blanks, trimmed."""
    line = single_spaced(raw)
    if not is_visible(line) or len(line) > max_characters or not any(character.isalnum() for character in line):
        raise RuleBrokenError(PLAIN_LINE)
    return line
