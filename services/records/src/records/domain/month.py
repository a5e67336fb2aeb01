"""Calendar months: the unit in which participation is recorded and counted."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

_LABEL: Final = re.compile(r"(0[1-9]|1[0-2])/([0-9]{4})")
_ISO_PATTERN: Final = "([0-9]{4})-(0[1-9]|1[0-2])"
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_MONTHS: Final = 12
_NUMBERS: Final = range(_FIRST_YEAR * _MONTHS, (_LAST_YEAR + 1) * _MONTHS)


class NotAMonthError(ValueError):
    """The text or number names no month from 01/1900 to 12/2199."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year, ordered in time. `number` counts months since year 0, so differences are lengths.

    People and files write `03/2021` (`parse`, `label`); JSON of events and of the API writes `2021-03`
    (`from_iso`, `iso`), which sorts as it reads. Pydantic takes and gives the ISO form.
    """

    number: int

    def __post_init__(self) -> None:
        if self.number not in _NUMBERS:
            raise NotAMonthError(f"year {self.year} is not between {_FIRST_YEAR} and {_LAST_YEAR}")

    # Spelled out: what `order=True` makes takes three times as long, and every row compares months.
    def __lt__(self, other: "Month") -> bool:
        return self.number < other.number

    def __le__(self, other: "Month") -> bool:
        return self.number <= other.number

    def __gt__(self, other: "Month") -> bool:
        return self.number > other.number

    def __ge__(self, other: "Month") -> bool:
        return self.number >= other.number

    @classmethod
    def of(cls, year: int, month: int) -> "Month":
        """Return a month from its year and its number 1 to 12.

        Raises:
            NotAMonthError: There is no such month.
        """
        if not 1 <= month <= _MONTHS:
            raise NotAMonthError("a month is 1 to 12")
        return cls(year * _MONTHS + month - 1)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Return the month written `MM/yyyy`, as people and files write it.

        Raises:
            NotAMonthError: The text has another form.
        """
        found = _LABEL.fullmatch(text)
        if found is None:
            raise NotAMonthError("a month is written MM/yyyy")
        return cls.of(int(found[2]), int(found[1]))

    @classmethod
    def from_iso(cls, text: str) -> "Month":
        """Return the month written `yyyy-MM`, as JSON holds it.

        Raises:
            NotAMonthError: The text has another form.
        """
        found = _by_iso().get(text)
        if found is None:
            raise NotAMonthError("a month is written yyyy-MM, from 1900-01 to 2199-12")
        return found

    @classmethod
    def containing(cls, day: date) -> "Month":
        """Return the month `day` lies in."""
        return cls(day.year * _MONTHS + day.month - 1)

    @property
    def year(self) -> int:
        return self.number // _MONTHS

    @property
    def month(self) -> int:
        return self.number % _MONTHS + 1

    @property
    def iso(self) -> str:
        return _iso_of_number(self.number)

    @property
    def label(self) -> str:
        return f"{self.month:02}/{self.year:04}"

    def __str__(self) -> str:
        return self.label

    def plus(self, months: int) -> "Month":
        """Return the month so many months later; earlier if negative."""
        return Month(self.number + months)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        del source, handler
        written = core_schema.no_info_after_validator_function(cls.from_iso, core_schema.str_schema())
        return core_schema.json_or_python_schema(
            json_schema=written,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), written]),
            serialization=core_schema.plain_serializer_function_ser_schema(_iso_of, when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        del schema, handler
        return {"type": "string", "pattern": f"^{_ISO_PATTERN}$", "examples": ["2021-03"]}


def _iso_of(month: Month) -> str:
    return _iso_of_number(month.number)


@cache
def _iso_of_number(number: int) -> str:
    # There are 3,600 months, and every row that is read, written or shown asks for two of them.
    return f"{number // _MONTHS:04}-{number % _MONTHS + 1:02}"


@cache
def _written(number: int) -> tuple[str, str]:
    """Return the ISO form and the label; kept for good, at most 3,600 pairs: a month is never written anew."""
    year, month = number // _MONTHS, number % _MONTHS + 1
    return f"{year:04}-{month:02}", f"{month:02}/{year:04}"


@cache
def _by_iso() -> dict[str, Month]:
    """Return all 3,600 months there are by their ISO form: reading sixty periods reads a hundred and twenty months."""
    return {_written(number)[0]: Month(number) for number in _NUMBERS}


FIRST_MONTH: Final = Month.of(_FIRST_YEAR, 1)
LAST_MONTH: Final = Month.of(_LAST_YEAR, _MONTHS)
