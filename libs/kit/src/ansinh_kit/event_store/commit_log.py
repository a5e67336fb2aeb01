"""The port to the log: raw commits in one global order. Adapters: `memory`, `mongo`. Source: ADR-0001."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class StoredEvent(NamedTuple):
    """One event as written: the clear part, and at most one encrypted blob for its subject.

    A tuple for the same reason as `RecordedEvent`.
    """

    event_id: str
    event_type: str
    schema_version: int
    data: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NewCommit:
    """What one command wants written. `expected_version` is the stream's version the decision was made on."""

    stream_id: str
    expected_version: int
    events: Sequence[StoredEvent]
    commit_id: str
    metadata: Mapping[str, str | None]

    def __post_init__(self) -> None:
        if not self.events:
            raise ValueError("a commit holds at least one event")


@dataclass(frozen=True, slots=True)
class Commit:
    """What the log holds: events `first_version` to `last_version` of one stream at one global position."""

    position: int
    stream_id: str
    first_version: int
    events: Sequence[StoredEvent]
    commit_id: str
    metadata: Mapping[str, str | None]
    recorded_at: datetime

    @property
    def last_version(self) -> int:
        return self.first_version + len(self.events) - 1


@dataclass(frozen=True, slots=True)
class AppendOutcome:
    """`commit` is what the log holds under the commit id; `repeated` says that it was there before."""

    commit: Commit
    repeated: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """Commits in position order. Everything up to `read_through` is settled and was returned, ever."""

    commits: Sequence[Commit]
    read_through: int


class CommitIdReusedError(Exception):
    """The commit id is already in the log for another stream: two different commands share an id."""


class CommitLog(Protocol):
    async def append(self, commit: NewCommit) -> AppendOutcome:
        """Write the commit, durably, exactly once; the same commit id again returns the first outcome.

        Raises:
            ConcurrencyConflictError: The stream is not at `expected_version`: another commit follows it already, or
                the version lies inside a commit, or beyond the stream's end.
                Also: the commit id was barred.
            CommitIdReusedError: The commit id stands in another stream.
            UnavailableError: The server did not answer; the commit may or may not be there. Repeating it is safe.
        """
        ...

    async def read_stream(self, stream_id: str, *, after_version: int = 0) -> list[Commit]:
        """Return the stream's commits whose last version is greater than `after_version`, oldest first."""
        ...

    async def read_streams(self, stream_ids: Collection[str]) -> dict[str, list[Commit]]:
        """Return every named stream's commits, oldest first, in one question; an empty list for one that is not there.

        All of it is in memory at once: the caller bounds the number of streams.
        """
        ...

    async def read_after(self, position: int, *, limit: int) -> LogPage:
        """Return commits after `position`, in order, without a hole: no later read ever finds one in between."""
        ...

    async def find_commit(self, commit_id: str) -> Commit | None: ...

    async def bar(self, commit_id: str) -> Commit | None:
        """See to it that no commit under this id is written from now on; return the one that was there before.

        For those who must know that a command will never take effect, however late its writer wakes up.
        """
        ...

    async def last_position(self) -> int:
        """Return the greatest position in the log, 0 if it is empty. For progress and lag, not for reading."""
        ...

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        """Wait until something may stand after `position`; `False` if the time ran out. A hint, not a promise."""
        ...
