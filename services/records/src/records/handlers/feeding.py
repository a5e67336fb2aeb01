"""What all feeders' commands share: bad rows are set aside, the others decided on, each row answered in its place."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar

from ansinh_kit.clock import Clock
from ansinh_kit.errors import FieldViolation, InvalidFieldsError
from ansinh_kit.event_store.store import AppendResult

from records.domain.contributions.events import ContributionEvent
from records.domain.feeding.entry import RowEntry
from records.domain.feeding.errors import RowContradictsError, RowNotFoundError, StreamMovedError
from records.domain.feeding.events import RowEvent
from records.domain.feeding.outcome import UNKNOWN_ROW, RowOutcome, refused
from records.domain.feeding.refusal import RowRefusedError

Entry = TypeVar("Entry")
Correcting = TypeVar("Correcting", bound=RowEntry)
Checked = TypeVar("Checked")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Sent(Generic[Entry]):
    """An entry as it came in. As a correction it may take the place of what it contradicts."""

    entry: Entry
    as_correction: bool = False


@dataclass(frozen=True, slots=True)
class Fed:
    """What a feeding command came to: an outcome per row, and whose record it went to after all merges."""

    participant_id: str
    version: int
    position: int
    outcomes: tuple[RowOutcome, ...]


@dataclass(frozen=True, slots=True)
class Sifted(Generic[Checked]):
    """The sound rows with their places among all rows, and the outcomes of those refused by their values alone."""

    rows: tuple[Checked, ...]
    places: tuple[int, ...]
    refused: tuple[RowOutcome, ...]

    def without(self, violations: Mapping[int, FieldViolation]) -> "Sifted[Checked]":
        """Return what is left once the rows sent in these places are refused, too."""
        left = [(row, place) for row, place in zip(self.rows, self.places, strict=True) if place not in violations]
        gone = [refused(place, RowRefusedError(violations[place])) for place in self.places if place in violations]
        return Sifted(tuple(row for row, _ in left), tuple(place for _, place in left), (*self.refused, *gone))

    def answered(self, outcomes: Sequence[RowOutcome]) -> tuple[RowOutcome, ...]:
        """Return the outcomes of all rows in the order they were sent, given those of the sound ones."""
        decided = [replace(outcome, index=self.places[outcome.index]) for outcome in outcomes]
        return tuple(sorted((*decided, *self.refused), key=lambda outcome: outcome.index))


def sift(entries: Sequence[Entry], check: Callable[[Entry], Checked]) -> Sifted[Checked]:
    """Check every entry; what is wrong with one does not keep out the others."""
    rows, places, wrong = list[Checked](), list[int](), list[RowOutcome]()
    for index, entry in enumerate(entries):
        try:
            rows.append(check(entry))
            places.append(index)
        except RowRefusedError as refusal:
            wrong.append(refused(index, refusal))
    return Sifted(tuple(rows), tuple(places), tuple(wrong))


def judged_at(earlier: AppendResult | None, clock: Clock) -> datetime:
    """Return the moment by which rows are judged: now, or when they were first, if they come again.

    A row that was refused because its day had not come would else be told as recorded the day after.
    """
    first = None if earlier is None else earlier.events[0].event
    return first.occurred_at if isinstance(first, RowEvent | ContributionEvent) else clock.now()


def correction_of(row_id: str, entry: Correcting) -> Sent[Correcting]:
    """Return the entry as the correction of the row with this id.

    Raises:
        InvalidFieldsError: The entry names another row.
    """
    if entry.corrected_id not in (None, row_id):
        raise InvalidFieldsError([FieldViolation("corrects", UNKNOWN_ROW.name)])
    return Sent(entry.model_copy(update={"corrects": row_id}), as_correction=True)


def corrected(fed: Fed) -> Fed:
    """Return what the correction of one row came to.

    Raises:
        RowNotFoundError: There is no such row to correct.
        RowContradictsError: Another row, or the kind of this one, stands against it.
        InvalidFieldsError: Its values break rules.
    """
    (outcome,) = fed.outcomes
    if outcome.verdict != "refused":
        return fed
    first = outcome.violations[0]
    if (first.field, first.rule) == ("corrects", UNKNOWN_ROW.name):
        raise RowNotFoundError
    if outcome.against:
        raise RowContradictsError(first.rule, outcome.against)
    raise InvalidFieldsError(outcome.violations)


async def at_survivor(participant_id: str, act: Callable[[str], Awaitable[Answer]]) -> Answer:
    """Do `act` for the participant, or for the one it was merged into, however often.

    Merges make no circles, so this ends.
    """
    while True:
        try:
            return await act(participant_id)
        except StreamMovedError as moved:
            participant_id = moved.to
