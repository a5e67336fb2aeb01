"""Load, decide, append: the one way a command changes a stream."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ansinh_kit.errors import ConcurrencyConflictError, DomainError
from ansinh_kit.event_store.store import AppendResult, EventStore
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event", bound=DomainEvent)

_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, State, Event]):
    """A pure aggregate: `decide` may refuse, `evolve` never does; neither reads a clock nor does I/O."""

    initial: State
    decide: Callable[[Command, State], Sequence[Event]]
    evolve: Callable[[State, Event], State]

    def fold(self, events: Sequence[Event], state: State | None = None) -> State:
        """Return the state after `events`, starting from `state` or the initial one."""
        current = self.initial if state is None else state
        for event in events:
            current = self.evolve(current, event)
        return current


@dataclass(frozen=True, slots=True)
class Handled(Generic[State]):
    """The command's outcome: the stream's version, the log position to wait for, and what was recorded."""

    version: int
    position: int
    events: tuple[RecordedEvent, ...]
    state: State
    repeated: bool


@dataclass(frozen=True, slots=True)
class Loaded(Generic[State]):
    """A stream's state and the version it stands at; version 0 means that there is no such stream."""

    state: State
    version: int


async def load(store: EventStore, stream_id: str, decider: Decider[Command, State, Event]) -> Loaded[State]:
    """Return the stream folded from its first event to its last."""
    recorded = await store.read_stream(stream_id)
    state = decider.fold([event.event for event in recorded])  # type: ignore[misc]
    return Loaded(state, recorded[-1].version if recorded else 0)


async def handle(
    store: EventStore,
    stream_id: str,
    command: Command,
    decider: Decider[Command, State, Event],
    *,
    commit_id: str,
    metadata: Metadata,
    expected_version: int | None = None,
) -> Handled[State]:
    """Decide on fresh state and append; when this returns the events are durable.

    A repeated `commit_id` returns the first outcome, also when the rules would refuse by now. A lost race is
    retried with fresh state, but only if the caller named no version.

    Args:
        expected_version: The version the caller has seen (`If-Match`); `None` if any will do.

    Raises:
        DomainError: What `decide` refused with.
        ConcurrencyConflictError: The stream is not at `expected_version`, or races were lost too often.
        UnavailableError: Outcome unknown; repeat with the same commit id.
    """
    attempts = _ATTEMPTS if expected_version is None else 1
    for attempt in range(1, attempts + 1):
        loaded = await load(store, stream_id, decider)
        if expected_version is not None and loaded.version != expected_version:
            return await _first_answer(
                store, stream_id, decider, commit_id, ConcurrencyConflictError(stream_id, expected_version)
            )
        try:
            events = list(decider.decide(command, loaded.state))
        except DomainError as refusal:
            return await _first_answer(store, stream_id, decider, commit_id, refusal)
        if not events:
            earlier = await store.find_commit(commit_id)
            if earlier is not None:
                return await _handled(store, stream_id, decider, earlier)
            return Handled(loaded.version, 0, (), loaded.state, repeated=False)
        try:
            result = await store.append(
                stream_id, events, expected_version=loaded.version, commit_id=commit_id, metadata=metadata
            )
        except ConcurrencyConflictError:
            if attempt == attempts:
                raise
            continue
        if result.repeated:
            return await _handled(store, stream_id, decider, result)
        state = decider.fold(events, loaded.state)
        return Handled(result.version, result.position, result.events, state, repeated=False)
    raise ConcurrencyConflictError(stream_id, expected_version or 0)


async def _first_answer(
    store: EventStore,
    stream_id: str,
    decider: Decider[Command, State, Event],
    commit_id: str,
    refusal: DomainError,
) -> Handled[State]:
    earlier = await store.find_commit(commit_id)
    if earlier is None:
        raise refusal
    return await _handled(store, stream_id, decider, earlier)


async def _handled(
    store: EventStore, stream_id: str, decider: Decider[Command, State, Event], earlier: AppendResult
) -> Handled[State]:
    loaded = await load(store, stream_id, decider)
    return Handled(earlier.version, earlier.position, earlier.events, loaded.state, repeated=True)
