"""What the registration service tells the others about declarations."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ansinh_kit.integration_event import IntegrationEvent, SealedFor
from pydantic import BaseModel, ConfigDict

from ansinh_contracts.language import Language


class ContactDetails(BaseModel):
    """How to reach the declarant. `phone` is E.164 (+84…)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    full_name: str
    phone: str
    email: str | None = None


class AccountHolder(BaseModel):
    """Whom an account is opened for, as an officer found it valid."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    social_insurance_number: str
    identity_kind: Literal["citizen_id", "legacy_id", "passport"]
    identity_number: str
    full_name: str
    phone: str
    email: str | None = None


class DeclaredAddress(BaseModel):
    """Where somebody lives. The codes are those of `layout`: the other one gives them other meanings.

    `line` is the whole address in words; `district_code` is there only in the layout with districts.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    layout: Literal["with_districts", "without_districts"]
    province_code: str
    district_code: str | None = None
    ward_code: str
    line: str


class DeclaredParticipant(BaseModel):
    """Whose insurance record the declaration is about, as an officer found it valid. `phone` is E.164 (+84…)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    social_insurance_number: str
    identity_kind: Literal["citizen_id", "legacy_id", "passport"]
    identity_number: str
    full_name: str
    phone: str
    email: str | None = None
    address: DeclaredAddress | None = None


class RejectionReason(BaseModel):
    """Why one field was not accepted. `code` is from the published list, `text` is the officer's own words."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    field: str
    code: str
    text: str


class FormLine(BaseModel):
    """One field of the declaration as the citizen entered it, fit to be read by a person."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    field: str
    value: str


class _DeclarationEvent(IntegrationEvent):
    declaration_id: str
    person_id: str
    dossier_number: str
    agency_code: str
    occurred_at: datetime


class DeclarationSubmittedV1(_DeclarationEvent):
    """A declaration was received, for the first time. An answer is due by `due_at`.

    `form` is there if the citizen asked for a copy by e-mail. A declaration that was set aside because its person has
    another open one is announced alike: whoever sent it must not learn the difference from a receipt that does not
    come (ADR-0006).
    """

    name: ClassVar[str] = "registration.declaration_submitted"

    due_at: datetime
    language: Language
    contact: Annotated[ContactDetails | None, SealedFor("notifications")] = None
    form: Annotated[tuple[FormLine, ...] | None, SealedFor("notifications")] = None


class DeclarationResubmittedV1(_DeclarationEvent):
    """A rejected declaration came back corrected, under the same dossier number."""

    name: ClassVar[str] = "registration.declaration_resubmitted"

    due_at: datetime
    language: Language
    contact: Annotated[ContactDetails | None, SealedFor("notifications")] = None


class DuplicateDeclarationNoticedV1(_DeclarationEvent):
    """Someone sent another declaration for the person of this open one; the contact on file is to be told."""

    name: ClassVar[str] = "registration.duplicate_declaration_noticed"

    language: Language
    contact: Annotated[ContactDetails | None, SealedFor("notifications")] = None


class DeclarationAssignedV1(_DeclarationEvent):
    """An officer of the receiving agency took the declaration from the queue."""

    name: ClassVar[str] = "registration.declaration_assigned"

    officer_id: str


class DeclarationRejectedV1(_DeclarationEvent):
    """The declaration was not accepted; the citizen may correct it and send it again."""

    name: ClassVar[str] = "registration.declaration_rejected"

    language: Language
    rejected_fields: tuple[str, ...]
    reasons: Annotated[tuple[RejectionReason, ...] | None, SealedFor("notifications")] = None
    contact: Annotated[ContactDetails | None, SealedFor("notifications")] = None


class DeclarationValidV1(_DeclarationEvent):
    """The declaration was found valid: an account is to be opened for its holder, to read the participant's record."""

    name: ClassVar[str] = "registration.declaration_valid"

    language: Language
    holder: Annotated[AccountHolder | None, SealedFor("auth")] = None
    participant: Annotated[DeclaredParticipant | None, SealedFor("records")] = None


class DeclarationWithdrawnV1(_DeclarationEvent):
    """The citizen took the declaration back before it was decided."""

    name: ClassVar[str] = "registration.declaration_withdrawn"
