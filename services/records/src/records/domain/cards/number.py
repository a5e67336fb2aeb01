"""The number of a health card, `AA B PP NNNNNNNNNN`: subject, benefit level, province, social-insurance number."""

import re
from datetime import date
from typing import Final

from records.domain.codes import compact
from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TODAY: Final = re.compile(r"[A-Z]{2}[1-5][0-9]{12}")
_OLD: Final = re.compile(r"[A-Z]{2}[1-5][0-9]{2}[A-Z0-9]{10}")
_INSURANCE_NUMBER: Final = re.compile(r"[0-9]{10}")
# The lists of subjects per level hold for cards issued before the law of 01/07/2025; its own list is not published yet.
LISTS_HOLD_BEFORE: Final = date(2025, 7, 1)
_SUBJECTS: Final[dict[str, frozenset[str]]] = {
    "1": _codes("CC TE"),
    "2": _codes("CK CB KC HN DT DK XD BT TS"),
    "3": _codes("HT TC CN"),
    "4": _codes("DN HX CH NN TK HC XK TB NO CT XB TN CS XN MS HD TQ TA TY HG LS PV HS SV GB GD"),
    "5": _codes("QN CA CY"),
}
LEVEL_PERCENT: Final[dict[str, int]] = {"1": 100, "2": 100, "3": 95, "4": 80, "5": 100}
"""What the fund pays at each level. Source: Decree 146/2018, as in force until 06/2025."""

CARD_NUMBER: Final = Rule(
    "card_number",
    Text(
        "Mã thẻ BHYT phải gồm 15 ký tự: 2 chữ cái, mức hưởng từ 1 đến 5, rồi 12 chữ số.",
        "A card number has 15 characters: 2 letters, a level from 1 to 5, then 12 digits.",
    ),
    Text("Ghi mã như trên thẻ, ví dụ DN4666600000018.", "Write it as on the card, such as DN4666600000018."),
)
CARD_SUBJECT: Final = Rule(
    "card_subject_code",
    Text("Mã đối tượng trên thẻ không có trong danh mục.", "The card's subject code is not in the list."),
    Text("Kiểm tra hai chữ cái đầu của mã thẻ.", "Check the first two letters of the number."),
)
CARD_LEVEL: Final = Rule(
    "card_benefit_level",
    Text("Mức hưởng trên thẻ không đúng với mã đối tượng.", "The card's level is not that of its subject code."),
    Text("Kiểm tra ký tự thứ ba của mã thẻ.", "Check the third character of the number."),
)
CARD_INSURANCE_NUMBER: Final = Rule(
    "card_insurance_number",
    Text("10 ký tự cuối của mã thẻ không phải mã số BHXH đã ghi.", "The card's last 10 characters are another number."),
    Text("Mã số BHXH là 10 số cuối của mã thẻ.", "The social-insurance number is the card's last 10 digits."),
)
CARD_NUMBER_TAKEN: Final = Rule(
    "card_number_taken",
    Text("Mã thẻ này đã được cấp cho người khác.", "This card number is another person's."),
    Text("Kiểm tra lại mã thẻ.", "Check the number."),
)
OTHER_PERSONS_NUMBER: Final = Rule(
    "other_persons_number",
    Text("Mã số BHXH này không phải của người tham gia.", "This social-insurance number is not this participant's."),
    Text("Kiểm tra lại mã số, hoặc cập nhật mã số của người tham gia.", "Check it, or change the person's numbers."),
)


def card_number(raw: str) -> str:
    """Return the number, 15 capitals and digits; the old form ends with letters, too."""
    number = compact(raw)
    if not (_TODAY.fullmatch(number) or _OLD.fullmatch(number)):
        raise RuleBrokenError(CARD_NUMBER)
    return number


def number_defect(number: str, *, issued_on: date) -> Rule | None:
    """Return what the lists in force on the day of issue say against the number's subject and level."""
    if issued_on >= LISTS_HOLD_BEFORE:
        return None
    if not any(number[:2] in subjects for subjects in _SUBJECTS.values()):
        return CARD_SUBJECT
    return None if number[:2] in _SUBJECTS[number[2]] else CARD_LEVEL


def insurance_number_of(number: str) -> str | None:
    """Return the social-insurance number in a card number; `None` for the old form, which has another one."""
    tail = number[-10:]
    return tail if _INSURANCE_NUMBER.fullmatch(tail) else None
