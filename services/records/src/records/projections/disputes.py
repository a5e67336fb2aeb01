"""Every dispute with its steps, for its person and for the agencies' queues. What people wrote is not in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.dispute import events as happened
from records.domain.dispute.matter import Matter, Step
from records.domain.offices import provincial_office
from records.projections.history import written

_CLOSING: Final[frozenset[Step]] = frozenset({"corrected", "stands", "withdrawn"})


class Disputes:
    """One document per dispute. `offices` are its agency and the provincial office above; `is_open` until settled."""

    name = "disputes"
    version = 1
    indexes: Sequence[ViewIndex] = (
        ViewIndex({"participant_id": 1, "opened_at": -1}),
        ViewIndex({"offices": 1, "is_open": 1, "due_at": 1, "_id": 1}),
        ViewIndex({"is_open": 1, "escalated_to": 1, "due_at": 1}),
    )
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case (
                happened.DisputeOpened()
                | happened.DisputeAssigned()
                | happened.DisputeAnswered()
                | happened.DisputeEscalated()
                | happened.DisputeSettled()
            ) as concerned:
                return [concerned.dispute_id]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        if isinstance(event.event, happened.DisputeOpened):
            return _opened(key, event.event, event)
        return None if document is None else _changed(document, event)


def _opened(key: str, opened: happened.DisputeOpened, event: RecordedEvent) -> Document:
    started: Document = {
        "dispute_id": key,
        "participant_id": opened.participant_id,
        "number": opened.number,
        "subject": opened.subject,
        "reference": opened.reference,
        "nature": Matter(opened.subject, opened.reference).nature,
        "agency_code": opened.agency_code,
        "offices": sorted({opened.agency_code, provincial_office(opened.agency_code)}),
        "opened_at": opened.occurred_at,
        "due_at": opened.due_at,
        "officer_id": None,
        "escalated_to": None,
        "steps": [],
    }
    return _stepped(started, "opened", event)


def _changed(document: Document, event: RecordedEvent) -> Document:
    match event.event:
        case happened.DisputeAssigned() as assigned:
            return _stepped(document, "assigned", event) | {"officer_id": assigned.officer_id}
        case happened.DisputeAnswered():
            return _stepped(document, "answered", event)
        case happened.DisputeEscalated() as escalated:
            return _stepped(document, "escalated", event) | {"escalated_to": escalated.escalated_to}
        case happened.DisputeSettled() as settled:
            return _stepped(document, settled.outcome, event)
        case _:
            return document


def _stepped(document: Document, step: Step, event: RecordedEvent) -> Document:
    taken = {"step": step, "at": written(event.recorded_at), "event_id": event.event_id}
    return document | {"state": step, "is_open": step not in _CLOSING, "steps": [*document["steps"], taken]}


def steps_by(document: Document, as_of: datetime | None) -> list[dict[str, Any]]:
    """Return the steps recorded by `as_of`, oldest first; empty if the dispute did not exist yet."""
    limit = None if as_of is None else written(as_of)
    return [step for step in document["steps"] if limit is None or step["at"] <= limit]
