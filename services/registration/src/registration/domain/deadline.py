"""When an answer is due: working days and dated rules. Source: V-19."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ansinh_kit.working_days import VIETNAM, WorkingDays


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """From `valid_from` on, an answer is due within `working_days`."""

    valid_from: date
    working_days: int


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """When the agencies owe an answer. `rules` may come in any order; the latest that is already valid counts."""

    rules: Sequence[DeadlineRule]
    working_days: WorkingDays = field(default_factory=WorkingDays)

    def due_after(self, received_at: datetime) -> datetime:
        """Return the end of office hours, in UTC, of the last working day allowed; the day of receipt never counts.

        Raises:
            LookupError: No rule is valid yet on the day of receipt. Settings always hold one from the past.
        """
        day = received_at.astimezone(VIETNAM).date()
        return self.working_days.closing_after(received_at, self._rule_on(day).working_days)

    def _rule_on(self, day: date) -> DeadlineRule:
        valid = [rule for rule in self.rules if rule.valid_from <= day]
        if not valid:
            raise LookupError(f"no deadline rule is valid on {day}")
        return max(valid, key=lambda rule: rule.valid_from)
