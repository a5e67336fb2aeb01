"""What can be asked of a message. Every command carries the moment it was made: rules read no clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from notifications.domain.content import Channel, Language, Notice, SecretKind

CarrierStatus = Literal["in_transit", "delivered", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMessage:
    message_id: str
    person_id: str
    source_event_id: str
    channel: Channel
    language: Language
    target: str
    recipient_name: str
    notice: Notice
    template_version: int
    expires_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSecretMessage:
    message_id: str
    challenge_id: str
    kind: SecretKind
    channel: Channel
    language: Language
    masked_target: str
    template_version: int
    expires_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimMessage:
    worker: str
    leased_until: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAcceptance:
    attempt: int
    provider: str
    provider_message_id: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNotProcessed:
    """The attempt surely had no effect: refused for now, or the carrier was never reached."""

    attempt: int
    reason: str
    retry_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRejection:
    """The carrier will never take this message."""

    attempt: int
    reason: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUnknownOutcome:
    attempt: int
    reason: str
    look_up_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLapsedLease:
    """The claiming worker was not heard of in time: whether it has sent is unknown."""

    look_up_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAbsence:
    """The carrier was asked and surely does not have the message."""

    attempt: int
    retry_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNoTrace:
    """The carrier keeps no record to look the message up in."""

    attempt: int
    retry_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeLookUp:
    attempt: int
    look_up_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCallBack:
    """The carrier reports on the message it calls `provider_message_id`."""

    provider: str
    provider_message_id: str
    status: CarrierStatus
    reason: str
    now: datetime


MessageCommand = (
    RequestMessage
    | RequestSecretMessage
    | ClaimMessage
    | RecordAcceptance
    | RecordNotProcessed
    | RecordRejection
    | RecordUnknownOutcome
    | EndLapsedLease
    | RecordAbsence
    | RecordNoTrace
    | PostponeLookUp
    | RecordCallBack
)
