"""Commands to many streams at once: one read for all of them, and their appends in flight together."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from ansinh_kit.batches import batches
from ansinh_kit.decider import Decider, Handled, handle
from ansinh_kit.errors import ConcurrencyConflictError, DomainError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, Metadata, RecordedEvent

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event", bound=DomainEvent)

_DECIDED_IN_A_ROW: Final = 8


@dataclass(frozen=True, slots=True)
class Asked(Generic[Command]):
    """One command of a batch. The commit id names it for ever, also when the batch is cut differently next time."""

    stream_id: str
    command: Command
    commit_id: str


async def handle_all(
    store: EventStore,
    asked: Sequence[Asked[Command]],
    decider: Decider[Command, State, Event],
    *,
    metadata: Metadata,
) -> list[Handled[State] | DomainError]:
    """Do as `handle` for each, and return what each came to, in the order of `asked`: the outcome or the refusal.

    The streams are read with one question and are all in memory at once: the caller bounds the batch. The appends
    are in flight together, so that they are written in groups. Nothing holds the batch together: some commands may
    have taken effect when this raises, and repeating the whole batch is safe.

    Args:
        asked: Commands to different streams. Two to one stream would race with each other.

    Raises:
        UnavailableError: The outcome of some commands is unknown.
    """
    streams = await store.read_streams([one.stream_id for one in asked])
    batch = _Batch(store, decider, metadata)
    return [_answer_or_raise(answer) for answer in await batch.answer_all(asked, streams)]


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Command, State, Event]):
    store: EventStore
    decider: Decider[Command, State, Event]
    metadata: Metadata

    async def answer_all(
        self, asked: Iterable[Asked[Command]], streams: Mapping[str, Sequence[RecordedEvent]]
    ) -> Sequence[Handled[State] | DomainError | BaseException]:
        answering: list[asyncio.Task[Handled[State] | DomainError]] = []
        try:
            for several in batches(asked, _DECIDED_IN_A_ROW):
                answering += [asyncio.create_task(self.answer(one, streams[one.stream_id])) for one in several]
                # The log's turn: these are being written while the next ones are decided on.
                await asyncio.sleep(0)
            # Every append is finished, one way or the other, before anyone is told of a failure.
            return await asyncio.gather(*answering, return_exceptions=True)
        except asyncio.CancelledError:
            for task in answering:
                task.cancel()
            raise

    async def answer(self, asked: Asked[Command], history: Sequence[RecordedEvent]) -> Handled[State] | DomainError:
        try:
            return await self._decided(asked, history)
        except ConcurrencyConflictError:
            return await self._alone(asked)
        except DomainError as refusal:
            return refusal

    async def _decided(self, asked: Asked[Command], history: Sequence[RecordedEvent]) -> Handled[State]:
        if any(recorded.commit_id == asked.commit_id for recorded in history):
            return self._repeated(asked, history)
        before = self.decider.fold([recorded.event for recorded in history])  # type: ignore[misc]
        version = history[-1].version if history else 0
        events = list(self.decider.decide(asked.command, before))
        if not events:
            return Handled(version, 0, (), before, before, repeated=False)
        result = await self.store.append(
            asked.stream_id,
            events,
            expected_version=version,
            commit_id=asked.commit_id,
            metadata=self.metadata,
        )
        if result.repeated:
            return self._repeated(asked, await self.store.read_stream(asked.stream_id))
        state = self.decider.fold(events, before)
        return Handled(result.version, result.position, result.events, before, state, repeated=False)

    def _repeated(self, asked: Asked[Command], history: Sequence[RecordedEvent]) -> Handled[State]:
        earlier = tuple(recorded for recorded in history if recorded.commit_id == asked.commit_id)
        first, last = earlier[0], earlier[-1]
        before = self.decider.fold([one.event for one in history if one.version < first.version])  # type: ignore[misc]
        after = self.decider.fold([one.event for one in history if one.version >= first.version], before)  # type: ignore[misc]
        return Handled(last.version, last.position, earlier, before, after, repeated=True)

    async def _alone(self, asked: Asked[Command]) -> Handled[State] | DomainError:
        """Decide on fresh state: somebody else has written to the stream since it was read."""
        try:
            return await handle(
                self.store,
                asked.stream_id,
                asked.command,
                self.decider,
                commit_id=asked.commit_id,
                metadata=self.metadata,
            )
        except DomainError as refusal:
            return refusal


def _answer_or_raise(answer: Handled[State] | DomainError | BaseException) -> Handled[State] | DomainError:
    if isinstance(answer, Handled | DomainError):
        return answer
    raise answer
