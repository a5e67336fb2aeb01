"""The columns of one kind of file, and how the cells of a row become values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import getitem
from typing import Any, Final, TypeAlias

from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import DOUBLED_COLUMN, MISSING_COLUMN, REQUIRED, UNKNOWN_COLUMN
from records.domain.bulk.shapes import shape_of
from records.domain.rules import RuleBrokenError

Values: TypeAlias = Mapping[str, Any]
"""The checked values of a row by column; an empty cell is `None`. What type each has is said by its check."""


# Files repeat themselves: a person's number for each period, an employer for each person.
_REMEMBERED: Final = 4_096
_LONGEST: Final = 256


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    check: Callable[[str], Any]
    required: bool = False


class Remembered(dict[str, Any]):
    """The values of the cells met of late in one column: `remembered[cell]` checks a cell that is not among them.

    An empty cell is `None`. One that breaks a rule raises `RuleBrokenError`, each time anew.
    """

    def __init__(self, check: Callable[[str], Any]) -> None:
        super().__init__()
        self._check = check

    def __missing__(self, cell: str) -> Any:  # noqa: ANN401 - what type a column has is said by its check
        raw = cell.strip()
        value = self._check(raw) if raw else None
        if len(cell) <= _LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[cell] = value
        return value


class Columns:
    """All columns of one kind of file.

    Args:
        one_of: Of these columns every file needs at least one, and every row a value in one.
    """

    def __init__(self, columns: Sequence[Column], *, one_of: Sequence[str] = ()) -> None:
        self._columns = {column.name: column for column in columns}
        self._one_of = tuple(one_of)
        self._required = frozenset(column.name for column in columns if column.required)
        self._checked = {column.name: Remembered(column.check) for column in columns}
        self._empty: dict[str, Any] = dict.fromkeys(self._columns)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._columns)

    def header_refusals(self, names: Sequence[str], line: int) -> list[Refusal]:
        """Return what is wrong with a header, or with the names of one object. Nothing is guessed from order."""
        given = set(names)
        refusals = [
            Refusal.of_value(line, UNKNOWN_COLUMN, "header", name) for name in names if name not in self._columns
        ]
        if len(given) < len(names):
            refusals += [Refusal(line, DOUBLED_COLUMN, name) for name in self._columns if names.count(name) > 1]
        missing = [name for name in self._columns if name in self._required - given]
        if self._one_of and given.isdisjoint(self._one_of):
            missing.append(self._one_of[0])
        return refusals + [Refusal(line, MISSING_COLUMN, name) for name in missing]

    def checked(self, cells: Mapping[str, str], line: int) -> Values | list[Refusal]:
        """Return the values of a row, or everything that is wrong with it."""
        columns = map(self._checked.__getitem__, cells)
        try:
            values = self._empty | dict(zip(cells, map(getitem, columns, cells.values()), strict=True))
        except RuleBrokenError:
            return self._refusals(cells, line)
        return self._refusals(cells, line) if self._lacks(values) else values

    def _lacks(self, values: Values) -> bool:
        for name in self._required:
            if values[name] is None:
                return True
        for name in self._one_of:
            if values[name] is not None:
                return False
        return bool(self._one_of)

    def _refusals(self, cells: Mapping[str, str], line: int) -> list[Refusal]:
        refusals: list[Refusal] = []
        for name, cell in cells.items():
            raw = cell.strip()
            try:
                _check(self._columns[name], raw)
            except RuleBrokenError as broken:
                refusals.append(Refusal(line, broken.rule, name, shape_of(raw) if raw else None))
        if self._one_of and not any(cells.get(name, "").strip() for name in self._one_of):
            refusals.append(Refusal(line, REQUIRED, self._one_of[0]))
        return refusals


def _check(column: Column, raw: str) -> None:
    if raw:
        column.check(raw)
    elif column.required:
        raise RuleBrokenError(REQUIRED)
