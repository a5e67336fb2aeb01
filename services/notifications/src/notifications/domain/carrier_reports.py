"""What carriers say about a message: on the spot, when asked later, or by calling back. States only move forward."""

from typing import assert_never

from notifications.domain.commands import (
    PostponeLookUp,
    RecordAbsence,
    RecordAcceptance,
    RecordCallBack,
    RecordNoTrace,
)
from notifications.domain.events import MessageEvent, MessagePostponed
from notifications.domain.outcome_events import acceptance, delivery, failure, unknown
from notifications.domain.state import Message

CarrierReport = RecordAcceptance | RecordCallBack | RecordAbsence | RecordNoTrace | PostponeLookUp

_OPEN = frozenset({"claimed", "postponed", "unknown"})
_RESENDS_WITHOUT_TRACE = 1


def decide(command: CarrierReport, state: Message) -> list[MessageEvent]:
    match command:
        case RecordAcceptance():
            return _accepted(command, state)
        case RecordCallBack():
            return _called_back(command, state)
        case RecordAbsence():
            return _absent(command, state)
        case RecordNoTrace():
            return _no_trace(command, state)
        case PostponeLookUp():
            return _look_up_postponed(command, state)
        case _:
            assert_never(command)


def _accepted(command: RecordAcceptance, state: Message) -> list[MessageEvent]:
    """An acceptance is a fact whoever reports it, even a worker whose lease is over: it prevents a second send."""
    if state.status not in _OPEN or not 1 <= command.attempt <= state.attempt:
        return []
    return [acceptance(state, command.now, provider=command.provider, provider_message_id=command.provider_message_id)]


def _called_back(command: RecordCallBack, state: Message) -> list[MessageEvent]:
    """A call-back may overtake the answer to the request it is about, and proves that the carrier has the message."""
    if state.status in _OPEN:
        taken = acceptance(
            state, command.now, provider=command.provider, provider_message_id=command.provider_message_id
        )
        return [taken, *_final(command, state)]
    if state.status == "accepted" and state.provider_message_id == command.provider_message_id:
        return _final(command, state)
    return []


def _final(command: RecordCallBack, state: Message) -> list[MessageEvent]:
    if command.status == "delivered":
        return [delivery(state, command.now)]
    if command.status == "failed":
        return [failure(state, command.now, command.reason)]
    return []


def _absent(command: RecordAbsence, state: Message) -> list[MessageEvent]:
    if not _looked_up(command.attempt, state):
        return []
    return [_sent_again(command, state, "not_found_at_carrier")]


def _no_trace(command: RecordNoTrace, state: Message) -> list[MessageEvent]:
    """An e-mail goes out once more, under the same Message-ID: a lost one is worse than a twin. An SMS never does."""
    if not _looked_up(command.attempt, state):
        return []
    if state.request.channel == "email" and state.unknown_attempts <= _RESENDS_WITHOUT_TRACE:
        return [_sent_again(command, state, "no_trace_at_carrier")]
    return [unknown(state, command.now, reason="no_trace_at_carrier", look_up_at=None)]


def _sent_again(command: RecordAbsence | RecordNoTrace, state: Message, reason: str) -> MessageEvent:
    if command.retry_at >= state.request.expires_at:
        return failure(state, command.now, reason)
    return MessagePostponed(
        message_id=state.request.message_id,
        occurred_at=command.now,
        attempt=command.attempt,
        reason=reason,
        retry_at=command.retry_at,
    )


def _look_up_postponed(command: PostponeLookUp, state: Message) -> list[MessageEvent]:
    if not _looked_up(command.attempt, state):
        return []
    worthwhile = command.look_up_at < state.request.expires_at
    return [
        unknown(
            state,
            command.now,
            reason="look_up_unanswered",
            look_up_at=command.look_up_at if worthwhile else None,
        )
    ]


def _looked_up(attempt: int, state: Message) -> bool:
    return not state.secret and state.status == "unknown" and state.due_at is not None and attempt == state.attempt
