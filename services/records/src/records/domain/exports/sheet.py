"""What an export shows, before it becomes a file: facts and tables, each value exact and as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from records.domain.language import Language, Text

Exact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Cell:
    """`exact` is for programs; `text` is for people, in one language or, where they differ, in both."""

    exact: Exact
    text: str | Text

    def said(self, language: Language) -> str:
        return self.text if isinstance(self.text, str) else said(self.text, language)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with its label, such as a total above a list."""

    key: str
    label: Text
    cell: Cell


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is relative to the other columns of the table."""

    key: str
    label: Text
    width: int = 2
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Facts, then a table. Rows have one cell for each column; `nothing_yet` stands in for rows that are not there."""

    key: str
    title: Text
    facts: tuple[Fact, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    nothing_yet: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything one export shows."""

    title: Text
    sections: tuple[Section, ...]

    @property
    def rows(self) -> int:
        return sum(len(section.rows) for section in self.sections)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What makes a sheet an export of ours: as of when, made when, and the code with the address that checks it."""

    code: str
    check_address: str
    as_of: datetime
    made_at: datetime
    language: Language


def said(text: Text, language: Language) -> str:
    return text.vi if language == "vi" else text.en


def plain(value: str | None) -> Cell:
    """Return a value that people read as it is; nothing is read as nothing."""
    return Cell(value, value or "")


def joined(values: Iterable[str | None]) -> Cell:
    """Return several values as one, without those that are not there."""
    return plain("; ".join(value for value in values if value) or None)
