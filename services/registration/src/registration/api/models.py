"""What goes in and out over HTTP. Answers are made from these only: no internal field can slip out."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from registration.domain.declaration.state import DeclarantStatus, Status
from registration.domain.form import Form
from registration.domain.language import Language
from registration.domain.photos import PhotoKind
from registration.domain.qr.reading import PAYLOAD_MAX_CHARACTERS
from registration.domain.reasons import Reason, ReasonEntry
from registration.domain.rules.address import AddressEntries
from registration.domain.rules.identity import IdentityDocument, IdentityWarning, Sex
from registration.projections.declarant_overview import Step

_REASONS_MAX = 20

SentStatus = Literal["submitted", "resubmitted"]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(_Answer):
    vi: str
    en: str


class StartBody(_Body):
    language: Language = "vi"


class Started(_Answer):
    """`declaration_token` is shown once: it is the key to this declaration, sent as `Declaration-Token`."""

    declaration_id: str
    declaration_token: str


class Saved(_Answer):
    """`missing` names what is still needed before the declaration can be sent."""

    status: DeclarantStatus
    missing: list[str]


class SavedPhoto(Saved):
    kind: PhotoKind
    width_pixels: int
    height_pixels: int


class ReceiptSlip(_Answer):
    declaration_id: str
    dossier_number: str
    status: SentStatus
    received_at: datetime
    due_at: datetime
    note: Bilingual


class TimeLineStep(_Answer):
    step: Step
    at: datetime
    due_at: datetime | None


class DeclarationOverview(_Answer):
    declaration_id: str
    status: DeclarantStatus
    dossier_number: str | None
    agency_code: str | None
    due_at: datetime | None
    form: Form
    photos: list[PhotoKind]
    missing: list[str]
    reasons: list[Reason]
    time_line: list[TimeLineStep]


class QrBody(_Body):
    """The text of a scanned code."""

    payload: Annotated[str, Field(max_length=PAYLOAD_MAX_CHARACTERS)]


class QrReading(_Answer):
    """Values for the form; `unreadable` names what was damaged, `warnings` what looks odd. All may be edited."""

    card: Literal["citizen_card", "health_card"]
    social_insurance_number: str | None
    full_name: str | None
    identity: IdentityDocument | None
    address: AddressEntries | None
    address_line: str | None
    birth_date: date | None
    birth_year: int | None
    sex: Sex | None
    unreadable: list[str]
    warnings: list[IdentityWarning]


class AgencyEntry(_Answer):
    """`district_codes` are the districts, as they were to 06/2025, whose people a grassroots office serves."""

    code: str
    name: str
    kind: Literal["provincial", "grassroots"]
    province_code: str
    address: str
    phone: str
    district_codes: list[str]


class Agencies(_Answer):
    agencies: list[AgencyEntry]


class UnitEntry(_Answer):
    code: str
    name: str
    level: Literal["province", "district", "ward"]
    province_code: str
    district_code: str | None


class Units(_Answer):
    units: list[UnitEntry]


class QueueEntry(_Answer):
    declaration_id: str
    dossier_number: str
    status: Literal["submitted", "resubmitted", "checking"]
    waiting_since: datetime
    due_at: datetime
    claimed_by: str | None
    claimed_at: datetime | None
    changed_fields: list[str]
    duplicates_noticed: int


class Queue(_Answer):
    declarations: list[QueueEntry]
    total: int


class ClaimState(_Answer):
    status: Status
    claimed_by: str | None


class DeclarationForOfficer(_Answer):
    """All the officer in charge needs; after corrections `changed_fields` is what is new since the rejection."""

    declaration_id: str
    status: Status
    dossier_number: str
    agency_code: str
    form: Form
    photos: list[PhotoKind]
    changed_fields: list[str]
    warnings: list[IdentityWarning]


class Valid(_Body):
    decision: Literal["valid"]


class Rejected(_Body):
    decision: Literal["rejected"]
    reasons: Annotated[list[ReasonEntry], Field(min_length=1, max_length=_REASONS_MAX)]


DecisionBody = Annotated[Valid | Rejected, Field(discriminator="decision")]


class Decided(_Answer):
    status: Literal["valid", "rejected"]
