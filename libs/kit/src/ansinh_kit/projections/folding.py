"""The pure half of a projector: events in, changed documents out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import Projection


@dataclass(frozen=True, slots=True)
class Folded:
    """A document as of `position`; `document` is `None` once an event has removed it.

    Removal is remembered rather than carried out: after a crash an older event may be folded again, and must
    find out that it was seen.
    """

    document: Document | None
    position: int


Changes: TypeAlias = Sequence[tuple[RecordedEvent, tuple[str, ...]]]
"""Events in order, each with the ids of the documents it changes."""


def changes_of(projection: Projection, events: Iterable[RecordedEvent]) -> Changes:
    """Return the events that concern the read model, and the documents they change."""
    return [(event, keys) for event in events if (keys := tuple(projection.keys(event)))]


def keys_of(changes: Changes) -> frozenset[str]:
    """Return the ids of all documents that are changed."""
    return frozenset([key for _, keys in changes for key in keys])


def fold_changes(projection: Projection, stored: Mapping[str, Folded], changes: Changes) -> dict[str, Folded]:
    """Return the documents that changed, each folded up to the last event here that changed it.

    A document takes only events after the position it was stored at: whatever is replayed is seen once. `changes`
    holds whole commits, so that equal positions always arrive together. An event for which the fold gives back the
    very document it was given, or nothing where there was nothing, leaves no trace: it would do so again.
    """
    documents: dict[str, Document | None] = {}
    positions: dict[str, int] = {}
    for event, keys in changes:
        for key in keys:
            before = stored.get(key)
            if before is not None and event.position <= before.position:
                continue
            document = documents.get(key, None if before is None else before.document)
            folded = projection.fold(key, document, event)
            if folded is not document:
                documents[key], positions[key] = folded, event.position
    return {key: Folded(document, positions[key]) for key, document in documents.items()}


def fold_events(
    projection: Projection, stored: Mapping[str, Folded], events: Iterable[RecordedEvent]
) -> dict[str, Folded]:
    """Return what `fold_changes` comes to for these events."""
    return fold_changes(projection, stored, changes_of(projection, events))
