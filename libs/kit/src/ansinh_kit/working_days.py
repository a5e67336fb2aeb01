"""Working days and office hours in Viet Nam: pure calendar arithmetic for deadlines."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time since 1975: fixed is exact
_SATURDAY: Final = 5

PUBLIC_HOLIDAYS: Final = frozenset(
    (
        *(date(2026, 1, 1), *(date(2026, 2, day) for day in range(16, 21))),
        *(date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1), date(2026, 9, 1), date(2026, 9, 2)),
        *(date(2027, 1, 1), *(date(2027, 2, day) for day in range(4, 11)), date(2027, 4, 16)),
        *(date(2027, 4, 30), date(2027, 5, 3), date(2027, 9, 2), date(2027, 9, 3)),
    )
)
"""Holidays that fall on weekdays, as decreed so far; the list of the next year is added when it is announced."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday without `holidays`; offices close at `closes_at`, in Viet Nam."""

    holidays: frozenset[date] = PUBLIC_HOLIDAYS
    closes_at: time = time(17, 0)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.holidays

    def closing_after(self, moment: datetime, days: int) -> datetime:
        """Return the end, in UTC, of the `days`-th working day after the day of `moment`, which never counts."""
        day = moment.astimezone(VIETNAM).date()
        remaining = days
        while remaining > 0:
            day += timedelta(days=1)
            remaining -= self.is_working_day(day)
        return datetime.combine(day, self.closes_at, VIETNAM).astimezone(UTC)
