"""What a notice says: the unpaid periods of the counting rules, as far as their months are late."""

from collections.abc import Iterator, Mapping

from records.domain.contributions.period import Period
from records.domain.counting.count import count
from records.domain.counting.span import Span
from records.domain.kind import KINDS, Kind
from records.domain.month import FIRST_MONTH, Month
from records.domain.notices.events import NoticeLine

Periods = Mapping[str, Period]
"""The standing periods of a participant, by id."""


def late_lines(periods: Periods, last_late: Month) -> tuple[NoticeLine, ...]:
    """Return what is unpaid of the months up to `last_late`, by kind, then in order of time; none if nothing is."""
    return tuple(line for kind in KINDS for line in _of_kind(kind, periods, last_late))


def _of_kind(kind: Kind, periods: Periods, last_late: Month) -> Iterator[NoticeLine]:
    of_kind = {period_id: period for period_id, period in periods.items() if period.kind == kind}
    rows = [period.row(period_id) for period_id, period in of_kind.items()]
    for unpaid in count(kind, rows, Span(FIRST_MONTH, last_late)).unpaid:
        yield NoticeLine(
            kind=kind,
            employer_code=unpaid.employer_code,
            employer_name=_name(of_kind, unpaid.period_ids),
            from_month=unpaid.span.first,
            to_month=unpaid.span.last,
            amount=unpaid.amount,
            currency=unpaid.currency,
        )


def _name(periods: Periods, period_ids: tuple[str, ...]) -> str | None:
    """Return what the latest of these periods calls its employer."""
    detail = max((periods[each] for each in period_ids), key=lambda period: period.to_month.number).detail
    return None if detail is None else detail.employer_name
