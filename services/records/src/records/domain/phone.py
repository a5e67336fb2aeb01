"""Vietnamese mobile numbers: many ways to type them, one way to store them."""

import re
from typing import Final

from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

MOBILE_PHONE: Final = Rule(
    "mobile_phone",
    Text(
        "Số điện thoại di động phải gồm 10 chữ số và có đầu số của một nhà mạng Việt Nam.",
        "The mobile number must have 10 digits and a prefix of a Vietnamese carrier.",
    ),
    Text("Ví dụ 0900 000 018 hoặc +84 900 000 018.", "For example 0900 000 018 or +84 900 000 018."),
)
_GROUPING: Final = re.compile(r"[\s.\-\u2010-\u2015]")
_NATIONAL: Final = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])[0-9]{7}")
_COUNTRY: Final = re.compile(r"\+?84(?=[1-9][0-9]{8}$)")


def mobile_phone(raw: str) -> str:
    """Return the number in E.164 (`+84…`). Accepts a leading 0, 84 or +84, and blanks, dots or dashes between."""
    national = _COUNTRY.sub("0", _GROUPING.sub("", raw), count=1)
    if not _NATIONAL.fullmatch(national):
        raise RuleBrokenError(MOBILE_PHONE)
    return f"+84{national[1:]}"


def national(number: str) -> str:
    """Return a number in E.164 as people in Viet Nam write it: `0900000018`."""
    return f"0{number.removeprefix('+84')}" if number.startswith("+84") else number
