"""What is known of a participant. All of it is personal."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from records.domain.birth_date import BirthDate
from records.domain.language import Language
from records.domain.papers import IdentityPaper
from records.domain.place import Place

Sex = Literal["male", "female"]
NumberKey: TypeAlias = tuple[str, str]
"""A scope, and a number that is one person's alone in it."""


class _Detail(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Identity(_Detail):
    """Who the person is. Birth date and sex are not known of everyone: a declaration does not ask for them."""

    full_name: str
    birth_date: BirthDate | None = None
    sex: Sex | None = None


class Numbers(_Detail):
    """The numbers that are this person's alone. Old papers stay: the person may still be looked for by them."""

    social_insurance_number: str
    papers: tuple[IdentityPaper, ...] = ()

    def number_keys(self) -> frozenset[NumberKey]:
        """Return every number in its scope, however often and on whichever papers it stands."""
        own = insurance_key(self.social_insurance_number)
        return frozenset({own, *(paper_key(paper) for paper in self.papers)})


class Contact(_Detail):
    """How to reach the person: an address in one line and by its codes, a phone in E.164, and in which language.

    Events of version 1 know address and phone only; hamlets came with version 3 (of what is declared, with 2).
    """

    address: str | None = None
    phone: str | None = None
    email: str | None = None
    place: Place | None = None
    language: Language | None = None

    def renewed_by(self, later: "Contact") -> "Contact":
        """Return what was said later, and where that says nothing, what was known; an address goes with its codes."""
        said = {name: value for name, value in later if value is not None}
        if later.address is not None:
            said["place"] = later.place
        return self.model_copy(update=said)


def insurance_key(number: str) -> NumberKey:
    return ("social_insurance_number", number)


def paper_key(paper: IdentityPaper) -> NumberKey:
    """Return the key of a paper; papers that bear the citizen number share one scope."""
    if paper.citizen_number is not None:
        return ("citizen_number", paper.citizen_number)
    return (f"identity_paper/{paper.kind}", paper.number)
