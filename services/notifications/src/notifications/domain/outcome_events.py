"""Builds the outcome events, which all carry the same facts of their message."""

from datetime import datetime
from typing import TypedDict

from notifications.domain.content import Channel, MessageKind
from notifications.domain.events import (
    MessageAccepted,
    MessageDelivered,
    MessageFailed,
    MessageOutcomeUnknown,
)
from notifications.domain.state import Message


class _Facts(TypedDict):
    message_id: str
    occurred_at: datetime
    kind: MessageKind
    channel: Channel
    challenge_id: str | None
    attempt: int


def _facts(state: Message, now: datetime) -> _Facts:
    return _Facts(
        message_id=state.request.message_id,
        occurred_at=now,
        kind=state.request.kind,
        channel=state.request.channel,
        challenge_id=state.challenge_id,
        attempt=state.attempt,
    )


def acceptance(state: Message, now: datetime, *, provider: str, provider_message_id: str) -> MessageAccepted:
    return MessageAccepted(**_facts(state, now), provider=provider, provider_message_id=provider_message_id)


def delivery(state: Message, now: datetime) -> MessageDelivered:
    return MessageDelivered(**_facts(state, now))


def failure(state: Message, now: datetime, reason: str, *, retry_at: datetime | None = None) -> MessageFailed:
    return MessageFailed(**_facts(state, now), reason=reason, retry_at=retry_at)


def unknown(state: Message, now: datetime, *, reason: str, look_up_at: datetime | None) -> MessageOutcomeUnknown:
    """A secret is never looked up: nothing could follow, since it must not be sent again and is not kept."""
    traceable = None if state.secret else look_up_at
    return MessageOutcomeUnknown(**_facts(state, now), reason=reason, look_up_at=traceable)
