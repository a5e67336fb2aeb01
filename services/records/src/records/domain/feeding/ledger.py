"""Rows that are fed in again and again: what a row means beside the rows that stand already.

The same row twice changes nothing; a row that contradicts a standing one is refused, unless it is sent as a
correction. A correction takes the place of what it corrects and keeps its id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, Self, TypeVar

from ansinh_kit.errors import FieldViolation

from records.domain.feeding.outcome import (
    CONTRADICTS_STANDING,
    CORRECTED_SINCE,
    UNKNOWN_ROW,
    WITHDRAWN_SINCE,
    RowOutcome,
    refused,
    row_id_of,
)
from records.domain.feeding.refusal import RowRefusedError
from records.domain.rules import Rule


class Recordable(Protocol):
    """The value of a row. Equal values are the same fact."""

    @property
    def natural_key(self) -> tuple[str, ...]:
        """What names the fact in the world, within one participant: a decision's number, a dossier's id."""
        ...

    @property
    def key_field(self) -> str:
        """The field a refusal of the whole row is shown at."""
        ...

    def clash_with(self, other: Self) -> Rule | None:
        """Return why the two cannot both be true though they are different facts; `None` if they can."""
        ...


Value = TypeVar("Value", bound=Recordable)


@dataclass(frozen=True, slots=True)
class Row(Generic[Value]):
    """A checked row. `corrects` is the id of the standing row it is to take the place of, if it names one."""

    value: Value
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class Judged(Generic[Value]):
    """A row's outcome, and the value that now stands; `replaced` is the value that stood before a correction."""

    outcome: RowOutcome
    value: Value
    replaced: Value | None = None

    @property
    def fact(self) -> Value:
        return self.value

    @property
    def key_field(self) -> str:
        return self.value.key_field


@dataclass(frozen=True, slots=True)
class Ledger(Generic[Value]):
    """The rows of one participant, by row id.

    Those in `inert` are known, but no longer contradict others. Those in `withdrawn` do not stand; an old file does
    not bring them back, a correction does.
    """

    participant_id: str
    rows: Mapping[str, Value]
    inert: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()

    def judge_all(self, rows: Sequence[Row[Value]], *, correction: bool) -> list[Judged[Value]]:
        """Return what becomes of each row, in order; later rows see the earlier ones of the same command."""
        ledger, judged = self, list[Judged[Value]]()
        for index, row in enumerate(rows):
            each = ledger.judge(index, row, correction=correction)
            judged.append(each)
            if each.outcome.row_id is not None:
                ledger = ledger.with_row(each.outcome.row_id, row.value)
        return judged

    def judge(self, index: int, row: Row[Value], *, correction: bool) -> Judged[Value]:
        try:
            target = self._target(row, correction=correction)
        except RowRefusedError as refusal:
            return Judged(refused(index, refusal), row.value)
        if target is None:
            return Judged(RowOutcome(index, "recorded", self._fresh_id(row.value)), row.value)
        before = self.rows[target]
        verdict = RowOutcome(index, "unchanged" if before == row.value else "corrected", target)
        return Judged(verdict, row.value, before)

    def with_row(self, row_id: str, value: Value) -> "Ledger[Value]":
        return replace(self, rows={**self.rows, row_id: value}, withdrawn=self.withdrawn - {row_id})

    def find(self, natural_key: tuple[str, ...]) -> str | None:
        """Return the id of the standing row with this natural key."""
        return next((row_id for row_id, value in self.rows.items() if value.natural_key == natural_key), None)

    def _target(self, row: Row[Value], *, correction: bool) -> str | None:
        """Return the standing row that this one is, or corrects; `None` if it is a new one."""
        identical = next((row_id for row_id, value in self.rows.items() if value == row.value), None)
        if identical is not None and row.corrects in (None, identical):
            return identical
        same = self.find(row.value.natural_key)
        target = row.corrects or same
        if target is None:
            self._refuse_as_new(row.value, correction=correction)
            return None
        if target not in self.rows:
            raise _refusal("corrects", UNKNOWN_ROW)
        if not correction or same not in (None, target):
            raise _refusal(row.value.key_field, CONTRADICTS_STANDING)
        self._refuse_clash(row.value, beside=target)
        return target

    def _refuse_as_new(self, value: Value, *, correction: bool) -> None:
        if self._fresh_id(value) in self.withdrawn and not correction:
            raise _refusal(value.key_field, WITHDRAWN_SINCE)
        if self._fresh_id(value) in self.rows:
            # The row that first had this key was corrected to another one: this is its earlier version coming back.
            raise _refusal(value.key_field, CORRECTED_SINCE)
        self._refuse_clash(value)

    def _refuse_clash(self, value: Value, *, beside: str | None = None) -> None:
        """Refuse what cannot be true beside another row. A correction has to name that row: it is not guessed."""
        for row_id, other in self.rows.items():
            rule = None if row_id == beside or row_id in self.inert else value.clash_with(other)
            if rule is not None:
                raise _refusal(value.key_field, rule)

    def _fresh_id(self, value: Value) -> str:
        return row_id_of(self.participant_id, *value.natural_key)


def _refusal(field: str, rule: Rule) -> RowRefusedError:
    return RowRefusedError(FieldViolation(field, rule.name))
