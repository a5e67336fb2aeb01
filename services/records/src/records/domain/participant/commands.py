"""What can be asked of a participant. Everything a decision needs from outside is in here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from records.domain.offices import Officer
from records.domain.papers import IdentityPaper
from records.domain.participant.details import Contact, Identity, Numbers
from records.domain.participant.events import ForgottenAccount, HeldLink, Relation, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterParticipant:
    participant_id: str
    agency_code: str
    source: Source
    identity: Identity
    numbers: Numbers
    contact: Contact
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAccount:
    """A valid declaration says that its holder is this participant.

    `paper_of_another`: the identity number is known to be somebody else's.
    """

    person_id: str
    declaration_id: str
    dossier_number: str
    full_name: str
    social_insurance_number: str
    paper: IdentityPaper
    contact: Contact
    paper_of_another: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowAccount:
    """The account of `person_id` is reached by these from now on: its holder changed them and proved to have them."""

    person_id: str
    phone: str
    email: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ByOfficer:
    """What only an officer of the managing agency may ask."""

    officer: Officer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectIdentity(ByOfficer):
    identity: Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNumbers(ByOfficer):
    """`dropped_were_mistaken`: numbers that fall away never were this person's; else they stay the person's own."""

    numbers: Numbers
    dropped_were_mistaken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeContact(ByOfficer):
    contact: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeManagingAgency(ByOfficer):
    agency_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLink(ByOfficer):
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseLink(ByOfficer):
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkAccount(ByOfficer):
    person_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointGuardian(ByOfficer):
    guardian_id: str
    relation: Relation
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndGuardian(ByOfficer):
    """`guardian_ids` are all ids of one guardian, whose records may have been merged since the appointment."""

    guardian_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BarStaff(ByOfficer):
    """Let `staff_id` do nothing to this record: it is the own one, or that of somebody close."""

    staff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftStaffBar(ByOfficer):
    staff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginMerge(ByOfficer):
    """Take `duplicate_id` for a second record of this person."""

    merge_id: str
    duplicate_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseForMerge:
    merge_id: str
    into: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonMerge:
    merge_id: str
    duplicate_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverDuplicate:
    """Everything else of the duplicate has arrived; these are what its closed record still had.

    `declared_contacts` are those of the held links, by the person's id.
    """

    merge_id: str
    duplicate_id: str
    accounts: tuple[str, ...]
    held_links: tuple[HeldLink, ...]
    declared_contacts: Mapping[str, Contact]
    guardians: tuple[str, ...]
    barred_staff: tuple[str, ...] = ()
    former_numbers: Numbers | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetParticipant:
    """Forget the person, because the law says so: `legal_basis` names it, and never the person.

    `accounts` are those that read the record, `duplicates` the records that went on in this one.
    """

    legal_basis: str
    accounts: tuple[ForgottenAccount, ...]
    duplicates: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictParticipant:
    """Keep the record, because the law says so, and keep others from reading it."""

    at: datetime


OfficerCommand: TypeAlias = (
    CorrectIdentity
    | ChangeNumbers
    | ChangeContact
    | ChangeManagingAgency
    | ConfirmLink
    | RefuseLink
    | UnlinkAccount
    | AppointGuardian
    | EndGuardian
    | BarStaff
    | LiftStaffBar
    | BeginMerge
)
OperatorCommand: TypeAlias = ForgetParticipant | RestrictParticipant
SystemCommand: TypeAlias = LinkAccount | FollowAccount | CloseForMerge | AbandonMerge | TakeOverDuplicate
ParticipantCommand: TypeAlias = RegisterParticipant | OfficerCommand | OperatorCommand | SystemCommand
