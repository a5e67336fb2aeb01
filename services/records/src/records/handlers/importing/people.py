"""Whose record a row belongs to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, TypeAlias

from records.domain.bulk.contributions import NUMBERS
from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import NUMBERS_DISAGREE, UNKNOWN_PARTICIPANT
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


class People(Protocol):
    async def find(self, numbers: Collection[Number]) -> Mapping[Number, Insured]:
        """Return whose each number is, in few questions; numbers of nobody, and of the forgotten, are left out."""
        ...


def numbers_of(row: ReadRow) -> list[Number]:
    named = ((column, row.values.get(column)) for column in NUMBER_COLUMNS)
    return [(column, number) for column, number in named if number is not None]


def insured_of(row: ReadRow, people: Mapping[Number, Insured], agency_code: str | None) -> Insured | Refusal:
    """Return the one participant the row names, who must be in the hands of the agency; `None` stands for all."""
    numbers = numbers_of(row)
    found = [people.get(number) for number in numbers]
    for (column, number), insured in zip(numbers, found, strict=True):
        if insured is None or not _in_charge(agency_code, insured):
            return Refusal.of_value(row.line, UNKNOWN_PARTICIPANT, column, number)
    first, *others = [insured for insured in found if insured is not None]
    if any(other.participant_id != first.participant_id for other in others):
        return Refusal(row.line, NUMBERS_DISAGREE, NUMBER_COLUMNS[0])
    return first


def _in_charge(agency_code: str | None, insured: Insured) -> bool:
    return agency_code is None or in_charge(agency_code, insured.agency_code, restricted=insured.restricted)
