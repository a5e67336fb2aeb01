"""The list of duties: which message has to be sent, freed from a dead worker's lease, or looked up, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, assert_never, cast, get_args

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex
from ansinh_kit.projections.view import View

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
    """One document per message that still needs something: `{message_id, duty, due_at, secret}`.

    A secret is sent from its own queue, so the only duty it can have is the end of a dead worker's lease.
    """

    name = "duties"
    version = 1
    indexes: Sequence[ViewIndex] = (ViewIndex({"duty": 1, "due_at": 1}),)
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"a duty holds nothing personal: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return (cast("MessageEvent", event.event).message_id,)

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        fact = cast("MessageEvent", event.event)
        secret = isinstance(fact, SecretMessageRequested) or bool(document and document["secret"])
        match fact:
            case MessageRequested():
                return _duty(key, "send", fact.occurred_at, secret=False)
            case SecretMessageRequested():
                return _duty(key, _NOTHING, fact.occurred_at, secret=True)
            case MessageClaimed():
                return _duty(key, "end_lease", fact.leased_until, secret=secret)
            case MessagePostponed():
                return _duty(key, _NOTHING if secret else "send", fact.retry_at, secret=secret)
            case MessageOutcomeUnknown():
                return None if fact.look_up_at is None else _duty(key, "look_up", fact.look_up_at, secret=secret)
            case MessageAccepted() | MessageDelivered() | MessageFailed():
                return None
            case _:
                assert_never(fact)


def _duty(message_id: str, duty: str, due_at: datetime, *, secret: bool) -> Document:
    return {"message_id": message_id, "duty": duty, "due_at": due_at, "secret": secret}


class DutyView:
    """The list as the dispatcher asks for it."""

    def __init__(self, view: View) -> None:
        self._view = view

    async def due(self, now: datetime, *, limit: int) -> list[Duty]:
        """Return what is due, longest overdue first; nothing before the list was first made."""
        documents = await self._view.find(
            {"duty": {"$in": list(get_args(DutyKind))}, "due_at": {"$lte": now}}, sort=[("due_at", 1)], limit=limit
        )
        return [Duty(document["message_id"], document["duty"]) for document in documents]
