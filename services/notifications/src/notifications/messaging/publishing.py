"""What of this service's log the others may know: a message was taken, arrived, waits, or will not arrive."""

from datetime import datetime
from typing import TypedDict

from ansinh_contracts.notifications import (
    Channel,
    MessageAcceptedV1,
    MessageDeliveredV1,
    MessageFailedV1,
    MessageHeldBackV1,
)
from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from notifications.domain.events import MessageAccepted, MessageDelivered, MessageFailed, MessagePostponed


class _Shared(TypedDict):
    message_id: str
    channel: Channel
    kind: str
    challenge_id: str | None
    occurred_at: datetime


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    """Return the integration event of a domain event; `None` for what is this service's own business."""
    event = recorded.event
    match event:
        case MessageAccepted():
            return MessageAcceptedV1(**_shared(event))
        case MessageDelivered():
            return MessageDeliveredV1(**_shared(event))
        case MessageFailed():
            return MessageFailedV1(**_shared(event), reason=event.reason, retry_at=event.retry_at)
        case MessagePostponed(challenge_id=str(challenge_id)):
            return MessageHeldBackV1(
                message_id=event.message_id,
                challenge_id=challenge_id,
                occurred_at=event.occurred_at,
                reason=event.reason,
                retry_at=event.retry_at,
            )
        case _:
            return None


def _shared(event: MessageAccepted | MessageDelivered | MessageFailed) -> _Shared:
    return _Shared(
        message_id=event.message_id,
        channel=event.channel,
        kind=event.kind,
        challenge_id=event.challenge_id,
        occurred_at=event.occurred_at,
    )
