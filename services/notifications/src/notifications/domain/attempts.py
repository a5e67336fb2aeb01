"""Claiming a message, and what the claiming worker reports of its attempt."""

from typing import assert_never

from notifications.domain.commands import (
    ClaimMessage,
    EndLapsedLease,
    RecordNotProcessed,
    RecordRejection,
    RecordUnknownOutcome,
)
from notifications.domain.errors import MessageLeasedError, MessageNotDueError, MessageNotSendableError
from notifications.domain.events import MessageClaimed, MessageEvent, MessagePostponed
from notifications.domain.outcome_events import failure, unknown
from notifications.domain.state import Message

AttemptCommand = ClaimMessage | EndLapsedLease | RecordNotProcessed | RecordRejection | RecordUnknownOutcome


def decide(command: AttemptCommand, state: Message) -> list[MessageEvent]:
    match command:
        case ClaimMessage():
            return _claim(command, state)
        case EndLapsedLease():
            return _end_lapsed_lease(command, state)
        case RecordNotProcessed():
            return _not_processed(command, state)
        case RecordRejection():
            return _rejected(command, state)
        case RecordUnknownOutcome():
            return _unknown_outcome(command, state)
        case _:
            assert_never(command)


def _claim(command: ClaimMessage, state: Message) -> list[MessageEvent]:
    _check_sendable(command, state)
    if command.now >= state.request.expires_at:
        return [failure(state, command.now, "expired")]
    return [
        MessageClaimed(
            message_id=state.request.message_id,
            occurred_at=command.now,
            attempt=state.attempt + 1,
            worker=command.worker,
            leased_until=command.leased_until,
        )
    ]


def _check_sendable(command: ClaimMessage, state: Message) -> None:
    if state.status == "claimed" and state.due_at is not None and command.now < state.due_at:
        raise MessageLeasedError(state.due_at)
    if state.status == "postponed" and state.due_at is not None and command.now < state.due_at:
        raise MessageNotDueError(state.due_at)
    if state.status not in {"requested", "postponed"}:
        raise MessageNotSendableError(state.status)


def _end_lapsed_lease(command: EndLapsedLease, state: Message) -> list[MessageEvent]:
    if state.status != "claimed":
        return []
    if state.due_at is not None and command.now < state.due_at:
        raise MessageLeasedError(state.due_at)
    return [unknown(state, command.now, reason="lease_lapsed", look_up_at=command.look_up_at)]


def _not_processed(command: RecordNotProcessed, state: Message) -> list[MessageEvent]:
    if not _concerns(command.attempt, state):
        return []
    if command.retry_at >= state.request.expires_at:
        return [failure(state, command.now, command.reason, retry_at=command.retry_at)]
    return [
        MessagePostponed(
            message_id=state.request.message_id,
            occurred_at=command.now,
            attempt=command.attempt,
            reason=command.reason,
            retry_at=command.retry_at,
            challenge_id=state.challenge_id,
        )
    ]


def _rejected(command: RecordRejection, state: Message) -> list[MessageEvent]:
    return [failure(state, command.now, command.reason)] if _concerns(command.attempt, state) else []


def _unknown_outcome(command: RecordUnknownOutcome, state: Message) -> list[MessageEvent]:
    if state.status != "claimed" or command.attempt != state.attempt:
        return []
    return [unknown(state, command.now, reason=command.reason, look_up_at=command.look_up_at)]


def _concerns(attempt: int, state: Message) -> bool:
    """A worker paused past its lease may still clear up its own attempt; for a secret, unknown stays unknown."""
    clearable = {"claimed"} if state.secret else {"claimed", "unknown"}
    return attempt == state.attempt and state.status in clearable
