"""Stretches of months, both ends included."""

from collections.abc import Iterable
from dataclasses import dataclass

from records.domain.month import Month


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The months from `first` to `last`, both included; never empty."""

    first: Month
    last: Month

    @property
    def months(self) -> int:
        return self.last.number - self.first.number + 1

    def within(self, other: "Span") -> "Span | None":
        """Return the months the two share; `None` if there are none."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first <= last else None


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans given in order and without overlap, with those that touch made one."""
    found: list[Span] = []
    for span in spans:
        if found and found[-1].last.number + 1 == span.first.number:
            found[-1] = Span(found[-1].first, span.last)
        else:
            found.append(span)
    return tuple(found)
