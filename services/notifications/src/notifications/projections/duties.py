"""The list of duties: which message has to be sent, freed from a dead worker's lease, or looked up, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, assert_never, cast, get_args

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex
from ansinh_kit.projections.view import View

from notifications.domain.content import Priority, priority_of
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

DutyKind = Literal["send", "end_lease", "look_up"]
_NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Duty:
    message_id: str
    kind: DutyKind


class Duties:
    """One document per message that still needs something: `{message_id, duty, due_at, secret, priority}`.

    A secret is sent from its own queue, so the only duty it can have is the end of a dead worker's lease.
    """

    name = "duties"
    version = 2
    indexes: Sequence[ViewIndex] = (ViewIndex({"priority": 1, "duty": 1, "due_at": 1}),)
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"a duty holds nothing personal: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return (cast("MessageEvent", event.event).message_id,)

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        fact = cast("MessageEvent", event.event)
        match fact:
            case MessageRequested():
                return _message(key, priority_of(fact.kind)) | _due("send", fact.occurred_at)
            case SecretMessageRequested():
                return _message(key, "prompt", secret=True) | _due(_NOTHING, fact.occurred_at)
            case MessageAccepted() | MessageDelivered() | MessageFailed():
                return None
            case _:
                return _followed(document or _message(key, "prompt"), fact)


def _followed(document: Document, fact: MessageClaimed | MessagePostponed | MessageOutcomeUnknown) -> Document | None:
    match fact:
        case MessageClaimed():
            return document | _due("end_lease", fact.leased_until)
        case MessagePostponed():
            return document | _due(_NOTHING if document["secret"] else "send", fact.retry_at)
        case MessageOutcomeUnknown():
            return None if fact.look_up_at is None else document | _due("look_up", fact.look_up_at)
        case _:
            assert_never(fact)


def _message(message_id: str, priority: Priority, *, secret: bool = False) -> Document:
    return {"message_id": message_id, "secret": secret, "priority": priority}


def _due(duty: str, at: datetime) -> Document:
    return {"duty": duty, "due_at": at}


class DutyView:
    """The list as the dispatcher asks for it."""

    def __init__(self, view: View) -> None:
        self._view = view

    async def due(self, now: datetime, priority: Priority, *, limit: int) -> list[Duty]:
        """Return what is due of this priority, longest overdue first; nothing before the list was first made."""
        wanted = {"priority": priority, "duty": {"$in": list(get_args(DutyKind))}, "due_at": {"$lte": now}}
        documents = await self._view.find(wanted, sort=[("due_at", 1)], limit=limit)
        return [Duty(document["message_id"], document["duty"]) for document in documents]
