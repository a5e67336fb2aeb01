"""What the notifications service tells the others about messages on their way. Targets are never in here."""

from datetime import datetime
from typing import ClassVar, Literal

from ansinh_kit.integration_event import IntegrationEvent

Channel = Literal["sms", "email"]


class _MessageEvent(IntegrationEvent):
    message_id: str
    channel: Channel
    kind: str
    challenge_id: str | None = None
    occurred_at: datetime


class MessageAcceptedV1(_MessageEvent):
    """The carrier took the message over at `occurred_at`: the life of a code starts here."""

    name: ClassVar[str] = "notifications.message_accepted"


class MessageDeliveredV1(_MessageEvent):
    """The carrier says that the message reached its target."""

    name: ClassVar[str] = "notifications.message_delivered"


class MessageFailedV1(_MessageEvent):
    """The message will not arrive; `reason` is the carrier's code, never its text."""

    name: ClassVar[str] = "notifications.message_failed"

    reason: str
