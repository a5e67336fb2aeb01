"""A card as a feeder writes it, and the rules it is checked by."""

import re
from datetime import date
from typing import Final, NamedTuple

from records.domain.cards.card import Card, LivingArea
from records.domain.cards.number import (
    CARD_INSURANCE_NUMBER,
    card_number,
    insurance_number_of,
    number_defect,
)
from records.domain.codes import agency_code, social_insurance_number
from records.domain.feeding.entry import RowEntry
from records.domain.feeding.refusal import RowChecks
from records.domain.feeding.values import FROM_AFTER_TO, IN_THE_FUTURE, Cell, day, facility_code
from records.domain.language import Text
from records.domain.participant.details import Sex
from records.domain.rules import Rule, RuleBrokenError
from records.domain.text import person_name, plain_line

_YEAR: Final = re.compile(r"(?:19|20|21)[0-9]{2}")
_UNKNOWN_DAY: Final = date(1900, 1, 1)
_SEXES: Final[dict[str, Sex]] = {"male": "male", "female": "female", "nam": "male", "nữ": "female"}
_LIVING_AREAS: Final[dict[str, LivingArea]] = {"K1": "K1", "K2": "K2", "K3": "K3"}

BIRTH: Final = Rule(
    "birth",
    Text("Ngày sinh phải là một ngày hoặc một năm.", "A birth date is a day, or a year alone."),
    Text("Ví dụ 31/01/1990 hoặc 1990.", "Such as 31/01/1990, or 1990."),
)
BORN_AFTER_START: Final = Rule(
    "born_after_start",
    Text("Thẻ có giá trị trước khi người được cấp ra đời.", "The card begins before its holder was born."),
    Text("Kiểm tra ngày sinh và ngày bắt đầu.", "Check the birth date and the first day."),
)
SEX: Final = Rule(
    "sex",
    Text("Giới tính phải là male hoặc female (Nam, Nữ).", "The sex is male or female."),
    Text("Ghi male hoặc female.", "Write male or female."),
)
LIVING_AREA: Final = Rule(
    "living_area",
    Text("Mã nơi sinh sống phải là K1, K2 hoặc K3.", "A living-area code is K1, K2 or K3."),
    Text("Bỏ trống nếu thẻ không có mã này.", "Leave it empty if the card has none."),
)


class _Birth(NamedTuple):
    day: date | None
    year: int


class CardEntry(RowEntry):
    """One row as it was sent; an empty cell stands for nothing. `birth` is a day or a year."""

    card_number: Cell = ""
    social_insurance_number: Cell = ""
    full_name: Cell = ""
    sex: Cell = ""
    birth: Cell = ""
    address: Cell = ""
    facility_code: Cell = ""
    facility_name: Cell = ""
    valid_from: Cell = ""
    valid_to: Cell = ""
    issued_on: Cell = ""
    issuing_agency_code: Cell = ""
    five_year_date: Cell = ""
    copayment_exempt_from: Cell = ""
    living_area: Cell = ""
    parent_name: Cell = ""
    replaces: Cell = ""


def check_card(entry: CardEntry, *, today: date) -> Card:
    """Return the card of the row.

    Raises:
        RowRefusedError: Names every field that breaks a rule.
    """
    checks = RowChecks()
    birth = checks.required("birth", entry.birth, _birth, otherwise=_Birth(None, _UNKNOWN_DAY.year))
    card = Card(
        card_number=checks.required("card_number", entry.card_number, card_number, otherwise=""),
        social_insurance_number=checks.required(
            "social_insurance_number", entry.social_insurance_number, social_insurance_number, otherwise=""
        ),
        full_name=checks.required("full_name", entry.full_name, person_name, otherwise=""),
        sex=checks.required("sex", entry.sex, _sex, otherwise="female"),
        birth_date=birth.day,
        birth_year=birth.year,
        address=checks.optional("address", entry.address, plain_line),
        facility_code=checks.required("facility_code", entry.facility_code, facility_code, otherwise=""),
        facility_name=checks.required("facility_name", entry.facility_name, plain_line, otherwise=""),
        valid_from=checks.required("valid_from", entry.valid_from, day, otherwise=_UNKNOWN_DAY),
        valid_to=checks.optional("valid_to", entry.valid_to, day),
        issued_on=checks.required("issued_on", entry.issued_on, day, otherwise=_UNKNOWN_DAY),
        issuing_agency_code=checks.required(
            "issuing_agency_code", entry.issuing_agency_code, agency_code, otherwise=""
        ),
        five_year_date=checks.optional("five_year_date", entry.five_year_date, day),
        copayment_exempt_from=checks.optional("copayment_exempt_from", entry.copayment_exempt_from, day),
        living_area=checks.optional("living_area", entry.living_area, _living_area),
        parent_name=checks.optional("parent_name", entry.parent_name, person_name),
        replaces=checks.optional("replaces", entry.replaces, card_number),
    )
    _check_number(card, checks)
    _check_days(card, checks, today)
    checks.close()
    return card


def _check_number(card: Card, checks: RowChecks) -> None:
    if checks.sound("card_number", "issued_on"):
        defect = number_defect(card.card_number, issued_on=card.issued_on)
        if defect is not None:
            checks.refuse("card_number", defect)
    if checks.sound("card_number", "social_insurance_number"):
        inside = insurance_number_of(card.card_number)
        same = inside in (None, card.social_insurance_number)
        checks.hold(same, "social_insurance_number", CARD_INSURANCE_NUMBER)


def _check_days(card: Card, checks: RowChecks, today: date) -> None:
    if checks.sound("valid_from", "valid_to") and card.valid_to is not None:
        checks.hold(card.valid_from <= card.valid_to, "valid_to", FROM_AFTER_TO)
    if checks.sound("birth", "valid_from"):
        born = card.birth_date or date(card.birth_year, 1, 1)
        checks.hold(born <= card.valid_from, "birth", BORN_AFTER_START)
    if checks.sound("issued_on"):
        checks.hold(card.issued_on <= today, "issued_on", IN_THE_FUTURE)


def _birth(raw: str) -> _Birth:
    if _YEAR.fullmatch(raw.strip()):
        return _Birth(None, int(raw))
    try:
        born = day(raw)
    except RuleBrokenError as broken:
        raise RuleBrokenError(BIRTH) from broken
    return _Birth(born, born.year)


def _sex(raw: str) -> Sex:
    sex = _SEXES.get(raw.strip().lower())
    if sex is None:
        raise RuleBrokenError(SEX)
    return sex


def _living_area(raw: str) -> LivingArea:
    area = _LIVING_AREAS.get(raw.strip().upper())
    if area is None:
        raise RuleBrokenError(LIVING_AREA)
    return area
