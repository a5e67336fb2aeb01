"""The days a card or a benefit is good for."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included; without a last day for good. If the last comes first there is no day."""

    first: date
    last: date | None

    def ended(self, day: date | None) -> "Days":
        """Return those before `day`; all of them if that is `None`."""
        if day is None or (self.last is not None and self.last < day):
            return self
        return Days(self.first, day - timedelta(days=1))

    def meet(self, other: "Days") -> bool:
        """Say whether they have a day in common."""
        first, last = max(self.first, other.first), min(_last(self), _last(other))
        return first <= last


def _last(days: Days) -> date:
    return date.max if days.last is None else days.last
