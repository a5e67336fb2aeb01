"""Birth dates, of which some old papers know the year only."""

import calendar
import re
from datetime import date
from typing import Final

from pydantic import ConfigDict, RootModel, field_validator

from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

_FIRST_YEAR: Final = 1880
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR: Final = re.compile(r"[0-9]{4}")
_DECEMBER: Final = 12

BIRTH_DATE: Final = Rule(
    "birth_date",
    Text(
        "Ngày sinh phải là một ngày có thật dạng năm-tháng-ngày, hoặc chỉ năm sinh, và không ở tương lai.",
        "A birth date is a real day written year-month-day, or the year alone, and not in the future.",
    ),
    Text("Ví dụ: 1990-03-17, hoặc 1990.", "For example: 1990-03-17, or 1990."),
)


class BirthDate(RootModel[str]):
    """`1990-03-17`, or `1990` where only the year is known."""

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _is_a_day_or_a_year(cls, raw: str) -> str:
        if _DAY.fullmatch(raw):
            date.fromisoformat(raw)
        elif not _YEAR.fullmatch(raw):
            raise ValueError("neither a day nor a year")
        if int(raw[:4]) < _FIRST_YEAR:
            raise ValueError("too long ago")
        return raw

    @property
    def year(self) -> int:
        return int(self.root[:4])

    @property
    def day(self) -> date | None:
        """The day; `None` where only the year is known."""
        return date.fromisoformat(self.root) if _DAY.fullmatch(self.root) else None

    def earliest(self) -> date:
        """Return the first day the person may have been born."""
        return self.day or date(self.year, 1, 1)

    def surely_aged(self, years: int) -> date:
        """Return the first day on which the person is that old, whichever day of the year it was.

        Somebody born on 29 February comes of age on 1 March of a common year.
        """
        born = self.day or date(self.year, _DECEMBER, 31)
        leap_day_lost = (born.month, born.day) == (2, 29) and not calendar.isleap(born.year + years)
        return date(born.year + years, 3, 1) if leap_day_lost else born.replace(year=born.year + years)


def birth_date(raw: str, *, today: date) -> BirthDate:
    """Return the checked birth date.

    Raises:
        RuleBrokenError: Not a day or a year, too long ago, or in the future.
    """
    try:
        born = BirthDate(raw.strip())
    except ValueError as error:
        raise RuleBrokenError(BIRTH_DATE) from error
    if born.earliest() > today:
        raise RuleBrokenError(BIRTH_DATE)
    return born
