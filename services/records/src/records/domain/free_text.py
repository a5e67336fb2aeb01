"""What people write in their own words: visible characters, not too little, not too much."""

import re
import unicodedata
from typing import Final

from ansinh_kit.visible_text import is_visible

from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

REASON_MAX_CHARACTERS: Final = 500
WORDS_MAX_CHARACTERS: Final = 2_000
_MIN_CHARACTERS: Final = 10

WRITTEN_REASON: Final = Rule(
    "written_reason",
    Text(
        "Lý do phải viết bằng lời, từ 10 đến 500 ký tự.",
        "The reason must be written in words, 10 to 500 characters.",
    ),
    Text(
        "Nêu rõ vì sao cần xem hồ sơ: người tham gia sẽ đọc được lý do này.",
        "Say why the record has to be read: the person will see this reason.",
    ),
)
OWN_WORDS: Final = Rule(
    "own_words",
    Text(
        "Nội dung phải viết bằng lời, từ 10 đến 2.000 ký tự.", "This must be written in words, 10 to 2,000 characters."
    ),
    Text("Viết rõ điều cần nói và xóa các ký tự lạ.", "Say it plainly, and remove unusual characters."),
)


def written_reason(raw: str) -> str:
    """Return the reason in NFC, trimmed, lines kept."""
    return _checked(raw, WRITTEN_REASON, REASON_MAX_CHARACTERS)


def own_words(raw: str) -> str:
    """Return the text in NFC, trimmed, lines kept."""
    return _checked(raw, OWN_WORDS, WORDS_MAX_CHARACTERS)


def _checked(raw: str, rule: Rule, max_characters: int) -> str:
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n")).strip()
    visible = is_visible(text.replace("\n", ""))
    if not visible or not _MIN_CHARACTERS <= len(text) <= max_characters or len(re.findall(r"[^\W\d_]", text)) < 2:  # noqa: PLR2004  # two letters: dots and digits are no words
        raise RuleBrokenError(rule)
    return text
