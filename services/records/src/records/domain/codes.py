"""Codes and numbers: digits and capitals, however people group them."""

import re
from typing import Final

from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

_GROUPING: Final = re.compile(r"[\s\-\u2010-\u2015]")

SOCIAL_INSURANCE_NUMBER: Final = Rule(
    "social_insurance_number",
    Text("Mã số BHXH phải gồm đúng 10 chữ số.", "The social-insurance number must have exactly 10 digits."),
    Text("Xem mã số trên sổ BHXH hoặc thẻ BHYT.", "Find it in the insurance book or on the health card."),
)
AGENCY_CODE: Final = Rule(
    "agency_code",
    Text("Mã cơ quan BHXH phải gồm 3 hoặc 5 chữ số.", "The code of a social-insurance agency has 3 or 5 digits."),
    Text("Xem mã trong danh sách cơ quan.", "Find the code in the list of agencies."),
)


def compact(raw: str) -> str:
    """Return `raw` without blanks and dashes, letters in capitals. Text that is not ASCII stays as it is.

    Capitals are made of ASCII only: `ı` and `ſ` would otherwise turn into plain letters and pass as typed.
    """
    bare = _GROUPING.sub("", raw)
    return bare.upper() if bare.isascii() else bare


def matching(raw: str, pattern: str, rule: Rule) -> str:
    """Return the compacted value if all of it matches.

    Raises:
        RuleBrokenError: It does not.
    """
    code = compact(raw)
    if not re.fullmatch(pattern, code):
        raise RuleBrokenError(rule)
    return code


def social_insurance_number(raw: str) -> str:
    return matching(raw, r"[0-9]{10}", SOCIAL_INSURANCE_NUMBER)


def agency_code(raw: str) -> str:
    return matching(raw, r"[0-9]{3}|[0-9]{5}", AGENCY_CODE)
