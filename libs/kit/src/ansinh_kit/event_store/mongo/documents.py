"""The documents of the log and of its counter."""

from datetime import datetime
from typing import Any, Final

from ansinh_kit.database import Collection, Document
from ansinh_kit.event_store.commit_log import Commit, NewCommit, StoredEvent

COMMITS: Final = "commits"
POSITIONS: Final = "commit_positions"

PRIMARY_KEY: Final = "_id_"
STREAM_VERSION: Final = "stream_version"
COMMIT_ID: Final = "commit_id"


async def create_indexes(commits: Collection) -> None:
    """Make the two unique indexes that decide every race; sparse, because a tombstone is in neither."""
    await commits.create_index([("stream", 1), ("version", 1)], name=STREAM_VERSION, unique=True, sparse=True)
    await commits.create_index([("commit_id", 1)], name=COMMIT_ID, unique=True, sparse=True)


def document_of(commit: Commit) -> Document:
    return {
        "_id": commit.position,
        "stream": commit.stream_id,
        "version": commit.first_version,
        "last_version": commit.last_version,
        "events": [_event_document(event) for event in commit.events],
        "commit_id": commit.commit_id,
        "metadata": dict(commit.metadata),
        "recorded_at": commit.recorded_at,
    }


def commit_of(document: Document) -> Commit:
    return Commit(
        position=document["_id"],
        stream_id=document["stream"],
        first_version=document["version"],
        events=tuple(_stored_event(event) for event in document["events"]),
        commit_id=document["commit_id"],
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
    return {"_id": position, "tombstone": True}


def bar(position: int, commit_id: str) -> Document:
    """Return a tombstone that takes a commit id with it: its unique index refuses the commit for ever."""
    return {**tombstone(position), "commit_id": commit_id}


def is_tombstone(document: Document) -> bool:
    return "tombstone" in document


def _event_document(event: StoredEvent) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": event.event_id,
        "type": event.event_type,
        "schema": event.schema_version,
        "data": event.data,
    }
    return document if event.personal is None else {**document, "personal": event.personal}


def _stored_event(document: dict[str, Any]) -> StoredEvent:
    return StoredEvent(
        event_id=document["id"],
        event_type=document["type"],
        schema_version=document["schema"],
        data=document["data"],
        personal=document.get("personal"),
    )
