"""What services use: typed events in, typed events out, over any `CommitLog`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from ansinh_kit.event_store.commit_log import Commit, CommitLog, NewCommit, StoredEvent
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent, event_id_of


class EventCodec(Protocol):
    """Turns domain events into stored ones and back: encryption and upcasting happen here."""

    async def encode_all(
        self, events: Sequence[DomainEvent], *, stream_id: str, event_ids: Sequence[str]
    ) -> list[StoredEvent]:
        """Return the events of one commit as they are written, in their order."""
        ...

    async def decode_all(self, stored: Sequence[StoredEvent], *, stream_id: str) -> list[DomainEvent]:
        """Return the events of one commit in their present versions.

        Raises:
            UnknownEventTypeError: The stored type or version has no class.
        """
        ...

    async def prefetch(self, stored: Iterable[StoredEvent]) -> None:
        """Have at hand what decoding these takes, in few questions instead of one for each."""
        ...


@dataclass(frozen=True, slots=True)
class AppendResult:
    """`version` is the stream's version after the commit, `position` the commit's place in the log."""

    version: int
    position: int
    events: tuple[RecordedEvent, ...]
    repeated: bool


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order; the next read starts after `read_through`."""

    events: tuple[RecordedEvent, ...]
    read_through: int


class EventStore:
    def __init__(self, log: CommitLog, codec: EventCodec) -> None:
        self._log = log
        self._codec = codec

    def over(self, wrap: Callable[[CommitLog], CommitLog]) -> "EventStore":
        """Return a store of the same events over another log, such as a wrapper around this one's."""
        return EventStore(wrap(self._log), self._codec)

    async def append(
        self,
        stream_id: str,
        events: Sequence[DomainEvent],
        *,
        expected_version: int,
        commit_id: str,
        metadata: Metadata,
    ) -> AppendResult:
        """Append all events or none. When this returns they are durable.

        Args:
            expected_version: The version just read from this stream; 0 for a stream that does not exist.
            commit_id: Names this decision for ever; the same id again returns the first result.

        Raises:
            ConcurrencyConflictError: The stream has moved on.
            UnavailableError: Outcome unknown; repeat with the same commit id.
        """
        event_ids = [event_id_of(commit_id, index) for index in range(len(events))]
        stored = await self._codec.encode_all(events, stream_id=stream_id, event_ids=event_ids)
        outcome = await self._log.append(
            NewCommit(
                stream_id=stream_id,
                expected_version=expected_version,
                events=stored,
                commit_id=commit_id,
                metadata=asdict(metadata),
            )
        )
        recorded = await self._recorded(outcome.commit) if outcome.repeated else _record(outcome.commit, events)
        return AppendResult(
            version=outcome.commit.last_version,
            position=outcome.commit.position,
            events=recorded,
            repeated=outcome.repeated,
        )

    async def read_stream(self, stream_id: str, *, after_version: int = 0) -> list[RecordedEvent]:
        """Return the stream's events in version order, oldest first; empty if there is no such stream.

        Args:
            after_version: Return versions greater than this one. Versions start at 1 and have no gaps.

        Raises:
            UnknownEventTypeError: A stored type has no class. Never skipped: a skipped event is a wrong state.
        """
        commits = await self._log.read_stream(stream_id, after_version=after_version)
        return [event for commit in commits for event in await self._recorded(commit) if event.version > after_version]

    async def read_streams(self, stream_ids: Collection[str]) -> dict[str, list[RecordedEvent]]:
        """Return the events of every named stream in version order, empty where there is no such stream.

        One question to the log, and all of it in memory at once. Personal fields are opened with keys at hand: fetch
        those of the subjects before (`PersonalDataCipher.prepare`).

        Raises:
            UnknownEventTypeError: A stored type has no class. Never skipped: a skipped event is a wrong state.
        """
        streams = await self._log.read_streams(stream_ids)
        return {
            stream_id: [event for commit in commits for event in await self._recorded(commit)]
            for stream_id, commits in streams.items()
        }

    async def read_after(self, position: int, *, limit: int = 500) -> EventPage:
        """Return the events of up to `limit` commits after `position`, in order, never skipping one."""
        page = await self._log.read_after(position, limit=limit)
        await self._codec.prefetch(stored for commit in page.commits for stored in commit.events)
        events = [event for commit in page.commits for event in await self._recorded(commit)]
        return EventPage(tuple(events), page.read_through)

    async def find_commit(self, commit_id: str) -> AppendResult | None:
        """Return what was answered under this commit id; `None` if it never was."""
        commit = await self._log.find_commit(commit_id)
        if commit is None:
            return None
        return AppendResult(commit.last_version, commit.position, await self._recorded(commit), repeated=True)

    async def bar(self, commit_id: str) -> bool:
        """See to it that no commit under this id is written from now on; `False` if there is one already."""
        return await self._log.bar(commit_id) is None

    async def last_position(self) -> int:
        """Return the greatest position in the log, 0 if it is empty. For progress and lag, not for reading."""
        return await self._log.last_position()

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        """Wait until something may stand after `position`; `False` if the time ran out."""
        return await self._log.wait_beyond(position, timeout_seconds=timeout_seconds)

    async def _recorded(self, commit: Commit) -> tuple[RecordedEvent, ...]:
        return _record(commit, await self._codec.decode_all(commit.events, stream_id=commit.stream_id))


def _record(commit: Commit, events: Sequence[DomainEvent]) -> tuple[RecordedEvent, ...]:
    metadata = Metadata(
        correlation_id=commit.metadata["correlation_id"] or "",
        causation_id=commit.metadata.get("causation_id"),
        actor=commit.metadata.get("actor"),
        traceparent=commit.metadata.get("traceparent"),
    )
    stream, position, at, commit_id = commit.stream_id, commit.position, commit.recorded_at, commit.commit_id
    # By place, which takes a third less time than by name: every event that is written or read is made here.
    return tuple(
        [
            RecordedEvent(event, stored.event_id, stream, version, position, at, commit_id, metadata)
            for version, (event, stored) in enumerate(zip(events, commit.events, strict=True), commit.first_version)
        ]
    )
