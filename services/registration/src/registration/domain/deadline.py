"""When an answer is due: working days, holidays and dated rules. Source: V-19."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

VIETNAM: Final = timezone(timedelta(hours=7))  # no summer time since 1975: a fixed offset is exact
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """From `valid_from` on, an answer is due within `working_days`."""

    valid_from: date
    working_days: int


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """When the agencies work. `rules` may come in any order; the latest that is already valid counts."""

    rules: Sequence[DeadlineRule]
    holidays: frozenset[date] = field(default_factory=frozenset)
    closes_at: time = time(17, 0)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.holidays

    def due_after(self, received_at: datetime) -> datetime:
        """Return the end of office hours, in UTC, of the last working day allowed; the day of receipt never counts.

        Raises:
            LookupError: No rule is valid yet on the day of receipt. Settings always hold one from the past.
        """
        day = received_at.astimezone(VIETNAM).date()
        remaining = self._rule_on(day).working_days
        while remaining:
            day += timedelta(days=1)
            remaining -= self.is_working_day(day)
        return datetime.combine(day, self.closes_at, VIETNAM).astimezone(UTC)

    def _rule_on(self, day: date) -> DeadlineRule:
        valid = [rule for rule in self.rules if rule.valid_from <= day]
        if not valid:
            raise LookupError(f"no deadline rule is valid on {day}")
        return max(valid, key=lambda rule: rule.valid_from)
