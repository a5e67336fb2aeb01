"""What can have happened to a participant. Types, versions and fields are stored for ever: they only get successors.

Personal values stand only in fields marked `Personal`; once the person is forgotten these read `None`.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ansinh_kit.events import DomainEvent, Personal
from pydantic import BaseModel, ConfigDict

from records.domain.participant.details import Contact, Identity, NumberKey, Numbers

Source = Literal["agency", "declaration", "file"]
Mismatch = Literal[
    "full_name", "social_insurance_number", "identity_number", "identity_number_unknown", "another_account"
]
Relation = Literal["mother", "father", "legal_guardian"]


class ParticipantEvent(DomainEvent):
    """Base of all events of a participant; the id is drawn at random and says nothing."""

    subject_field: ClassVar[str | None] = "participant_id"

    participant_id: str
    occurred_at: datetime


class ParticipantRegistered(ParticipantEvent):
    """The record was begun: by an agency, by a file, or because a declaration named somebody nobody knew."""

    event_type: ClassVar[str] = "participant_registered"
    schema_version: ClassVar[int] = 3

    agency_code: str
    source: Source
    identity: Annotated[Identity | None, Personal()] = None
    numbers: Annotated[Numbers | None, Personal()] = None
    contact: Annotated[Contact | None, Personal()] = None


class IdentityCorrected(ParticipantEvent):
    """From now on this is who the person is; what was said before stays readable as of then."""

    event_type: ClassVar[str] = "identity_corrected"

    identity: Annotated[Identity | None, Personal()] = None


class NumbersChanged(ParticipantEvent):
    """From now on these are the person's numbers. `mistaken` never were: they are free for whose they are."""

    event_type: ClassVar[str] = "numbers_changed"

    numbers: Annotated[Numbers | None, Personal()] = None
    mistaken: Annotated[tuple[NumberKey, ...] | None, Personal()] = None


class ContactChanged(ParticipantEvent):
    """From now on this is all there is to reach the person by."""

    event_type: ClassVar[str] = "contact_changed"
    schema_version: ClassVar[int] = 3

    contact: Annotated[Contact | None, Personal()] = None


class ManagingAgencyChanged(ParticipantEvent):
    """From now on the officers of another agency feed the record and may open it; those of the earlier one no more."""

    event_type: ClassVar[str] = "managing_agency_changed"

    agency_code: str


class AccountLinked(ParticipantEvent):
    """The holder of the account, known to auth as `person_id`, may read this record."""

    event_type: ClassVar[str] = "account_linked"

    person_id: str
    declaration_id: str
    dossier_number: str


class AccountLinkHeld(ParticipantEvent):
    """A valid declaration named this person's number, but not this person: an officer has to compare them first."""

    event_type: ClassVar[str] = "account_link_held"

    person_id: str
    declaration_id: str
    dossier_number: str
    agency_code: str
    mismatches: tuple[Mismatch, ...]


class ContactDeclared(ParticipantEvent):
    """What the declaration of a held link says about reaching its declarant: the record's, once the link is confirmed.

    Until then it may be a stranger's, so it is encrypted for the account's person and not for this participant.
    """

    event_type: ClassVar[str] = "contact_declared"
    schema_version: ClassVar[int] = 2
    subject_field: ClassVar[str | None] = "person_id"

    person_id: str
    contact: Annotated[Contact | None, Personal()] = None


class AccountLinkRefused(ParticipantEvent):
    """An officer compared: the account is not this person's."""

    event_type: ClassVar[str] = "account_link_refused"

    person_id: str
    officer_id: str


class AccountUnlinked(ParticipantEvent):
    """The account may no longer read this record."""

    event_type: ClassVar[str] = "account_unlinked"

    person_id: str
    officer_id: str


class GuardianAppointed(ParticipantEvent):
    """`guardian_id`, a participant too, may read this child's record until the child is of age."""

    event_type: ClassVar[str] = "guardian_appointed"

    guardian_id: str
    relation: Relation


class GuardianEnded(ParticipantEvent):
    event_type: ClassVar[str] = "guardian_ended"

    guardian_id: str


class StaffBarred(ParticipantEvent):
    """`staff_id` is this person, or close to this person, and does nothing to the record; `officer_id` said so."""

    event_type: ClassVar[str] = "staff_barred"

    staff_id: str
    officer_id: str


class StaffBarLifted(ParticipantEvent):
    """`officer_id`, somebody else, found that `staff_id` is not, or not any more."""

    event_type: ClassVar[str] = "staff_bar_lifted"

    staff_id: str
    officer_id: str


class MergeBegun(ParticipantEvent):
    """`duplicate_id` is a second record of this person; everything it holds is on its way here."""

    event_type: ClassVar[str] = "merge_begun"

    merge_id: str
    duplicate_id: str
    officer_id: str


class MergeAbandoned(ParticipantEvent):
    """The other record could not be closed; it goes on as it was."""

    event_type: ClassVar[str] = "merge_abandoned"

    merge_id: str
    duplicate_id: str


class ParticipantMerged(ParticipantEvent):
    """This record is closed: it was a second one of `into`. `accounts` are those linked to it, held ones included."""

    event_type: ClassVar[str] = "participant_merged"

    merge_id: str
    into: str
    accounts: tuple[str, ...]


class HeldLink(BaseModel):
    """An account that waits for an officer, and the declaration it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: str
    declaration_id: str
    dossier_number: str


class DuplicateTakenOver(ParticipantEvent):
    """Everything of `duplicate_id` has arrived: its accounts and guardians, and its numbers to be found by.

    Version 1 did not name the staff who were barred.
    """

    event_type: ClassVar[str] = "duplicate_taken_over"
    schema_version: ClassVar[int] = 2

    merge_id: str
    duplicate_id: str
    accounts: tuple[str, ...]
    held_links: tuple[HeldLink, ...]
    guardians: tuple[str, ...]
    barred_staff: tuple[str, ...] = ()
    former_numbers: Annotated[Numbers | None, Personal()] = None


class ForgottenAccount(BaseModel):
    """An account that read the record, by auth's id of its holder, and the declaration it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: str
    declaration_id: str


class ParticipantForgotten(ParticipantEvent):
    """The person's keys are destroyed, here and wherever else the person is known: nothing can be read any more.

    `legal_basis` outlives the person and therefore never names one.
    """

    event_type: ClassVar[str] = "participant_forgotten"

    legal_basis: str
    accounts: tuple[ForgottenAccount, ...]
    duplicates: tuple[str, ...]


class ParticipantRestricted(ParticipantEvent):
    """Deletion was asked for and the law demands keeping: only the person and the managing agency read it now."""

    event_type: ClassVar[str] = "participant_restricted"


PARTICIPANT_EVENTS: tuple[type[ParticipantEvent], ...] = (
    ParticipantRegistered,
    IdentityCorrected,
    NumbersChanged,
    ContactChanged,
    ManagingAgencyChanged,
    AccountLinked,
    AccountLinkHeld,
    ContactDeclared,
    AccountLinkRefused,
    AccountUnlinked,
    GuardianAppointed,
    GuardianEnded,
    StaffBarred,
    StaffBarLifted,
    MergeBegun,
    MergeAbandoned,
    ParticipantMerged,
    DuplicateTakenOver,
    ParticipantForgotten,
    ParticipantRestricted,
)
