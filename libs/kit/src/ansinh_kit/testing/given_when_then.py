"""Given events, when a command, then events or an error: through the production fold, store and codec."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ansinh_kit.decider import Decider, handle
from ansinh_kit.errors import DomainError
from ansinh_kit.event_store.memory import InMemoryCommitLog
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import DomainEvent, EventRegistry, Metadata
from ansinh_kit.testing.plain_codec import PlainCodec

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event", bound=DomainEvent)
Refusal = TypeVar("Refusal", bound=DomainError)

_STREAM = "stream-under-test"
_METADATA = Metadata(correlation_id="given-when-then")


@dataclass(frozen=True)
class Outcome(Generic[Command, State, Event]):
    events: tuple[DomainEvent, ...]
    error: DomainError | None

    def then(self, *expected: DomainEvent) -> None:
        if self.error is not None:
            raise AssertionError(f"refused with {self.error!r}") from self.error
        assert self.events == expected, f"\nexpected {expected}\nbut got  {self.events}"  # noqa: S101

    def then_raises(self, error: type[Refusal]) -> Refusal:
        assert isinstance(self.error, error), f"expected {error.__name__}, got {self.error!r} {self.events}"  # noqa: S101
        return self.error


@dataclass(frozen=True)
class Scenario(Generic[Command, State, Event]):
    """`Scenario(decider, registry).given(...).when(...).then(...)`; every step returns a new value."""

    decider: Decider[Command, State, Event]
    registry: EventRegistry
    history: tuple[DomainEvent, ...] = field(default=())

    def given(self, *events: DomainEvent) -> "Scenario[Command, State, Event]":
        return Scenario(self.decider, self.registry, (*self.history, *events))

    def when(self, command: Command, *, expected_version: int | None = None) -> Outcome[Command, State, Event]:
        return asyncio.run(self._run(command, expected_version))

    async def _run(self, command: Command, expected_version: int | None) -> Outcome[Command, State, Event]:
        store = EventStore(InMemoryCommitLog(), PlainCodec(self.registry))
        await _record_history(store, self.history)
        try:
            handled = await handle(
                store,
                _STREAM,
                command,
                self.decider,
                commit_id="when",
                metadata=_METADATA,
                expected_version=expected_version,
            )
        except DomainError as error:
            return Outcome((), error)
        return Outcome(tuple(recorded.event for recorded in handled.events), None)


async def _record_history(store: EventStore, history: Sequence[DomainEvent]) -> None:
    if history:
        await store.append(_STREAM, history, expected_version=0, commit_id="given", metadata=_METADATA)
