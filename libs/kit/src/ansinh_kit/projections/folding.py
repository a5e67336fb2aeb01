"""The pure half of a projector: events in, changed documents out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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


def keys_of(projection: Projection, events: Iterable[RecordedEvent]) -> frozenset[str]:
    """Return the ids of all documents that these events change."""
    return frozenset(key for event in events for key in projection.keys(event))


def fold_events(
    projection: Projection, stored: Mapping[str, Folded], events: Iterable[RecordedEvent]
) -> dict[str, Folded]:
    """Return the documents that changed, each folded up to the last event here that changed it.

    A document takes only events after the position it was stored at: whatever is replayed is seen once. `events`
    holds whole commits, so that equal positions always arrive together. An event for which the fold gives back the
    very document it was given, or nothing where there was nothing, leaves no trace: it would do so again.
    """
    documents: dict[str, Document | None] = {}
    positions: dict[str, int] = {}
    for event in events:
        for key in projection.keys(event):
            before = stored.get(key)
            if before is not None and event.position <= before.position:
                continue
            document = documents.get(key, None if before is None else before.document)
            folded = projection.fold(key, document, event)
            if folded is not document:
                documents[key], positions[key] = folded, event.position
    return {key: Folded(document, positions[key]) for key, document in documents.items()}
