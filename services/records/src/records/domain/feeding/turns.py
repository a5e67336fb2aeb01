"""The rows of one command, each in its turn: it is judged on what the rows before it have led to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from records.domain.feeding.outcome import RowOutcome, Verdict, refused
from records.domain.feeding.refusal import RowRefusedError

Row = TypeVar("Row")
Value = TypeVar("Value")
State = TypeVar("State")
Event = TypeVar("Event")


@dataclass(frozen=True, slots=True)
class Place(Generic[Value]):
    """Where a row goes: the id it stands under, what stands there before it (if anything), and what it says."""

    row_id: str
    before: Value | None
    value: Value

    @property
    def verdict(self) -> Verdict:
        if self.before is None:
            return "recorded"
        return "unchanged" if self.before == self.value else "corrected"


@dataclass(frozen=True, slots=True)
class Turn(Generic[Event]):
    """What became of a row, and what has happened by it; a row that is refused or known brings no event."""

    outcome: RowOutcome
    events: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class Rules(Generic[Row, Value, State, Event]):
    """How one kind of row is taken in.

    `place` finds where a row goes or raises `RowRefusedError`; `said` tells what has happened by one that is new or
    corrects another; `evolve` is the aggregate's.
    """

    place: Callable[[Row, State], Place[Value]]
    said: Callable[[Place[Value], Row, State], Sequence[Event]]
    evolve: Callable[[State, Event], State]

    def in_turn(self, rows: Iterable[Row], state: State) -> list[Turn[Event]]:
        """Return the turn of each row, in order. Decisions take its events, answers its outcome: they never differ."""
        turns = list[Turn[Event]]()
        for index, row in enumerate(rows):
            turn = self._turn(index, row, state)
            for event in turn.events:
                state = self.evolve(state, event)
            turns.append(turn)
        return turns

    def _turn(self, index: int, row: Row, state: State) -> Turn[Event]:
        try:
            place = self.place(row, state)
        except RowRefusedError as refusal:
            return Turn(refused(index, refusal))
        outcome = RowOutcome(index, place.verdict, place.row_id)
        return Turn(outcome, () if outcome.verdict == "unchanged" else self.said(place, row, state))


def events_of(turns: Iterable[Turn[Event]]) -> list[Event]:
    return [event for turn in turns for event in turn.events]


def outcomes_of(turns: Iterable[Turn[Event]]) -> list[RowOutcome]:
    return [turn.outcome for turn in turns]
