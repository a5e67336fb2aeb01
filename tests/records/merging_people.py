"""Some records of one person, fed and corrected one by one, and merged in any order, by the deciders alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from ansinh_kit.decider import Decider
from ansinh_kit.events import DomainEvent
from records.domain.feeding.errors import StreamMovedError

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event", bound=DomainEvent)
Value = TypeVar("Value")


class Kind(Protocol[Command, State, Event, Value]):
    """What a kind of rows is asked by; `who` is a participant's id."""

    @property
    def decider(self) -> Decider[Command, State, Event]: ...

    def record(self, who: str, value: Value, *, correction: bool) -> Command: ...

    def withdraw(self, who: str, row_id: str) -> Command: ...

    def close(self, who: str, to: str) -> Command: ...

    def take_over(self, who: str, from_participant: str, closed: State) -> Command: ...

    def standing(self, state: State) -> Mapping[str, Value]: ...


@dataclass
class Person(Generic[Command, State, Event, Value]):
    """`ever` are the values that ever stood in one of the records."""

    kind: Kind[Command, State, Event, Value]
    states: dict[str, State] = field(default_factory=dict)
    ever: list[Value] = field(default_factory=list)

    def state(self, who: str) -> State:
        return self.states.get(who, self.kind.decider.initial)

    def feed(self, who: str, value: Value, *, correction: bool = False) -> Sequence[Event]:
        """Send a row for a number that was `who`'s; return what happened."""
        return self.do(who, lambda there: self.kind.record(there, value, correction=correction))

    def withdraw(self, who: str, nth: int) -> None:
        """Withdraw one of the rows that stand, if there are any."""
        there = self.survivor(who)
        if standing := sorted(self.standing(there)):
            row_id = standing[nth % len(standing)]
            self.do(who, lambda each: self.kind.withdraw(each, row_id))

    def merge(self, duplicate: str, into: str) -> None:
        """Merge two records, unless they are one already."""
        duplicate, into = self.survivor(duplicate), self.survivor(into)
        if duplicate == into:
            return
        stood = {*self.standing(duplicate).values(), *self.standing(into).values()}
        self.do(duplicate, lambda there: self.kind.close(there, into))
        closed = self.state(duplicate)
        self.do(into, lambda there: self.kind.take_over(there, duplicate, closed))
        assert set(self.standing(into).values()) == stood
        assert self.do(into, lambda there: self.kind.take_over(there, duplicate, closed)) == []

    def standing(self, who: str) -> Mapping[str, Value]:
        return self.kind.standing(self.state(who))

    def survivor(self, who: str) -> str:
        """Return under whose id the record goes on."""
        moved_to = getattr(self.state(who), "moved_to")  # noqa: B009 - each kind's state has it, no type says so
        return who if moved_to is None else self.survivor(moved_to)

    def do(self, who: str, command_of: Callable[[str], Command]) -> list[Event]:
        """Carry the command out where the record goes on."""
        try:
            events = list(self.kind.decider.decide(command_of(who), self.state(who)))
        except StreamMovedError as moved:
            return self.do(moved.to, command_of)
        self.states[who] = self.kind.decider.fold(events, self.state(who))
        self.ever += self.standing(who).values()
        return events
