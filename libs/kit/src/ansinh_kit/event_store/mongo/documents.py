"""The documents of the log and of its counter.

A commit's `_id` is its commit id, a tombstone's its position: one is text, the other a number, so they never meet.
`position` has an index of its own, and readers ask for a range with both ends: a range over `_id` is a scan of the
whole collection on the embedded server. Source: ADR-0001.
"""

from datetime import datetime
from typing import Any, Final

from ansinh_kit.database import Collection, Document, WriteFailure
from ansinh_kit.event_store.commit_log import Commit, NewCommit, StoredEvent

COMMITS: Final = "commits"
POSITIONS: Final = "commit_positions"

PRIMARY_KEY: Final = "_id_"
POSITION: Final = "position"
STREAM_VERSION: Final = "stream_version"


async def create_indexes(commits: Collection) -> None:
    """Make the two unique indexes that decide every race, besides the primary key; a tombstone has no stream."""
    await commits.create_index([("position", 1)], name=POSITION, unique=True)
    await commits.create_index([("stream", 1), ("version", 1)], name=STREAM_VERSION, unique=True, sparse=True)


def document_of(commit: Commit) -> Document:
    return {
        "_id": commit.commit_id,
        "position": commit.position,
        "stream": commit.stream_id,
        "version": commit.first_version,
        "last_version": commit.last_version,
        "events": [_event_document(event) for event in commit.events],
        "metadata": dict(commit.metadata),
        "recorded_at": commit.recorded_at,
    }


def commit_of(document: Document) -> Commit:
    return Commit(
        position=document["position"],
        stream_id=document["stream"],
        first_version=document["version"],
        events=tuple([_stored_event(event) for event in document["events"]]),
        commit_id=document["_id"],
        metadata=document["metadata"],
        recorded_at=document["recorded_at"],
    )


def new_commit(asked: NewCommit, *, position: int, recorded_at: datetime) -> Commit:
    """Return the commit as the log will hold it; `recorded_at` to the millisecond, as the server keeps it."""
    return Commit(
        position=position,
        stream_id=asked.stream_id,
        first_version=asked.expected_version + 1,
        events=tuple(asked.events),
        commit_id=asked.commit_id,
        metadata=dict(asked.metadata),
        recorded_at=recorded_at.replace(microsecond=recorded_at.microsecond // 1000 * 1000),
    )


def tombstone(position: int) -> Document:
    """Return what stands at a position where no commit will ever stand."""
    return {"_id": position, "position": position, "tombstone": True}


def bar(position: int, commit_id: str) -> Document:
    """Return a tombstone under a commit id: the primary key refuses that commit for ever."""
    return {"_id": commit_id, "position": position, "tombstone": True}


def is_tombstone(document: Document) -> bool:
    return "tombstone" in document


def place_is_taken(document: Document, failure: WriteFailure) -> bool:
    """Tell whether `document` was refused because something stands at its position."""
    if failure.duplicate_of == PRIMARY_KEY:
        return bool(document["_id"] == document["position"])
    return failure.duplicate_of == POSITION


def _event_document(event: StoredEvent) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": event.event_id,
        "type": event.event_type,
        "schema": event.schema_version,
        "data": event.data,
    }
    return document if event.personal is None else {**document, "personal": event.personal}


def _stored_event(document: dict[str, Any]) -> StoredEvent:
    return StoredEvent(document["id"], document["type"], document["schema"], document["data"], document.get("personal"))
