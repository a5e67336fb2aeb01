"""When notices go out, and which months are late by then."""

from dataclasses import dataclass
from datetime import date, timedelta

from records.domain.month import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSchedule:
    """Notices go out on `day` of each month, 1 to 28; an employer is late `days_late` days after a month's end."""

    day: int = 10
    days_late: int = 30

    def due_on(self, today: date) -> date | None:
        """Return the day of this month's notices; `None` before it.

        Whoever sends them later in the month still judges by that day: all notices of a month are of one date.
        """
        return today.replace(day=self.day) if today.day >= self.day else None

    def last_late_month(self, on: date) -> Month:
        """Return the latest month that ended `days_late` or more days before `on`."""
        return Month.containing(on - timedelta(days=self.days_late - 1)).plus(-1)
