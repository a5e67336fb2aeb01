"""What of this service's log the others may know: that a message was taken, arrived, or will not arrive."""

from ansinh_contracts.notifications import MessageAcceptedV1, MessageDeliveredV1, MessageFailedV1
from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from notifications.domain.events import MessageAccepted, MessageDelivered, MessageFailed


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    """Return the integration event of a domain event; `None` for what is this service's own business."""
    event = recorded.event
    if not isinstance(event, MessageAccepted | MessageDelivered | MessageFailed):
        return None
    if isinstance(event, MessageFailed):
        return MessageFailedV1(
            message_id=event.message_id,
            channel=event.channel,
            kind=event.kind,
            challenge_id=event.challenge_id,
            occurred_at=event.occurred_at,
            reason=event.reason,
        )
    contract = MessageAcceptedV1 if isinstance(event, MessageAccepted) else MessageDeliveredV1
    return contract(
        message_id=event.message_id,
        channel=event.channel,
        kind=event.kind,
        challenge_id=event.challenge_id,
        occurred_at=event.occurred_at,
    )
