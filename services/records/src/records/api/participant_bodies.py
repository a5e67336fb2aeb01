"""From what was sent about a participant to what the handlers take; all that is wrong with it is told at once."""

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from ansinh_kit.clock import Clock

from records.api.participant_models import NewParticipantBody, NumberBody
from records.domain.codes import agency_code, social_insurance_number
from records.domain.papers import IdentityPaper, PaperKind, paper_number
from records.domain.participant.details import Contact, Identity, NumberKey, Numbers, insurance_key, paper_key
from records.domain.participant.entries import (
    ContactEntries,
    IdentityEntries,
    NumbersEntries,
    check_contact,
    check_identity,
    check_numbers,
)
from records.domain.rules import Checks
from records.handlers.registering import NewParticipant

_VIET_NAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")


def new_participant(body: NewParticipantBody, own_agency: str, clock: Clock) -> NewParticipant:
    """Return the participant to register; without a managing agency it is `own_agency`.

    Raises:
        InvalidFieldsError: Something breaks its rule; this holds for every function here.
    """
    checks = Checks()
    who = check_identity(body.identity, checks, under="identity.", today=today(clock))
    by = check_numbers(body.numbers, checks, under="numbers.")
    reached = check_contact(body.contact, checks, under="contact.")
    managing = checks.value("agency_code", body.agency_code, agency_code) or own_agency
    return NewParticipant(
        agency_code=managing, identity=checks.passed(who), numbers=checks.passed(by), contact=checks.passed(reached)
    )


def identity(body: IdentityEntries, clock: Clock) -> Identity:
    checks = Checks()
    return checks.passed(check_identity(body, checks, today=today(clock)))


def numbers(body: NumbersEntries) -> Numbers:
    checks = Checks()
    return checks.passed(check_numbers(body, checks, under="numbers."))


def contact(body: ContactEntries) -> Contact:
    checks = Checks()
    return checks.passed(check_contact(body, checks))


def agency(code: str) -> str:
    checks = Checks()
    return checks.passed(checks.value("agency_code", code, agency_code))


def number_key(body: NumberBody) -> NumberKey:
    checks = Checks()
    if body.kind == "social_insurance_number":
        return insurance_key(checks.passed(checks.value("number", body.number, social_insurance_number)))
    return paper_key(_paper(body.kind, body.number, checks))


def _paper(kind: PaperKind, number: str, checks: Checks) -> IdentityPaper:
    checked = checks.value("number", number, lambda raw: paper_number(raw, kind))
    return IdentityPaper(kind=kind, number=checks.passed(checked))


def today(clock: Clock) -> date:
    """Return the day it is in Viet Nam."""
    return clock.now().astimezone(_VIET_NAM).date()
