"""The columns of one kind of file, and how the cells of a row become values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import DOUBLED_COLUMN, MISSING_COLUMN, REQUIRED, UNKNOWN_COLUMN
from records.domain.bulk.shapes import shape_of
from records.domain.rules import RuleBrokenError

Values: TypeAlias = Mapping[str, Any]
"""The checked values of a row by column; an empty cell is `None`. What type each has is said by its check."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    check: Callable[[str], Any]
    required: bool = False


class Columns:
    """All columns of one kind of file.

    Args:
        one_of: Of these columns every file needs at least one, and every row a value in one.
    """

    def __init__(self, columns: Sequence[Column], *, one_of: Sequence[str] = ()) -> None:
        self._columns = {column.name: column for column in columns}
        self._one_of = tuple(one_of)
        self._required = frozenset(column.name for column in columns if column.required)
        self._checks = {column.name: column.check for column in columns}
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
        values = self._empty.copy()
        try:
            for name, cell in cells.items():
                if cell and (raw := cell.strip()):
                    values[name] = self._checks[name](raw)
        except RuleBrokenError:
            return self._refusals(cells, line)
        return self._refusals(cells, line) if self._lacks(values) else values

    def _lacks(self, values: Values) -> bool:
        for name in self._required:
            if values[name] is None:
                return True
        return self._names_nobody(values)

    def _names_nobody(self, values: Values) -> bool:
        return bool(self._one_of) and all(not values.get(name) for name in self._one_of)

    def _refusals(self, cells: Mapping[str, str], line: int) -> list[Refusal]:
        refusals: list[Refusal] = []
        for name, cell in cells.items():
            raw = cell.strip()
            try:
                _check(self._columns[name], raw)
            except RuleBrokenError as broken:
                refusals.append(Refusal(line, broken.rule, name, shape_of(raw) if raw else None))
        if self._names_nobody({name: cell.strip() for name, cell in cells.items()}):
            refusals.append(Refusal(line, REQUIRED, self._one_of[0]))
        return refusals


def _check(column: Column, raw: str) -> None:
    if raw:
        column.check(raw)
    elif column.required:
        raise RuleBrokenError(REQUIRED)
