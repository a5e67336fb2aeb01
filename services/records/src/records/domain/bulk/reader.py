"""Lines into rows: CSV with a header, or JSON Lines; the first line decides which."""

import codecs
import csv
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from records.domain.bulk.columns import Columns, Values
from records.domain.bulk.lines import Line
from records.domain.bulk.refusals import FileRefusedError, Refusal
from records.domain.bulk.rules import (
    BROKEN_QUOTES,
    COLUMN_COUNT,
    EMPTY_FILE,
    LINE_TOO_LONG,
    NOT_AN_OBJECT,
    NOT_TEXT,
    NOT_UTF8,
)
from records.domain.rules import Rule

_QUOTE: Final = '"'

_Cells: TypeAlias = Callable[[str, int], Mapping[str, str]]


class _LineRefusedError(Exception):
    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__()
        self.refusals = list(refusals)


class RowReader:
    """Reads one file, line by line, in order. A row that cannot be read never spoils the next one."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._cells: _Cells | None = None

    @property
    def begun(self) -> bool:
        """Whether the first line that decides the form has been read."""
        return self._cells is not None

    def read(self, line: Line) -> Values | list[Refusal] | None:
        """Return the values of the row on this line, or why it is refused; `None` if the line holds no row.

        Raises:
            FileRefusedError: The first line is no header and no object of this kind of file.
        """
        try:
            text = _decoded(line)
            if not text or text.isspace():
                return None
            if self._cells is None:
                self._cells, is_header = self._form_of(text, line.number)
                if is_header:
                    return None
            return self._columns.checked(self._cells(text, line.number), line.number)
        except _LineRefusedError as refused:
            if self._cells is None:
                raise FileRefusedError(refused.refusals[0]) from refused
            return refused.refusals

    def finish(self) -> None:
        """Say that there are no more lines.

        Raises:
            FileRefusedError: There was not even a header.
        """
        if self._cells is None:
            raise FileRefusedError(Refusal(1, EMPTY_FILE))

    def _form_of(self, text: str, line: int) -> tuple[_Cells, bool]:
        """Return how rows are taken apart, and whether this first line is a header rather than a row."""
        if text.lstrip().startswith("{"):
            self._object(text, line)
            return self._object, False
        names = [name.strip() for name in _split(text, line)]
        _refuse(self._columns.header_refusals(names, line))
        return _csv_cells(names), True

    def _object(self, text: str, line: int) -> Mapping[str, str]:
        try:
            pairs = json.loads(text, object_pairs_hook=_Pairs)
        except (ValueError, RecursionError) as error:
            raise _refused(line, NOT_AN_OBJECT) from error
        if not isinstance(pairs, _Pairs):
            raise _refused(line, NOT_AN_OBJECT)
        _refuse(self._columns.header_refusals([name for name, _ in pairs], line))
        return {name: _text_of(value, name, line) for name, value in pairs}


class _Pairs(list[tuple[str, Any]]):
    """An object's members as written: a name that is there twice is not lost."""


def _decoded(line: Line) -> str:
    if line.content is None:
        raise _refused(line.number, LINE_TOO_LONG)
    content = line.content.removeprefix(codecs.BOM_UTF8) if line.number == 1 else line.content
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _refused(line.number, NOT_UTF8) from error


def _csv_cells(names: Sequence[str]) -> _Cells:
    def cells_of(text: str, line: int) -> Mapping[str, str]:
        cells = _split(text, line)
        if len(cells) != len(names):
            raise _refused(line, COLUMN_COUNT)
        return dict(zip(names, cells, strict=True))

    return cells_of


def _split(text: str, line: int) -> list[str]:
    """Return the cells of one line. A record never goes on over the next line: an open quote would swallow it."""
    if _QUOTE not in text:
        return text.split(",")
    try:
        return next(csv.reader((text,), strict=True))
    except csv.Error as error:
        raise _refused(line, BROKEN_QUOTES) from error


def _text_of(value: Any, name: str, line: int) -> str:  # noqa: ANN401 - whatever JSON holds
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _LineRefusedError([Refusal(line, NOT_TEXT, name)])


def _refused(line: int, rule: Rule) -> _LineRefusedError:
    return _LineRefusedError([Refusal(line, rule)])


def _refuse(refusals: Sequence[Refusal]) -> None:
    if refusals:
        raise _LineRefusedError(refusals)
