"""What a message says, as facts; the words are in `templates`. Nothing secret can be expressed here."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

Channel = Literal["sms", "email"]
Language = Literal["vi", "en"]
SecretKind = Literal[
    "activation_code",
    "take_over_code",
    "password_change_code",
    "recovery_code",
    "device_binding_code",
    "contact_change_code",
    "activation_link",
]
NoticeKind = Literal[
    "declaration_received",
    "correction_received",
    "declaration_rejected",
    "duplicate_declaration",
    "account_opened",
    "account_taken_over",
    "password_changed",
    "password_marked_compromised",
    "password_recovered",
    "recovery_approved",
    "recovery_withdrawn",
    "saved_codes_made",
    "account_locked",
    "account_unlocked",
    "contact_changed",
    "contact_change_taken_back",
    "dispute_answered",
    "dispute_settled",
    "unpaid_months",
    "device_bound",
    "device_removed",
    "passkey_added",
    "passkey_removed",
    "e_id_linked",
    "e_id_unlinked",
]
MessageKind = NoticeKind | SecretKind
Priority = Literal["prompt", "bulk"]

BULK: Final[frozenset[NoticeKind]] = frozenset({"unpaid_months"})
"""Kinds that go out to very many people at once, of whom nobody waits for it."""


def priority_of(kind: NoticeKind) -> Priority:
    return "bulk" if kind in BULK else "prompt"


class _Facts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Objectionable(_Facts):
    """With `objection_code` whoever is told can have the account locked, once; without it the hot-line can."""

    objection_code: str | None = None


class FormLine(_Facts):
    """One field of the declaration as the citizen entered it."""

    field: str
    value: str


class DeclarationReceived(_Facts):
    """`form` is the copy the citizen asked for by e-mail; empty if none was asked for."""

    kind: Literal["declaration_received"] = "declaration_received"
    dossier_number: str
    due_at: datetime
    form: tuple[FormLine, ...] = ()


class CorrectionReceived(_Facts):
    kind: Literal["correction_received"] = "correction_received"
    dossier_number: str
    due_at: datetime


class Reason(_Facts):
    """Why one field was not accepted; `text` is the officer's own words."""

    field: str
    text: str


class DeclarationRejected(_Facts):
    kind: Literal["declaration_rejected"] = "declaration_rejected"
    dossier_number: str
    reasons: tuple[Reason, ...]


class DuplicateDeclaration(_Facts):
    """Another declaration came in for the person of this open dossier."""

    kind: Literal["duplicate_declaration"] = "duplicate_declaration"
    dossier_number: str


class AccountOpened(_Facts):
    kind: Literal["account_opened"] = "account_opened"
    dossier_number: str


class AccountTakenOver(_Objectionable):
    kind: Literal["account_taken_over"] = "account_taken_over"
    device_kind: Literal["phone", "tablet", "desktop", "unknown"]
    happened_at: datetime


class PasswordChanged(_Objectionable):
    kind: Literal["password_changed"] = "password_changed"
    happened_at: datetime


class PasswordMarkedCompromised(_Facts):
    """An agency learnt that others may know the password."""

    kind: Literal["password_marked_compromised"] = "password_marked_compromised"
    reason: Literal["found_in_leak", "told_to_others", "phishing", "other"]
    happened_at: datetime


class PasswordRecovered(_Objectionable):
    kind: Literal["password_recovered"] = "password_recovered"
    way: Literal["saved_code", "device_key", "counter"]
    happened_at: datetime


class RecoveryApproved(_Objectionable):
    """At `agency_code`'s counter; from `opens_at` a new password can be set without a code."""

    kind: Literal["recovery_approved"] = "recovery_approved"
    agency_code: str
    happened_at: datetime
    opens_at: datetime


class RecoveryWithdrawn(_Facts):
    """`holder`: from a session of the account; `staff`: at a counter."""

    kind: Literal["recovery_withdrawn"] = "recovery_withdrawn"
    by: Literal["holder", "staff"]
    happened_at: datetime


class SavedCodesMade(_Objectionable):
    kind: Literal["saved_codes_made"] = "saved_codes_made"
    count: int
    happened_at: datetime


class AccountLocked(_Facts):
    kind: Literal["account_locked"] = "account_locked"
    by: Literal["holder", "staff"]
    happened_at: datetime


class AccountUnlocked(_Objectionable):
    kind: Literal["account_unlocked"] = "account_unlocked"
    happened_at: datetime


ContactSlot = Literal["phone", "email", "second_phone"]


class ContactChanged(_Objectionable):
    kind: Literal["contact_changed"] = "contact_changed"
    slot: ContactSlot
    masked_contact: str
    happened_at: datetime


class ContactChangeTakenBack(_Facts):
    """Somebody objected to a change of contact: it is undone, and the account is locked."""

    kind: Literal["contact_change_taken_back"] = "contact_change_taken_back"
    slot: ContactSlot
    happened_at: datetime


class DisputeAnswered(_Facts):
    """What was written is not in here: the person reads it in the app."""

    kind: Literal["dispute_answered"] = "dispute_answered"
    dispute_number: str


class DisputeSettled(_Facts):
    kind: Literal["dispute_settled"] = "dispute_settled"
    dispute_number: str
    outcome: Literal["corrected", "stands", "withdrawn"]


class LateMonths(_Facts):
    """Months, written `2021-03` and both included, that an employer owes for one kind of insurance."""

    insurance: Literal["social", "unemployment", "accident", "health"]
    employer: str
    from_month: str
    to_month: str


class UnpaidMonths(_Facts):
    """The notice of `month`. Amounts are not in here: they tell what the person earns, and stand in the app."""

    kind: Literal["unpaid_months"] = "unpaid_months"
    month: str
    lines: tuple[LateMonths, ...]


class DeviceBound(_Objectionable):
    kind: Literal["device_bound"] = "device_bound"
    device_kind: Literal["phone", "tablet", "desktop", "unknown"]
    happened_at: datetime


class DeviceRemoved(_Objectionable):
    kind: Literal["device_removed"] = "device_removed"
    device_kind: Literal["phone", "tablet", "desktop", "unknown"]
    happened_at: datetime


class PasskeyAdded(_Objectionable):
    kind: Literal["passkey_added"] = "passkey_added"
    happened_at: datetime


class PasskeyRemoved(_Objectionable):
    kind: Literal["passkey_removed"] = "passkey_removed"
    happened_at: datetime


class EIdLinked(_Objectionable):
    kind: Literal["e_id_linked"] = "e_id_linked"
    happened_at: datetime


class EIdUnlinked(_Objectionable):
    kind: Literal["e_id_unlinked"] = "e_id_unlinked"
    happened_at: datetime


Notice = Annotated[
    DeclarationReceived
    | CorrectionReceived
    | DeclarationRejected
    | DuplicateDeclaration
    | AccountOpened
    | AccountTakenOver
    | PasswordChanged
    | PasswordMarkedCompromised
    | PasswordRecovered
    | RecoveryApproved
    | RecoveryWithdrawn
    | SavedCodesMade
    | AccountLocked
    | AccountUnlocked
    | ContactChanged
    | ContactChangeTakenBack
    | DisputeAnswered
    | DisputeSettled
    | UnpaidMonths
    | DeviceBound
    | DeviceRemoved
    | PasskeyAdded
    | PasskeyRemoved
    | EIdLinked
    | EIdUnlinked,
    Field(discriminator="kind"),
]
