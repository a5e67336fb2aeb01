"""Whose record a row belongs to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, TypeAlias

from records.domain.bulk.contributions import NUMBERS
from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import NUMBERS_DISAGREE, STAFF_BARRED, UNKNOWN_PARTICIPANT
from records.domain.offices import in_charge
from records.handlers.importing.chunks import ReadRow

Number: TypeAlias = tuple[str, str]
"""A column that names a person, which is the scope of the reservation too, and the number in it."""

NUMBER_COLUMNS: Final = NUMBERS


@dataclass(frozen=True, slots=True)
class Insured:
    """A participant as far as rows are checked against it. `born` is the first day the person may have been born."""

    participant_id: str
    agency_code: str
    born: date | None
    restricted: bool = False
    barred_staff: frozenset[str] = frozenset()


class People(Protocol):
    async def find(self, numbers: Collection[Number]) -> Mapping[Number, Insured]:
        """Return whose each number is, in few questions; numbers of nobody, and of the forgotten, are left out."""
        ...


def numbers_of(rows: Iterable[ReadRow]) -> set[Number]:
    """Return every number in these rows."""
    return {number for cells in {cells_of(row) for row in rows} for number in numbers_in(cells)}


def cells_of(row: ReadRow) -> tuple[str | None, ...]:
    """Return what the row has in `NUMBER_COLUMNS`."""
    return tuple(map(row.values.get, NUMBER_COLUMNS))


def numbers_in(cells: Sequence[str | None]) -> list[Number]:
    return [(column, number) for column, number in zip(NUMBER_COLUMNS, cells, strict=True) if number is not None]


class Whose:
    """Whose record each row of a chunk belongs to, which must be in the hands of the agency; `None` stands for all.

    `sent_by` is who brought the file: rows of records that are too close to them are refused.
    """

    def __init__(self, people: Mapping[Number, Insured], agency_code: str | None, *, sent_by: str | None) -> None:
        self._people = people
        self._agency_code = agency_code
        self._sent_by = sent_by
        self._found: dict[tuple[str | None, ...], Insured] = {}

    def record(self, row: ReadRow) -> Insured | Refusal:
        """Return the one participant the row names. Most rows name whom the row before them named."""
        cells = cells_of(row)
        insured = self._found.get(cells)
        if insured is not None:
            return insured
        found = self._find(row, numbers_in(cells))
        if isinstance(found, Insured):
            self._found[cells] = found
        return found

    def _find(self, row: ReadRow, numbers: Sequence[Number]) -> Insured | Refusal:
        found = [self._people.get(number) for number in numbers]
        for (column, number), insured in zip(numbers, found, strict=True):
            if insured is None or not _in_charge(self._agency_code, insured):
                return Refusal.of_value(row.line, UNKNOWN_PARTICIPANT, column, number)
        first, *others = [insured for insured in found if insured is not None]
        if any(other.participant_id != first.participant_id for other in others):
            return Refusal(row.line, NUMBERS_DISAGREE, NUMBER_COLUMNS[0])
        return Refusal(row.line, STAFF_BARRED) if self._sent_by in first.barred_staff else first


def _in_charge(agency_code: str | None, insured: Insured) -> bool:
    return agency_code is None or in_charge(agency_code, insured.agency_code, restricted=insured.restricted)
