"""Rows that are fed in again and again: what a row means beside the rows that stand already.

The same row twice changes nothing; a row that contradicts a standing one is refused, unless it is sent as a
correction. A correction takes the place of what it corrects and keeps its id. What was corrected or withdrawn does not
come back by an old file.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Protocol, Self, TypeVar

from records.domain.feeding.days import Days
from records.domain.feeding.outcome import (
    CONTRADICTS_STANDING,
    CORRECTED_SINCE,
    CORRECTS_SEVERAL,
    UNKNOWN_ROW,
    WITHDRAWN_SINCE,
    refusal_of,
    row_id_of,
)
from records.domain.feeding.refusal import RowRefusedError
from records.domain.feeding.turns import Place
from records.domain.rules import Rule


class Recordable(Protocol):
    """The value of a row. Equal values are the same fact."""

    @property
    def named_by(self) -> tuple[str, ...]:
        """What people name the fact by: a decision's number, a card's, a dossier's."""
        ...

    @property
    def natural_key(self) -> tuple[str, ...]:
        """What names the fact in the world, within one participant: the name, and the first day where that counts."""
        ...

    @property
    def key_field(self) -> str:
        """The field a refusal of the whole row is shown at."""
        ...

    @property
    def good_for(self) -> Days | None:
        """The days it is good for; `None` if it stands for no time of which there is only one."""
        ...

    def clash_with(self, other: Self) -> Rule | None:
        """Return why the two cannot both be good for one day though they are different facts; `None` if they can."""
        ...


Value = TypeVar("Value", bound=Recordable)


@dataclass(frozen=True, slots=True)
class Row(Generic[Value]):
    """A checked row. As a correction it may take the place of the standing row it contradicts.

    `corrects` is the id of the standing row it is to take the place of, if it names one.
    """

    value: Value
    corrects: str | None = None
    as_correction: bool = False


@dataclass(frozen=True, slots=True)
class Ledger(Generic[Value]):
    """The rows of one participant, by row id.

    Those in `ended` are good for nothing from that day on. Those in `withdrawn` do not stand, unless they are in
    `rows` again; an old file does not bring them back, a correction does. `earlier` is what rows said before they were
    corrected or withdrawn, with their ids. Rows that came with a merge are named after the participant they were
    recorded for, one of `merged`.
    """

    participant_id: str
    rows: Mapping[str, Value]
    ended: Mapping[str, date] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    earlier: Mapping[Value, str] = field(default_factory=dict)
    merged: Collection[str] = ()

    def place(self, row: Row[Value]) -> Place[Value]:
        """Return where the row goes.

        Raises:
            RowRefusedError: It contradicts what stands, or is an old version coming back.
        """
        row_id = self._standing_as(row) or self._corrected_by(row) or self._new(row)
        return Place(row_id, self.rows.get(row_id), row.value)

    def _standing_as(self, row: Row[Value]) -> str | None:
        """Return the standing row that says the same."""
        return next((row_id for row_id in self._ids_for(row) if self.rows.get(row_id) == row.value), None)

    def _ids_for(self, row: Row[Value]) -> list[str]:
        return list(self.rows) if row.corrects is None else [row.corrects]

    def _corrected_by(self, row: Row[Value]) -> str | None:
        """Return the standing row whose place this one is to take; `None` if it contradicts none."""
        if not row.as_correction and row.value in self.earlier:
            raise self._old(row.value, self.earlier[row.value])
        meant = self._with_id(row.corrects, row.value) if row.corrects else self._meant_by(row.value)
        if not meant:
            return None
        if not row.as_correction:
            raise refusal_of(row.value.key_field, CONTRADICTS_STANDING, *meant)
        if len(meant) > 1:
            raise refusal_of(row.value.key_field, CORRECTS_SEVERAL, *meant)
        self._refuse_clash(row.value, own_id=meant[0])
        return meant[0]

    def _with_id(self, row_id: str, value: Value) -> list[str]:
        if row_id not in self.rows:
            raise refusal_of("corrects", UNKNOWN_ROW)
        others = [other for other in self._with_key(value) if other != row_id]
        # A merge may leave two versions of a fact side by side: each may be corrected where it is.
        if others and self.rows[row_id].natural_key != value.natural_key:
            raise refusal_of(value.key_field, CONTRADICTS_STANDING, *others)
        return [row_id]

    def _meant_by(self, value: Value) -> list[str]:
        """Return the standing rows of the value's key; of none, those of its name that share time with it."""
        of_its_name = (row_id for row_id in self._clashing(value) if self.rows[row_id].named_by == value.named_by)
        return self._with_key(value) or list(of_its_name)

    def _with_key(self, value: Value) -> list[str]:
        return [row_id for row_id, other in self.rows.items() if other.natural_key == value.natural_key]

    def _new(self, row: Row[Value]) -> str:
        ids = [row_id_of(each, *row.value.natural_key) for each in (self.participant_id, *sorted(self.merged))]
        for row_id in ids:
            if row_id in self.rows or (row_id in self.withdrawn and not row.as_correction):
                # The row that first had this key was corrected to another one, or withdrawn: its earlier self.
                raise self._old(row.value, row_id)
        self._refuse_clash(row.value)
        return ids[0]

    def _old(self, value: Value, row_id: str) -> RowRefusedError:
        rule = CORRECTED_SINCE if row_id in self.rows else WITHDRAWN_SINCE
        return refusal_of(value.key_field, rule, row_id)

    def _refuse_clash(self, value: Value, *, own_id: str | None = None) -> None:
        """Refuse what cannot be true beside a row of another name. A correction has to name that one: no guess."""
        for row_id, rule in self._clashing(value, own_id).items():
            raise refusal_of(value.key_field, rule, row_id)

    def _clashing(self, value: Value, own_id: str | None = None) -> dict[str, Rule]:
        return clashing(value, own_id, rows=self.rows, ended=self.ended)


def clashing(
    value: Value, own_id: str | None, *, rows: Mapping[str, Value], ended: Mapping[str, date]
) -> dict[str, Rule]:
    """Return the other rows that cannot be true beside `value`, which is or becomes row `own_id`, and why."""
    days = _days(value, own_id, ended)
    others = {row_id: other for row_id, other in rows.items() if row_id != own_id}
    at_once = {row_id: other for row_id, other in others.items() if _meet(days, _days(other, row_id, ended))}
    found = {row_id: value.clash_with(other) for row_id, other in at_once.items()}
    return {row_id: rule for row_id, rule in found.items() if rule is not None}


def _days(value: Recordable, row_id: str | None, ended: Mapping[str, date]) -> Days | None:
    return None if value.good_for is None else value.good_for.ended(ended.get(row_id or ""))


def _meet(one: Days | None, other: Days | None) -> bool:
    return one is not None and other is not None and one.meet(other)
