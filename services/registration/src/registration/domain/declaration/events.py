"""What can have happened to a declaration. Types, versions and fields are stored for ever: they only get successors.

Personal values stand only in fields marked `Personal`; once the person is forgotten these read `None`.
"""

from datetime import datetime
from typing import Annotated, ClassVar

from ansinh_kit.events import DomainEvent, Personal
from pydantic import BaseModel, ConfigDict

from registration.domain.form import Form
from registration.domain.form_copy import FormLine
from registration.domain.language import Language
from registration.domain.photos import PhotoKind, StoredPhoto
from registration.domain.reasons import Reason
from registration.domain.rules.address import Layout
from registration.domain.rules.identity import IdentityDocument


class Contact(BaseModel):
    """How to reach the declarant. `phone` is E.164 (+84…)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    full_name: str
    phone: str
    email: str | None = None


class Residence(BaseModel):
    """Where the holder lives: the codes of one layout, and the whole address in words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layout: Layout
    province_code: str
    district_code: str | None
    ward_code: str
    line: str


class Holder(BaseModel):
    """Whom the account is for, as the officer found it valid. Version 1 of the event had no `residence`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    social_insurance_number: str
    identity: IdentityDocument
    contact: Contact
    residence: Residence | None = None


class DeclarationEvent(DomainEvent):
    """Base of all events of a declaration. The person's id is drawn with the declaration and says nothing."""

    subject_field: ClassVar[str | None] = "person_id"

    declaration_id: str
    person_id: str
    occurred_at: datetime


class DossierEvent(DeclarationEvent):
    """Base of the events after sending: the declaration has a number, an agency and somebody to tell."""

    dossier_number: str
    agency_code: str
    language: Language
    contact: Annotated[Contact | None, Personal()] = None


class DeclarationStarted(DeclarationEvent):
    """A guest began a declaration. Who holds the token whose SHA-256 is `token_hash` may go on with it."""

    event_type: ClassVar[str] = "declaration_started"

    token_hash: str
    language: Language


class FormFilledIn(DeclarationEvent):
    """The draft's form was replaced by this one."""

    event_type: ClassVar[str] = "form_filled_in"

    form: Annotated[Form | None, Personal()] = None


class PhotoAttached(DeclarationEvent):
    """A photo was added to the draft, or took the place of an earlier or rejected one."""

    event_type: ClassVar[str] = "photo_attached"

    kind: PhotoKind
    photo: StoredPhoto


class DeclarationSubmitted(DossierEvent):
    """The declaration reached its agency for the first time; an answer is due by `due_at`.

    `form_copy` is there if the declarant asked for the declaration by e-mail.
    """

    event_type: ClassVar[str] = "declaration_submitted"

    due_at: datetime
    form_copy: Annotated[tuple[FormLine, ...] | None, Personal()] = None


class DeclarationSetAside(DossierEvent):
    """The declaration was sent while another one for the same person is open: it waits outside the queue.

    Nobody but the contact of the open one is told (ADR-0006).
    """

    event_type: ClassVar[str] = "declaration_set_aside"

    due_at: datetime
    form_copy: Annotated[tuple[FormLine, ...] | None, Personal()] = None
    open_declaration_id: str


class DuplicateNoticed(DossierEvent):
    """Someone sent another declaration for the person of this open one; its contact is to be told."""

    event_type: ClassVar[str] = "duplicate_noticed"

    other_declaration_id: str


class DeclarationClaimed(DeclarationEvent):
    """An officer of the receiving agency took the declaration from the queue."""

    event_type: ClassVar[str] = "declaration_claimed"

    dossier_number: str
    agency_code: str
    officer_id: str


class DeclarationReleased(DeclarationEvent):
    """The officer put the declaration back into the queue, undecided."""

    event_type: ClassVar[str] = "declaration_released"

    officer_id: str


class DeclarationRejected(DossierEvent):
    """The declaration was not accepted; the fields named may be corrected."""

    event_type: ClassVar[str] = "declaration_rejected"

    officer_id: str
    rejected_fields: tuple[str, ...]
    reasons: Annotated[tuple[Reason, ...] | None, Personal()] = None


class FieldsCorrected(DeclarationEvent):
    """Rejected fields got new values; `form` is the whole form after that."""

    event_type: ClassVar[str] = "fields_corrected"

    corrected_fields: tuple[str, ...]
    form: Annotated[Form | None, Personal()] = None


class DeclarationResubmitted(DossierEvent):
    """The corrected declaration came back under its dossier number; only `changed_fields` differ."""

    event_type: ClassVar[str] = "declaration_resubmitted"

    due_at: datetime
    changed_fields: tuple[str, ...]


class DeclarationFoundValid(DossierEvent):
    """The officer found the declaration valid: an account is to be opened for its holder."""

    event_type: ClassVar[str] = "declaration_found_valid"
    schema_version: ClassVar[int] = 2

    officer_id: str
    holder: Annotated[Holder | None, Personal()] = None


class DeclarationWithdrawn(DeclarationEvent):
    """The declarant took the declaration back. A draft that was never sent has no dossier number."""

    event_type: ClassVar[str] = "declaration_withdrawn"

    dossier_number: str | None
    agency_code: str | None


class AccountOpenedForDeclarant(DeclarationEvent):
    """The account this declaration asked for exists and waits for its holder."""

    event_type: ClassVar[str] = "account_opened_for_declarant"

    account_id: str


class AccountActivatedByDeclarant(DeclarationEvent):
    """The holder set a password: the account can be used."""

    event_type: ClassVar[str] = "account_activated_by_declarant"

    account_id: str


class DeclarationForgotten(DeclarationEvent):
    """The keys of its person are destroyed: nothing of the declaration can be read, and nobody goes on with it.

    The legal basis is with the records, which ordered it.
    """

    event_type: ClassVar[str] = "declaration_forgotten"


DECLARATION_EVENTS: tuple[type[DeclarationEvent], ...] = (
    DeclarationStarted,
    FormFilledIn,
    PhotoAttached,
    DeclarationSubmitted,
    DeclarationSetAside,
    DuplicateNoticed,
    DeclarationClaimed,
    DeclarationReleased,
    DeclarationRejected,
    FieldsCorrected,
    DeclarationResubmitted,
    DeclarationFoundValid,
    DeclarationWithdrawn,
    AccountOpenedForDeclarant,
    AccountActivatedByDeclarant,
    DeclarationForgotten,
)
