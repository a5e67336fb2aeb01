"""Load, decide, append: the one way a command changes a stream."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ansinh_kit.errors import ConcurrencyConflictError, DomainError
from ansinh_kit.event_store.snapshots import Snapshot, Snapshots
from ansinh_kit.event_store.store import AppendResult, EventStore
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event", bound=DomainEvent)

_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, State, Event]):
    """A pure aggregate: `decide` may refuse, `evolve` never does; neither reads a clock nor does I/O.

    Attributes:
        evolve_all: Comes to the same as `evolve` for each, for states that are costly to copy once for each event.
    """

    initial: State
    decide: Callable[[Command, State], Sequence[Event]]
    evolve: Callable[[State, Event], State]
    evolve_all: Callable[[State, Sequence[Event]], State] | None = None

    def fold(self, events: Sequence[Event], state: State | None = None) -> State:
        """Return the state after `events`, starting from `state` or the initial one."""
        current = self.initial if state is None else state
        if self.evolve_all is not None:
            return self.evolve_all(current, events)
        for event in events:
            current = self.evolve(current, event)
        return current


@dataclass(frozen=True, slots=True)
class Handled(Generic[State]):
    """The command's outcome: the stream's version, the log position to wait for, and what was recorded.

    `before` is the state it was decided on, also for a repeated command: that of the first time. `state` is the one
    after it; after a repeated command, the one the stream has reached by now.
    """

    version: int
    position: int
    events: tuple[RecordedEvent, ...]
    before: State
    state: State
    repeated: bool


@dataclass(frozen=True, slots=True)
class Loaded(Generic[State]):
    """A stream's state and the version it stands at; version 0 means that there is no such stream.

    `folded_from` is the version of the snapshot it was folded from, 0 if from the first event.
    """

    state: State
    version: int
    folded_from: int = 0


async def load(
    store: EventStore,
    stream_id: str,
    decider: Decider[Command, State, Event],
    snapshots: Snapshots[State] | None = None,
) -> Loaded[State]:
    """Return the stream folded to its last event, from its newest snapshot if there is one, else from its first."""
    snapshot = await snapshots.find(stream_id) if snapshots is not None else None
    start = snapshot or Snapshot(decider.initial, 0)
    recorded = await store.read_stream(stream_id, after_version=start.version)
    state = decider.fold([event.event for event in recorded], start.state)  # type: ignore[misc]
    return Loaded(state, recorded[-1].version if recorded else start.version, start.version)


async def load_all(
    store: EventStore, stream_ids: Collection[str], decider: Decider[Command, State, Event]
) -> dict[str, Loaded[State]]:
    """Return every stream's state as `load` does without snapshots, with one question to the log.

    All of it is in memory at once: the caller bounds how many. For keys see `EventStore.read_streams`.
    """
    return {
        stream_id: Loaded(
            decider.fold([event.event for event in recorded]),  # type: ignore[misc]
            recorded[-1].version if recorded else 0,
        )
        for stream_id, recorded in (await store.read_streams(stream_ids)).items()
    }


async def handle(
    store: EventStore,
    stream_id: str,
    command: Command,
    decider: Decider[Command, State, Event],
    *,
    commit_id: str,
    metadata: Metadata,
    expected_version: int | None = None,
    snapshots: Snapshots[State] | None = None,
) -> Handled[State]:
    """Decide on fresh state and append; when this returns the events are durable.

    A repeated `commit_id` returns the first outcome, also when the rules would refuse by now. A lost race is
    retried with fresh state, but only if the caller named no version.

    Args:
        expected_version: The version the caller has seen (`If-Match`); `None` if any will do.
        snapshots: Where states of long streams are kept, to fold from and to add to; `None` to fold from the start.

    Raises:
        DomainError: What `decide` refused with.
        ConcurrencyConflictError: The stream is not at `expected_version`, or races were lost too often.
        UnavailableError: Outcome unknown; repeat with the same commit id.
    """
    handling = _Handling(store, stream_id, decider, commit_id, metadata, snapshots)
    if expected_version is not None:
        return await handling.attempt(command, expected_version)
    for _ in range(_ATTEMPTS - 1):
        try:
            return await handling.attempt(command, None)
        except ConcurrencyConflictError:
            continue
    return await handling.attempt(command, None)


@dataclass(frozen=True, slots=True)
class _Handling(Generic[Command, State, Event]):
    """One command on its way into one stream."""

    store: EventStore
    stream_id: str
    decider: Decider[Command, State, Event]
    commit_id: str
    metadata: Metadata
    snapshots: Snapshots[State] | None

    async def attempt(self, command: Command, expected_version: int | None) -> Handled[State]:
        loaded = await self._load()
        if expected_version not in (None, loaded.version):
            return await self._first_answer(ConcurrencyConflictError(self.stream_id, expected_version))
        try:
            events = list(self.decider.decide(command, loaded.state))
        except DomainError as refusal:
            return await self._first_answer(refusal)
        if not events:
            return await self._nothing_to_record(loaded)
        return await self._record(events, loaded)

    async def _record(self, events: Sequence[Event], loaded: Loaded[State]) -> Handled[State]:
        result = await self.store.append(
            self.stream_id,
            events,
            expected_version=loaded.version,
            commit_id=self.commit_id,
            metadata=self.metadata,
        )
        if result.repeated:
            return await self._repeated(result)
        state = self.decider.fold(events, loaded.state)
        if self.snapshots is not None and result.version - loaded.folded_from >= self.snapshots.every:
            await self.snapshots.save(self.stream_id, Snapshot(state, result.version))
        return Handled(result.version, result.position, result.events, loaded.state, state, repeated=False)

    async def _nothing_to_record(self, loaded: Loaded[State]) -> Handled[State]:
        earlier = await self.store.find_commit(self.commit_id)
        if earlier is not None:
            return await self._repeated(earlier)
        return Handled(loaded.version, 0, (), loaded.state, loaded.state, repeated=False)

    async def _first_answer(self, refusal: DomainError) -> Handled[State]:
        earlier = await self.store.find_commit(self.commit_id)
        if earlier is None:
            raise refusal
        return await self._repeated(earlier)

    async def _repeated(self, earlier: AppendResult) -> Handled[State]:
        history = await self.store.read_stream(self.stream_id)
        first = earlier.version - len(earlier.events) + 1
        before = self.decider.fold([one.event for one in history if one.version < first])  # type: ignore[misc]
        after = self.decider.fold([one.event for one in history if one.version >= first], before)  # type: ignore[misc]
        return Handled(earlier.version, earlier.position, earlier.events, before, after, repeated=True)

    async def _load(self) -> Loaded[State]:
        return await load(self.store, self.stream_id, self.decider, self.snapshots)
