"""How a total comes about, in lines that add up to it, and what was left out of it and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from records.domain.counting.effect import Effect
from records.domain.counting.rules import RuleId
from records.domain.counting.span import Span, joined
from records.domain.counting.stretches import Stretch


@dataclass(frozen=True, slots=True)
class Line:
    """Months that are added to the total, or with a minus taken from it, under one rule; see `spans` for which.

    `employer_code` is `None` where the line concerns several employers.
    """

    rule: RuleId
    months: int
    employer_code: str | None
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Months that are not part of the total, and the rule that keeps them out."""

    rule: RuleId
    months: int
    employer_code: str | None
    spans: tuple[Span, ...]


Chosen = Callable[[Stretch, str], bool]


def lines(found: Sequence[Stretch]) -> tuple[Line, ...]:
    """Return the months each employer's rows give, then the months taken off because several give the same."""
    given = [
        Line(rule, _months(spans), employer, spans)
        for employer, own in by_employer(found).items()
        for rule, chosen in _COUNTED
        if (spans := _spans(own, employer, chosen))
    ]
    return (*given, *_counted_once(found))


def left_out(found: Sequence[Stretch]) -> tuple[LeftOut, ...]:
    """Return what the rows, and the gaps between them, do not add to the total."""
    apart = [
        LeftOut(rule, _months(spans), employer, spans)
        for employer, own in by_employer(found).items()
        for rule, chosen in _APART
        if (spans := _spans(own, employer, chosen))
    ]
    gaps = _gaps(found)
    return (*apart, *([LeftOut("gap_not_counted", _months(gaps), None, gaps)] if gaps else []))


def by_employer(found: Iterable[Stretch]) -> dict[str, list[Stretch]]:
    """Return each employer's stretches; employers by their first month, those of the same month by code."""
    own: dict[str, list[Stretch]] = {}
    for stretch in found:
        for employer in sorted(stretch.effects):
            own.setdefault(employer, []).append(stretch)
    return own


def _having(effect: Effect) -> Chosen:
    return lambda stretch, employer: stretch.effects[employer] is effect


def _best(effect: Effect) -> Chosen:
    return lambda stretch, employer: stretch.effects[employer] is effect is stretch.best


def _bettered(stretch: Stretch, employer: str) -> bool:
    own = stretch.effects[employer]
    return not own.counts and own is not stretch.best


_COUNTED: tuple[tuple[RuleId, Chosen], ...] = (
    ("paid_month", _having(Effect.PAID)),
    ("maternity_counts", _having(Effect.MATERNITY)),
)
_APART: tuple[tuple[RuleId, Chosen], ...] = (
    ("unpaid_apart", _best(Effect.UNPAID)),
    ("reserved_apart", _best(Effect.RESERVED)),
    ("leave_not_counted", _best(Effect.LEAVE)),
    ("better_status", _bettered),
)


def _spans(own: Iterable[Stretch], employer: str, chosen: Chosen) -> tuple[Span, ...]:
    return joined(stretch.span for stretch in own if chosen(stretch, employer))


def _counted_once(found: Sequence[Stretch]) -> list[Line]:
    """Return one line that takes off, for each month, all but one of the employers that give it."""
    surplus = [(stretch, sum(effect.counts for effect in stretch.effects.values()) - 1) for stretch in found]
    several = [(stretch.span, extra) for stretch, extra in surplus if extra > 0]
    if not several:
        return []
    months = sum(span.months * extra for span, extra in several)
    return [Line("counted_once", -months, None, joined(span for span, _ in several))]


def _gaps(found: Sequence[Stretch]) -> tuple[Span, ...]:
    """Return the months between the first and the last stretch in which no row holds."""
    return tuple(
        Span(before.span.last.plus(1), after.span.first.plus(-1))
        for before, after in pairwise(found)
        if before.span.last.number + 1 < after.span.first.number
    )


def _months(spans: Iterable[Span]) -> int:
    return sum(span.months for span in spans)
