"""Files of participants: who is insured, under which numbers, in the hands of which agency."""

from datetime import date
from typing import Final

from records.domain.birth_date import BirthDate
from records.domain.bulk.cells import code, day, no_formula, one_of, text
from records.domain.bulk.columns import Column, Columns, Values
from records.domain.bulk.contributions import CITIZEN_NUMBER, SOCIAL_INSURANCE_NUMBER
from records.domain.bulk.rules import NOT_A_DATE
from records.domain.email import email
from records.domain.papers import IdentityPaper
from records.domain.participant.details import Contact, Identity, Numbers
from records.domain.phone import mobile_phone
from records.domain.rules import RuleBrokenError
from records.domain.text import person_name

_YEAR_DIGITS: Final = 4


def birth(raw: str) -> BirthDate:
    """Return a birth date written dd/MM/yyyy, or only yyyy where no more is known."""
    if len(raw) == _YEAR_DIGITS and raw.isdecimal():
        return _checked(raw)
    return _checked(day(raw).isoformat())


def _checked(iso: str) -> BirthDate:
    try:
        return BirthDate(iso)
    except ValueError as error:
        raise RuleBrokenError(NOT_A_DATE) from error


PARTICIPANT_COLUMNS: Final = Columns(
    (
        Column("social_insurance_number", SOCIAL_INSURANCE_NUMBER, required=True),
        Column("citizen_number", CITIZEN_NUMBER),
        Column("full_name", person_name, required=True),
        Column("birth_date", birth),
        Column("sex", one_of(("male", "female"))),
        Column("agency_code", code(r"[0-9]{3}|[0-9]{5}"), required=True),
        Column("phone", mobile_phone),
        Column("email", no_formula(email)),
        Column("address", text(200)),
    )
)


def identity_of(values: Values) -> Identity:
    return Identity(full_name=values["full_name"], birth_date=values["birth_date"], sex=values["sex"])


def numbers_of(values: Values) -> Numbers:
    citizen_number = values["citizen_number"]
    papers = () if citizen_number is None else (IdentityPaper(kind="citizen_id", number=citizen_number),)
    return Numbers(social_insurance_number=values["social_insurance_number"], papers=papers)


def contact_of(values: Values) -> Contact:
    return Contact(address=values["address"], phone=values["phone"], email=values["email"])


def is_born_after(values: Values, today: date) -> bool:
    born: BirthDate | None = values["birth_date"]
    return born is not None and born.earliest() > today
