"""What the notifications service tells the others about messages on their way. Targets are never in here."""

from datetime import datetime
from typing import ClassVar, Final, Literal

from ansinh_kit.integration_event import IntegrationEvent

Channel = Literal["sms", "email"]
SMS_BUDGET: Final = "sms_budget"
"""The reason of a message that was held back, or failed, because too many SMS went to numbers like its own."""
SMS_BUDGET_OF_ALL: Final = "sms_budget_of_all"
"""As above, because too many SMS left in all, or cost too much: none leaves to any number."""


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
    """The message will not arrive; `reason` is the carrier's code, never its text.

    `retry_at` is when another one could leave, if a budget or an overloaded carrier is what it failed for.
    """

    name: ClassVar[str] = "notifications.message_failed"

    reason: str
    retry_at: datetime | None = None


class MessageHeldBackV1(IntegrationEvent):
    """A one-time code has not left yet, for a budget or for its carrier. It is tried again at `retry_at`."""

    name: ClassVar[str] = "notifications.message_held_back"

    message_id: str
    challenge_id: str
    occurred_at: datetime
    reason: str
    retry_at: datetime
