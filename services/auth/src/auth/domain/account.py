"""The account as a fact about a person: opened by a valid declaration, once. How it is entered is `access`."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.language import Language
from ansinh_kit.decider import Decider
from ansinh_kit.errors import RefusedError
from ansinh_kit.events import DomainEvent, OptionalPersonalText, Personal, PersonalText
from pydantic import BaseModel, ConfigDict

from auth.domain.contact_changes import decide_contact
from auth.domain.contact_commands import ContactCommand
from auth.domain.contact_events import CONTACT_EVENTS, ContactEvent
from auth.domain.contact_folding import evolve_contact
from auth.domain.e_id.events import E_ID_EVENTS, EIdEvent, EIdLinked, EIdUnlinked
from auth.domain.e_id.links import EIdCommand, LinkEId, UnlinkEId, decide_e_id, evolve_e_id
from auth.domain.holder import Account, Contact, Holder

# The state belongs to the account; it stands in a module of its own because the rules of contacts need it too.
__all__ = ["Account", "Holder"]

IdentityKind = Literal["citizen_id", "legacy_id", "passport"]


class AccountOpened(DomainEvent):
    """A declaration was found valid and its holder has an account now; it cannot be entered yet.

    Older ones name no agency: `dossier_number` ends with that of the declaration.
    """

    event_type: ClassVar[str] = "account_opened"
    subject_field: ClassVar[str | None] = "person_id"

    account_id: str
    person_id: str
    declaration_id: str
    dossier_number: str
    language: Language
    opened_at: datetime
    social_insurance_number: PersonalText
    identity_kind: Annotated[str, Personal()]
    identity_number: PersonalText
    full_name: PersonalText
    phone: PersonalText
    email: OptionalPersonalText = None
    agency_code: str | None = None
    found_valid_at: datetime | None = None


class FurtherDeclarationNoted(DomainEvent):
    """Another valid declaration of the same person came in; the account stays the one it was."""

    event_type: ClassVar[str] = "further_declaration_noted"

    account_id: str
    person_id: str
    declaration_id: str
    dossier_number: str
    noted_at: datetime
    agency_code: str | None = None
    found_valid_at: datetime | None = None


AccountEvent = AccountOpened | FurtherDeclarationNoted | ContactEvent | EIdEvent
ACCOUNT_EVENTS: tuple[type[DomainEvent], ...] = (AccountOpened, FurtherDeclarationNoted, *CONTACT_EVENTS, *E_ID_EVENTS)


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenAccount(_Command):
    account_id: str
    person_id: str
    declaration_id: str
    dossier_number: str
    language: Language
    social_insurance_number: str
    identity_kind: IdentityKind
    identity_number: str
    full_name: str
    phone: str
    email: str | None
    agency_code: str
    found_valid_at: datetime
    now: datetime


class NoteFurtherDeclaration(_Command):
    declaration_id: str
    dossier_number: str
    agency_code: str
    found_valid_at: datetime
    now: datetime


AccountCommand = OpenAccount | NoteFurtherDeclaration | ContactCommand | EIdCommand


class AccountNotOpenError(RefusedError):
    code: ClassVar[str] = "account_not_open"


class AccountAlreadyOpenError(RefusedError):
    """The account was opened by another declaration."""

    code: ClassVar[str] = "account_already_open"


def decide(command: AccountCommand, state: Account) -> list[AccountEvent]:
    match command:
        case OpenAccount():
            return _open(command, state)
        case NoteFurtherDeclaration():
            return _note(command, state)
        case LinkEId() | UnlinkEId():
            return [*decide_e_id(command, state)]
        case _:
            return [*decide_contact(command, state)]


def _open(command: OpenAccount, state: Account) -> list[AccountEvent]:
    if command.declaration_id in state.declarations:
        return []
    if state.holder is not None:
        raise AccountAlreadyOpenError
    facts = command.model_dump(exclude={"now"})
    return [AccountOpened(**facts, opened_at=command.now)]


def _note(command: NoteFurtherDeclaration, state: Account) -> list[AccountEvent]:
    if state.holder is None:
        raise AccountNotOpenError
    if command.declaration_id in state.declarations:
        return []
    return [
        FurtherDeclarationNoted(
            account_id=state.holder.account_id,
            person_id=state.holder.person_id,
            declaration_id=command.declaration_id,
            dossier_number=command.dossier_number,
            agency_code=command.agency_code,
            found_valid_at=command.found_valid_at,
            noted_at=command.now,
        )
    ]


def evolve(state: Account, event: AccountEvent) -> Account:
    match event:
        case AccountOpened():
            opened = Account(
                holder=_holder(event), declarations=(event.declaration_id,), dossiers=(event.dossier_number,)
            )
            return _with_agency(opened, event, event.opened_at)
        case FurtherDeclarationNoted():
            further = {
                "declarations": (*state.declarations, event.declaration_id),
                "dossiers": (*state.dossiers, event.dossier_number),
            }
            return _with_agency(state.model_copy(update=further), event, event.noted_at)
        case EIdLinked() | EIdUnlinked():
            return evolve_e_id(state, event)
        case _:
            return evolve_contact(state, event)


def _with_agency(state: Account, event: AccountOpened | FurtherDeclarationNoted, heard_at: datetime) -> Account:
    """Put the agency in charge whose finding is the newest, in whatever order the findings were heard."""
    since = event.found_valid_at or heard_at
    if state.agency_since is not None and since < state.agency_since:
        return state
    agency_code = event.agency_code or event.dossier_number.rpartition("/")[2]
    return state.model_copy(update={"agency_code": agency_code, "agency_since": since})


def _holder(event: AccountOpened) -> Holder:
    contacts: dict[ContactSlot, Contact] = {"phone": Contact(value=event.phone, confirmed=True)}
    if event.email is not None:
        contacts["email"] = Contact(value=event.email, confirmed=False)
    return Holder(
        account_id=event.account_id,
        person_id=event.person_id,
        social_insurance_number=event.social_insurance_number,
        identity_number=event.identity_number,
        full_name=event.full_name,
        language=event.language,
        # The phone is the one the agency has on file and the account is activated by.
        contacts=contacts,
        versions=dict.fromkeys(contacts, 1),
    )


ACCOUNT: Decider[AccountCommand, Account, AccountEvent] = Decider(Account(), decide, evolve)


def stream_of(account_id: str) -> str:
    return f"account-{account_id}"
