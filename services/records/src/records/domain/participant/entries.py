"""What is typed or sent about a participant, before any rule has seen it; and the look at all of it at once."""

from datetime import date
from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from records.domain.birth_date import birth_date
from records.domain.codes import social_insurance_number
from records.domain.email import email
from records.domain.language import Language
from records.domain.papers import IdentityPaper, PaperKind, paper_number
from records.domain.participant.details import Contact, Identity, Numbers, Sex
from records.domain.phone import mobile_phone
from records.domain.place import Place
from records.domain.rules import Checks
from records.domain.text import person_name, plain_line

_PAPERS_MAX = 10
# Rules work on bounded text only: no entry is longer than this when its rule is asked.
Entry = Annotated[str, StringConstraints(max_length=1_000)]


class _Entries(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class IdentityEntries(_Entries):
    """`birth_date` is a day (`1990-03-17`) or a year (`1990`)."""

    full_name: Entry
    birth_date: Entry | None = None
    sex: Sex | None = None


class PaperEntries(_Entries):
    kind: PaperKind
    number: Entry


class NumbersEntries(_Entries):
    social_insurance_number: Entry
    papers: tuple[PaperEntries, ...] = Field((), max_length=_PAPERS_MAX)


class ContactEntries(_Entries):
    """All there is to reach the person by; `place` has the codes of the address, `language` is that of notices."""

    address: Entry | None = None
    phone: Entry | None = None
    email: Entry | None = None
    place: Place | None = None
    language: Language | None = None


def check_identity(entries: IdentityEntries, checks: Checks, *, under: str = "", today: date) -> Identity | None:
    """Return the identity; `None` if something is refused, which `checks` then holds.

    Args:
        under: What stands before the fields' names in refusals, such as `identity.`.
        today: In Viet Nam: nobody is born after it.
    """
    name = checks.value(f"{under}full_name", entries.full_name, person_name)
    born = checks.value(f"{under}birth_date", entries.birth_date, partial(birth_date, today=today))
    return None if name is None else Identity(full_name=name, birth_date=born, sex=entries.sex)


def check_numbers(entries: NumbersEntries, checks: Checks, *, under: str = "") -> Numbers | None:
    """Return the numbers, as `check_identity` does; a paper given twice counts once."""
    own = checks.value(f"{under}social_insurance_number", entries.social_insurance_number, social_insurance_number)
    papers = [_paper(paper, checks, f"{under}papers.{index}.number") for index, paper in enumerate(entries.papers)]
    if own is None:
        return None
    return Numbers(
        social_insurance_number=own, papers=tuple(dict.fromkeys(paper for paper in papers if paper is not None))
    )


def check_contact(entries: ContactEntries, checks: Checks, *, under: str = "") -> Contact:
    """Return the contact, without what is refused."""
    return Contact(
        address=checks.value(f"{under}address", entries.address, plain_line),
        phone=checks.value(f"{under}phone", entries.phone, mobile_phone),
        email=checks.value(f"{under}email", entries.email, email),
        place=_place(entries.place, checks, f"{under}place.hamlet"),
        language=entries.language,
    )


def _place(place: Place | None, checks: Checks, name: str) -> Place | None:
    if place is None or place.hamlet is None:
        return place
    return place.model_copy(update={"hamlet": checks.value(name, place.hamlet, plain_line)})


def _paper(entries: PaperEntries, checks: Checks, name: str) -> IdentityPaper | None:
    number = checks.value(name, entries.number, partial(paper_number, kind=entries.kind))
    return None if number is None else IdentityPaper(kind=entries.kind, number=number)
