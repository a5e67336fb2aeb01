"""What commands about rows record, and what a read model makes of it, delivered once or again and again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ansinh_kit.database import Document
from ansinh_kit.decider import Decider
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent
from ansinh_kit.projections.folding import Folded, fold_events
from ansinh_kit.projections.projection import Projection
from records.domain.feeding.errors import RowContradictsError, RowNotFoundError, StreamMovedError

from tests.records import rows


def log_of(decider: Decider[Any, Any, Any], commands: Sequence[Any]) -> list[RecordedEvent]:
    """Return what the commands record, a minute apart; a refused command records nothing."""
    state, log = decider.initial, list[RecordedEvent]()
    for number, command in enumerate(commands):
        try:
            events = decider.decide(command, state)
        except (RowContradictsError, RowNotFoundError, StreamMovedError):
            continue
        state = decider.fold(events, state)
        for event in events:
            log.append(recorded(event, position=number + 1, version=len(log) + 1))
    return log


def recorded(event: DomainEvent, *, position: int, version: int = 1) -> RecordedEvent:
    return RecordedEvent(
        event=event,
        event_id=f"event-{version}",
        stream_id="stream",
        version=version,
        position=position,
        recorded_at=rows.NOW + timedelta(minutes=position),
        commit_id=f"commit-{position}",
        metadata=Metadata(correlation_id="test"),
    )


def folded(projection: Projection, log: Sequence[RecordedEvent]) -> dict[str, Document]:
    documents: dict[str, Document | None] = {}
    for event in log:
        for key in projection.keys(event):
            documents[key] = projection.fold(key, documents.get(key), event)
    return {key: document for key, document in documents.items() if document is not None}


def delivered(projection: Projection, log: Sequence[RecordedEvent], steps_back: Sequence[int]) -> dict[str, Document]:
    """Fold the log two commits at a time; after each crash go on so many commits before what was reached."""
    stored: dict[str, Folded] = {}
    reached = 0
    for back in (*steps_back, 1):
        last = reached + 2 if len(steps_back) * 2 > reached else len(log) + 100
        page = [event for event in log if reached - back < event.position <= last]
        stored |= fold_events(projection, stored, page)
        reached = last
    return {key: each.document for key, each in stored.items() if each.document is not None}


def erased(event: DomainEvent) -> DomainEvent:
    return event.model_copy(update=dict.fromkeys(event.personal_fields()))
