"""Months nobody has paid yet, merged back to periods of the employer that owes them (V-25)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from records.domain.counting.effect import Effect
from records.domain.counting.explanation import by_employer
from records.domain.counting.rows import Currency
from records.domain.counting.span import Span
from records.domain.counting.stretches import Stretch

COEFFICIENT_MAX = Decimal(100)  # a contribution value up to here is a coefficient, above it money


@dataclass(frozen=True, slots=True)
class UnpaidPeriod:
    """Months without a break that one employer owes.

    `amount` is the sum, over these months, of the contribution value recorded for them, in `currency`; `None` if a
    value is missing or a coefficient, which is no sum of money, or if the currencies differ.
    """

    employer_code: str
    span: Span
    amount: Decimal | None
    currency: Currency | None
    period_ids: tuple[str, ...]


def unpaid_periods(found: Sequence[Stretch]) -> tuple[UnpaidPeriod, ...]:
    """Return the periods in order of time; those that begin together by employer code."""
    periods = [period for employer, own in by_employer(found).items() for period in _of_employer(own, employer)]
    return tuple(sorted(periods, key=lambda period: (period.span.first, period.employer_code)))


def _of_employer(own: Iterable[Stretch], employer: str) -> Iterator[UnpaidPeriod]:
    open_period: UnpaidPeriod | None = None
    for stretch in own:
        if stretch.best is not Effect.UNPAID or stretch.effects[employer] is not Effect.UNPAID:
            continue
        period = _period(stretch, employer)
        if open_period is not None and open_period.span.last.plus(1) == period.span.first:
            open_period = _merged(open_period, period)
            continue
        if open_period is not None:
            yield open_period
        open_period = period
    if open_period is not None:
        yield open_period


def _period(stretch: Stretch, employer: str) -> UnpaidPeriod:
    rows = [
        piece.row for piece in stretch.pieces if piece.row.employer_code == employer and piece.effect is Effect.UNPAID
    ]
    values = [row.value for row in rows if row.value is not None and row.value > COEFFICIENT_MAX]
    currencies = {row.currency for row in rows}
    known = len(values) == len(rows) and len(currencies) == 1
    return UnpaidPeriod(
        employer_code=employer,
        span=stretch.span,
        amount=max(values) * stretch.span.months if known else None,
        currency=currencies.pop() if known else None,
        period_ids=tuple(row.period_id for row in rows),
    )


def _merged(before: UnpaidPeriod, after: UnpaidPeriod) -> UnpaidPeriod:
    known = before.amount is not None and after.amount is not None and before.currency == after.currency
    return UnpaidPeriod(
        employer_code=before.employer_code,
        span=Span(before.span.first, after.span.last),
        amount=(before.amount or 0) + (after.amount or Decimal(0)) if known else None,
        currency=before.currency if known else None,
        period_ids=tuple(dict.fromkeys((*before.period_ids, *after.period_ids))),
    )
