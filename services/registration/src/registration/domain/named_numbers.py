"""The numbers by which a declaration names its person, as they are looked for."""

from collections.abc import Iterable
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from registration.domain.form import Form
from registration.domain.rules.identity import IdentityDocument, IdentityKind

_INSURANCE_NUMBER: Final = "declared/social_insurance_number"
_IDENTITY: Final = "declared/identity"

IndexKey = tuple[str, str]
"""A field of the blind index, and the normalised number in it."""


class NamedNumber(BaseModel):
    """A number of a person, as kept: no blanks, capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["social_insurance_number"] | IdentityKind
    number: str

    def index_key(self) -> IndexKey:
        if self.kind == "social_insurance_number":
            return _INSURANCE_NUMBER, self.number
        return _IDENTITY, IdentityDocument(kind=self.kind, number=self.number).personal_number


def numbers_in(form: Form) -> Iterable[NamedNumber]:
    """Yield the numbers that the form names its person by."""
    if form.social_insurance_number is not None:
        yield NamedNumber(kind="social_insurance_number", number=form.social_insurance_number)
    if form.identity is not None:
        yield NamedNumber(kind=form.identity.kind, number=form.identity.number)
