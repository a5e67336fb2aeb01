"""A log in which nothing lasts: what is read is the real log, what is appended is gone afterwards."""

import base64
import json
import sqlite3
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from ansinh_kit.clock import Clock
from ansinh_kit.errors import ConcurrencyConflictError
from ansinh_kit.event_store.commit_log import (
    AppendOutcome,
    Commit,
    CommitIdReusedError,
    CommitLog,
    LogPage,
    NewCommit,
    StoredEvent,
)

_SCHEMA: Final = """
CREATE TABLE commits (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, last_version INTEGER NOT NULL,
    commit_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, UNIQUE (stream, last_version)
);
CREATE TABLE barred (commit_id TEXT PRIMARY KEY);
"""
# Names no stored event has: they mark what JSON has no form for.
_BYTES: Final = "\0bytes"
_MOMENT: Final = "\0moment"


class RehearsalLog:
    """`CommitLog` over another one that it never writes to.

    What is appended stands in a temporary file without a name, so that rehearsing a large file takes no more memory
    than a small one. Personal values are in there as ciphertexts, as in the real log.
    """

    def __init__(self, real: CommitLog, clock: Clock) -> None:
        self._real = real
        self._clock = clock
        self._rehearsed = sqlite3.connect("")
        self._rehearsed.executescript(_SCHEMA)
        self._real_end: int | None = None

    def close(self) -> None:
        """Forget everything that was rehearsed."""
        self._rehearsed.close()

    async def append(self, commit: NewCommit) -> AppendOutcome:
        earlier = await self.find_commit(commit.commit_id)
        if earlier is not None:
            if earlier.stream_id != commit.stream_id:
                raise CommitIdReusedError(commit.commit_id)
            return AppendOutcome(earlier, repeated=True)
        before = await self.read_stream(commit.stream_id)
        await self._begin()
        # From here to the insert nobody else gets a turn: what was checked still holds.
        stands_at = before[-1].last_version if before else 0
        if stands_at != commit.expected_version or self._knows(commit):
            raise ConcurrencyConflictError(commit.stream_id, commit.expected_version)
        return AppendOutcome(self._insert(commit), repeated=False)

    async def read_stream(self, stream_id: str, *, after_version: int = 0) -> list[Commit]:
        real = await self._real.read_stream(stream_id, after_version=after_version)
        return [*real, *self._found("stream = ? AND last_version > ?", stream_id, after_version)]

    async def read_streams(self, stream_ids: Collection[str]) -> dict[str, list[Commit]]:
        real = await self._real.read_streams(stream_ids)
        return {stream_id: [*commits, *self._found("stream = ?", stream_id)] for stream_id, commits in real.items()}

    async def read_after(self, position: int, *, limit: int) -> LogPage:
        real_end = await self._begin()
        if position < real_end:
            page = await self._real.read_after(position, limit=limit)
            commits = [commit for commit in page.commits if commit.position <= real_end]
            return LogPage(commits, min(page.read_through, real_end))
        found = self._found("position > ?", position)[:limit]
        return LogPage(found, found[-1].position if found else position)

    async def find_commit(self, commit_id: str) -> Commit | None:
        found = self._found("commit_id = ?", commit_id)
        return found[0] if found else await self._real.find_commit(commit_id)

    async def bar(self, commit_id: str) -> Commit | None:
        earlier = await self.find_commit(commit_id)
        if earlier is None:
            self._rehearsed.execute("INSERT OR IGNORE INTO barred VALUES (?)", (commit_id,))
        return earlier

    async def last_position(self) -> int:
        real_end = await self._begin()
        ((last,),) = self._rehearsed.execute("SELECT MAX(position) FROM commits")
        return last or real_end

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        """Tell at once: who rehearses waits for nobody."""
        del timeout_seconds
        return await self.last_position() > position

    async def _begin(self) -> int:
        """Return where the real log ended when something was first asked: what is rehearsed comes after it."""
        if self._real_end is None:
            self._real_end = await self._real.last_position()
        return self._real_end

    def _knows(self, commit: NewCommit) -> bool:
        """Tell whether the commit's place was taken, or its id barred, while the real log was being asked."""
        taken = self._found("stream = ? AND last_version > ?", commit.stream_id, commit.expected_version)
        barred = self._rehearsed.execute("SELECT 1 FROM barred WHERE commit_id = ?", (commit.commit_id,)).fetchone()
        return bool(taken) or barred is not None

    def _insert(self, commit: NewCommit) -> Commit:
        ((last,),) = self._rehearsed.execute("SELECT MAX(position) FROM commits")
        written = Commit(
            position=(last or self._real_end or 0) + 1,
            stream_id=commit.stream_id,
            first_version=commit.expected_version + 1,
            events=tuple(commit.events),
            commit_id=commit.commit_id,
            metadata=dict(commit.metadata),
            recorded_at=self._clock.now(),
        )
        row = (written.position, written.stream_id, written.last_version, written.commit_id, _text_of(written))
        self._rehearsed.execute("INSERT INTO commits VALUES (?, ?, ?, ?, ?)", row)
        return written

    def _found(self, condition: str, *values: str | int) -> list[Commit]:
        found = self._rehearsed.execute(f"SELECT body FROM commits WHERE {condition} ORDER BY position", values)  # noqa: S608 - conditions are constants of this class
        return [_commit_of(body) for (body,) in found]


def _text_of(commit: Commit) -> str:
    fields = {**asdict(commit), "events": [event._asdict() for event in commit.events]}
    return json.dumps(fields, default=_encoded)


def _encoded(value: object) -> dict[str, str]:
    match value:
        case bytes():
            return {_BYTES: base64.b64encode(value).decode()}
        case datetime():
            return {_MOMENT: value.isoformat()}
        case _:
            raise TypeError(f"a commit holds no {type(value).__name__}")


def _decoded(value: dict[str, Any]) -> object:
    if _BYTES in value:
        return base64.b64decode(value[_BYTES])
    return datetime.fromisoformat(value[_MOMENT]) if _MOMENT in value else value


def _commit_of(body: str) -> Commit:
    fields = json.loads(body, object_hook=_decoded)
    events = tuple(StoredEvent(**event) for event in fields.pop("events"))
    return Commit(**fields, events=events)
