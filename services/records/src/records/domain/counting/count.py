"""The count of one kind of insurance: a total, the lines that add up to it, and all that stands beside it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from records.domain.counting.effect import Effect
from records.domain.counting.explanation import LeftOut, Line, left_out, lines
from records.domain.counting.overlaps import Overlap, overlaps
from records.domain.counting.rows import Row, RowError, row_error
from records.domain.counting.span import Span, joined
from records.domain.counting.stretches import Stretch, stretches_of
from records.domain.counting.unpaid import UnpaidPeriod, unpaid_periods
from records.domain.kind import Kind


@dataclass(frozen=True, slots=True)
class Count:
    """What the rows of one kind come to. Every figure is read off the same stretches of time, anew each time."""

    kind: Kind
    row_errors: tuple[RowError, ...]
    stretches: Sequence[Stretch]

    @property
    def total(self) -> int:
        """Distinct months that count. Always the sum of `lines`."""
        return sum(stretch.span.months for stretch in self.stretches if stretch.best.counts)

    @property
    def lines(self) -> tuple[Line, ...]:
        return lines(self.stretches)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return left_out(self.stretches)

    @property
    def overlaps(self) -> tuple[Overlap, ...]:
        return overlaps(self.kind, self.stretches)

    @property
    def unpaid(self) -> tuple[UnpaidPeriod, ...]:
        return unpaid_periods(self.stretches)

    @property
    def unpaid_months(self) -> int:
        """Distinct months whose best status is unpaid."""
        return self._distinct(Effect.UNPAID)

    @property
    def reserved_months(self) -> int:
        """Distinct months whose best status is reserved."""
        return self._distinct(Effect.RESERVED)

    @property
    def counted_spans(self) -> tuple[Span, ...]:
        """The months that count, in order of time."""
        return joined(stretch.span for stretch in self.stretches if stretch.best.counts)

    def _distinct(self, effect: Effect) -> int:
        return sum(stretch.span.months for stretch in self.stretches if stretch.best is effect)


def count(kind: Kind, rows: Collection[Row], within: Span | None = None) -> Count:
    """Return the count of all `rows`, which are of `kind`; of the months `within` only, if given.

    Errors on rows are told whatever the months asked for: a row without months lies nowhere.
    """
    errors = tuple(error for row in rows if (error := row_error(row)) is not None)
    return Count(kind, errors, stretches_of(kind, rows, within))
