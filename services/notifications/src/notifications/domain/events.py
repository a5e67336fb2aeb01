"""What happened to a message. Stored names and versions never change; golden files hold every version."""

from datetime import datetime
from typing import Annotated, ClassVar

from ansinh_kit.events import DomainEvent, OptionalPersonalText, Personal

from notifications.domain.content import Channel, Language, MessageKind, Notice, NoticeKind, SecretKind


class _MessageEvent(DomainEvent):
    """`attempt` counts claims from 1; 0 means that nobody has tried to send the message yet."""

    message_id: str
    occurred_at: datetime


class MessageRequested(_MessageEvent):
    """A fact is to be told to a person, once, over one channel. Worthless after `expires_at`."""

    event_type: ClassVar[str] = "message_requested"
    subject_field: ClassVar[str | None] = "person_id"

    person_id: str
    source_event_id: str
    kind: NoticeKind
    channel: Channel
    language: Language
    template_version: int
    expires_at: datetime
    target: OptionalPersonalText
    recipient_name: OptionalPersonalText
    notice: Annotated[Notice | None, Personal()]


class SecretMessageRequested(_MessageEvent):
    """A secret is on its way through its own queue. Neither the secret nor the whole target is in the log."""

    event_type: ClassVar[str] = "secret_message_requested"

    challenge_id: str
    kind: SecretKind
    channel: Channel
    language: Language
    template_version: int
    expires_at: datetime
    masked_target: str


class MessageClaimed(_MessageEvent):
    """A worker may send the message until `leased_until`; `attempt` is its fencing token."""

    event_type: ClassVar[str] = "message_claimed"

    attempt: int
    worker: str
    leased_until: datetime


class MessagePostponed(_MessageEvent):
    """The attempt surely had no effect; the next one is due at `retry_at`. A one-time code names its challenge."""

    event_type: ClassVar[str] = "message_postponed"
    schema_version: ClassVar[int] = 2

    attempt: int
    reason: str
    retry_at: datetime
    challenge_id: str | None = None


class _OutcomeEvent(_MessageEvent):
    """Carries what other services need to know, so that publishing needs no look into the stream."""

    kind: MessageKind
    channel: Channel
    challenge_id: str | None
    attempt: int


class MessageOutcomeUnknown(_OutcomeEvent):
    """The carrier may or may not have the message. It asks to be looked up at `look_up_at`; `None`: never again."""

    event_type: ClassVar[str] = "message_outcome_unknown"

    reason: str
    look_up_at: datetime | None


class MessageAccepted(_OutcomeEvent):
    """The carrier has the message. `occurred_at` is when a code's life begins."""

    event_type: ClassVar[str] = "message_accepted"

    provider: str
    provider_message_id: str


class MessageDelivered(_OutcomeEvent):
    """The carrier says that the message reached its target."""

    event_type: ClassVar[str] = "message_delivered"


class MessageFailed(_OutcomeEvent):
    """The message will not arrive. `reason` is a code, never a carrier's text: that may quote the target.

    `retry_at` is when another one to the same target could leave, if that is what it failed for.
    """

    event_type: ClassVar[str] = "message_failed"
    schema_version: ClassVar[int] = 2

    reason: str
    retry_at: datetime | None = None


MessageEvent = (
    MessageRequested
    | SecretMessageRequested
    | MessageClaimed
    | MessagePostponed
    | MessageOutcomeUnknown
    | MessageAccepted
    | MessageDelivered
    | MessageFailed
)
