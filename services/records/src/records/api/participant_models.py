"""What officers and systems send about participants, and what they get back. Numbers are in bodies, never in URLs."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from records.domain.participant.entries import ContactEntries, Entry, IdentityEntries, NumbersEntries
from records.domain.participant.events import Mismatch, Relation

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewParticipantBody(_Model):
    """`agency_code` is the managing agency; without it, the caller's own."""

    identity: IdentityEntries
    numbers: NumbersEntries
    contact: ContactEntries = ContactEntries()
    agency_code: Entry | None = None


class NumbersBody(_Model):
    """All numbers the person has from now on.

    `dropped_were_mistaken`: those that are no longer among them never were this person's, and become free.
    """

    numbers: NumbersEntries
    dropped_were_mistaken: bool = False


class AgencyBody(_Model):
    agency_code: Entry


class GuardianBody(_Model):
    guardian_id: Id
    relation: Relation


class MergeBody(_Model):
    """`duplicate_id` is a second record of the same person; it is closed, and all it holds goes on here."""

    duplicate_id: Id


class NumberBody(_Model):
    kind: Literal["social_insurance_number", "citizen_id", "legacy_id", "passport"]
    number: Entry


class ParticipantRef(_Model):
    participant_id: str


class HeldLinks(_Model):
    links: list["HeldLinkEntry"]
    total: int


class HeldLinkEntry(_Model):
    """An account that waits to be compared with a participant; the declaration is in registration's hands."""

    participant_id: str
    person_id: str
    declaration_id: str
    dossier_number: str
    mismatches: list[Mismatch]
    since: datetime
