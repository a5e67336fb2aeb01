"""Identity papers: several share a length, so the kind always stands beside the number."""

import re
from datetime import date
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from registration.domain.rules.codes import matching
from registration.domain.rules.provinces import PROVINCES_WITH_DISTRICTS
from registration.domain.rules.refusal import Rule, RuleBrokenError, Text

IdentityKind = Literal["citizen_id", "legacy_id", "passport"]
Sex = Literal["male", "female"]
IdentityWarning = Literal["unknown_province", "sex_mismatch", "birth_year_mismatch", "born_in_the_future"]

_FIRST_CENTURY: Final = 1900
_CITIZEN_ID_DIGITS: Final = 12

IDENTITY_KIND: Final = Rule(
    "identity_kind",
    Text(
        "Loại giấy tờ phải là CCCD, CMND hoặc hộ chiếu.",
        "The paper must be a citizen card, an old identity card or a passport.",
    ),
    Text("Chọn loại giấy tờ trong danh sách.", "Choose the kind of paper from the list."),
)
CITIZEN_ID: Final = Rule(
    "citizen_id",
    Text("Số CCCD phải gồm đúng 12 chữ số.", "The number of a citizen card must have exactly 12 digits."),
    Text("Xem số trên mặt trước của thẻ, hoặc quét mã QR.", "See the front of the card, or scan its QR code."),
)
LEGACY_ID: Final = Rule(
    "legacy_id",
    Text("Số CMND phải gồm 9 hoặc 12 chữ số.", "The number of an old identity card must have 9 or 12 digits."),
    Text("Xem số trên mặt trước của CMND.", "See the front of the card."),
)
PASSPORT: Final = Rule(
    "passport",
    Text(
        "Số hộ chiếu phải gồm 6 đến 20 chữ cái hoặc chữ số.",
        "The number of a passport must have 6 to 20 letters or digits.",
    ),
    Text("Xem số ở góc trên của trang có ảnh.", "See the top of the page with the photo."),
)
_PATTERNS: Final[dict[IdentityKind, tuple[re.Pattern[str], Rule]]] = {
    "citizen_id": (re.compile(r"[0-9]{12}"), CITIZEN_ID),
    "legacy_id": (re.compile(r"[0-9]{9}|[0-9]{12}"), LEGACY_ID),
    "passport": (re.compile(r"[A-Z0-9]{6,20}"), PASSPORT),
}


class IdentityDocument(BaseModel):
    """A paper's kind and number, the number as stored: no blanks, capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: IdentityKind
    number: str

    @property
    def personal_number(self) -> str:
        """What is one person's alone, whichever way it was typed: an old card's 12 digits are the citizen number."""
        citizen = self.kind == "legacy_id" and len(self.number) == _CITIZEN_ID_DIGITS
        return f"{'citizen_id' if citizen else self.kind}:{self.number}"


def identity_kind(raw: str) -> IdentityKind:
    for kind in _PATTERNS:
        if raw == kind:
            return kind
    raise RuleBrokenError(IDENTITY_KIND)


def identity_number(raw: str, kind: IdentityKind) -> str:
    pattern, rule = _PATTERNS[kind]
    return matching(raw, pattern, rule)


def citizen_id_warnings(
    number: str, *, today: date, sex: Sex | None = None, birth_date: date | None = None
) -> tuple[IdentityWarning, ...]:
    """Return what looks odd in a citizen number (`PPP G YY NNNNNN`): hints for the officer, never a refusal.

    Source: Decision 124/2004 for PPP; G is even for men and odd for women, and counts centuries from the 20th.
    """
    warnings: list[IdentityWarning] = []
    if number[0] != "0" or number[1:3] not in PROVINCES_WITH_DISTRICTS:
        warnings.append("unknown_province")
    century_and_sex = int(number[3])
    birth_year = _FIRST_CENTURY + 100 * (century_and_sex // 2) + int(number[4:6])
    if sex is not None and (century_and_sex % 2 == 1) != (sex == "female"):
        warnings.append("sex_mismatch")
    if birth_date is not None and birth_date.year != birth_year:
        warnings.append("birth_year_mismatch")
    if birth_year > today.year:
        warnings.append("born_in_the_future")
    return tuple(warnings)
