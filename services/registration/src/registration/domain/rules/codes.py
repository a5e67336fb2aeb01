"""Codes and numbers: digits and capitals, however people group them."""

import re
from typing import Final

from registration.domain.rules.refusal import Rule, RuleBrokenError, Text

_GROUPING: Final = re.compile(r"[\s\-\u2010-\u2015]")

SOCIAL_INSURANCE_NUMBER: Final = Rule(
    "social_insurance_number",
    Text("Mã số BHXH phải gồm đúng 10 chữ số.", "The social-insurance number must have exactly 10 digits."),
    Text(
        "Xem mã số trên thẻ BHYT (10 số cuối) hoặc sổ BHXH, hoặc quét mã QR của thẻ.",
        "Find it on the health card (its last 10 digits) or the insurance book, or scan the card's QR code.",
    ),
)
AGENCY_CODE: Final = Rule(
    "agency_code",
    Text(
        "Mã cơ quan BHXH phải gồm 3 hoặc 5 chữ số.",
        "The code of a social-insurance agency must have 3 or 5 digits.",
    ),
    Text("Chọn cơ quan trong danh sách.", "Choose the agency from the list."),
)
KNOWN_AGENCY: Final = Rule(
    "known_agency",
    Text("Không có cơ quan BHXH với mã này.", "There is no social-insurance agency with this code."),
    Text("Chọn cơ quan trong danh sách.", "Choose the agency from the list."),
)
UNIT_CODE: Final = Rule(
    "unit_code",
    Text(
        "Mã tỉnh phải gồm 2 chữ số, mã huyện 3 chữ số, mã xã 5 chữ số.",
        "The code of a province has 2 digits, of a district 3, of a ward 5.",
    ),
    Text("Chọn trong danh sách.", "Choose from the list."),
)
CERTIFICATE_SERIAL: Final = Rule(
    "certificate_serial",
    Text(
        "Số chứng thư số chỉ gồm chữ số và chữ cái từ A đến F, tối đa 40 ký tự.",
        "A certificate's serial has digits and letters A to F only, at most 40.",
    ),
    Text("Xem số sê-ri trong phần mềm chữ ký số.", "Look the serial up in your signing software."),
)


def compact(raw: str) -> str:
    """Return `raw` without blanks and dashes, letters in capitals. Text that is not ASCII stays as it is.

    Capitals are made of ASCII only: `ı` and `ſ` would otherwise turn into plain letters and pass as typed.
    """
    bare = _GROUPING.sub("", raw)
    return bare.upper() if bare.isascii() else bare


def matching(raw: str, pattern: re.Pattern[str], rule: Rule) -> str:
    """Return the compacted value if all of it matches.

    Raises:
        RuleBrokenError: It does not.
    """
    code = compact(raw)
    if not pattern.fullmatch(code):
        raise RuleBrokenError(rule)
    return code


def social_insurance_number(raw: str) -> str:
    return matching(raw, re.compile(r"[0-9]{10}"), SOCIAL_INSURANCE_NUMBER)


def agency_code(raw: str) -> str:
    return matching(raw, re.compile(r"[0-9]{3}|[0-9]{5}"), AGENCY_CODE)


def province_code(raw: str) -> str:
    return matching(raw, re.compile(r"[0-9]{2}"), UNIT_CODE)


def district_code(raw: str) -> str:
    return matching(raw, re.compile(r"[0-9]{3}"), UNIT_CODE)


def ward_code(raw: str) -> str:
    return matching(raw, re.compile(r"[0-9]{5}"), UNIT_CODE)


def certificate_serial(raw: str) -> str:
    return matching(raw.replace(":", ""), re.compile(r"[0-9A-F]{1,40}"), CERTIFICATE_SERIAL)
