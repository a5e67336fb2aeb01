"""What later decisions need to know of a message, folded from its events."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from notifications.domain.events import (
    MessageAccepted,
    MessageClaimed,
    MessageDelivered,
    MessageEvent,
    MessageFailed,
    MessageOutcomeUnknown,
    MessagePostponed,
    MessageRequested,
    SecretMessageRequested,
)

_LaterEvent = (
    MessageClaimed | MessagePostponed | MessageOutcomeUnknown | MessageAccepted | MessageDelivered | MessageFailed
)
Status = Literal["requested", "claimed", "postponed", "unknown", "accepted", "delivered", "failed"]


@dataclass(frozen=True, slots=True)
class Message:
    """`due_at` means, by status: next attempt (postponed), end of the lease (claimed), next look-up (unknown)."""

    request: MessageRequested | SecretMessageRequested
    status: Status = "requested"
    attempt: int = 0
    unknown_attempts: int = 0
    look_ups: int = 0
    due_at: datetime | None = None
    provider_message_id: str | None = None

    @property
    def secret(self) -> bool:
        return isinstance(self.request, SecretMessageRequested)

    @property
    def challenge_id(self) -> str | None:
        return self.request.challenge_id if isinstance(self.request, SecretMessageRequested) else None


def evolve(state: Message | None, event: MessageEvent) -> Message | None:
    """Return the message after `event`; `None` is a message that was never requested."""
    if isinstance(event, MessageRequested | SecretMessageRequested):
        return Message(event)
    return None if state is None else _after(state, event)


def _after(state: Message, event: _LaterEvent) -> Message:
    match event:
        case MessageClaimed():
            return replace(state, status="claimed", attempt=event.attempt, due_at=event.leased_until, look_ups=0)
        case MessagePostponed():
            return replace(state, status="postponed", due_at=event.retry_at)
        case MessageOutcomeUnknown():
            return _unknown(state, event)
        case MessageAccepted():
            return replace(state, status="accepted", due_at=None, provider_message_id=event.provider_message_id)
        case MessageDelivered():
            return replace(state, status="delivered", due_at=None)
        case MessageFailed():
            return replace(state, status="failed", due_at=None)
        case _:
            assert_never(event)


def _unknown(state: Message, event: MessageOutcomeUnknown) -> Message:
    again = state.status == "unknown"
    return replace(
        state,
        status="unknown",
        due_at=event.look_up_at,
        look_ups=state.look_ups + again,
        unknown_attempts=state.unknown_attempts + (not again),
    )
