"""Months with several employers: counted once, and flagged for an officer's review."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from records.domain.counting.explanation import by_employer
from records.domain.counting.span import Span, joined
from records.domain.counting.stretches import Stretch
from records.domain.kind import Kind


@dataclass(frozen=True, slots=True)
class Overlap:
    """Months with rows of the same employers, of any status.

    `counted_for` is the employer the months count for: health insurance by the best paid contract, the others by the
    first (Decision 595); `None` where no employer's month counts.
    """

    span: Span
    employer_codes: tuple[str, ...]
    counted_for: str | None


def overlaps(kind: Kind, found: Sequence[Stretch]) -> tuple[Overlap, ...]:
    several = [stretch for stretch in found if len(stretch.effects) > 1]
    if not several:
        return ()
    order = {employer: place for place, employer in enumerate(by_employer(found))}
    return tuple(_joined((stretch, _counted_for(kind, stretch, order)) for stretch in several))


def _counted_for(kind: Kind, stretch: Stretch, order: dict[str, int]) -> str | None:
    counting = sorted((code for code, effect in stretch.effects.items() if effect.counts), key=order.__getitem__)
    if not counting or kind != "health":
        return counting[0] if counting else None
    paid = {code: _best_paid(stretch, code) for code in counting}
    # `max` keeps the first of equals: of two equally paid contracts the earlier one.
    return max(counting, key=paid.__getitem__)


def _best_paid(stretch: Stretch, employer: str) -> Decimal:
    values = (
        piece.row.value for piece in stretch.pieces if piece.row.employer_code == employer and piece.effect.counts
    )
    return max((value for value in values if value is not None), default=Decimal(0))


def _joined(several: Iterator[tuple[Stretch, str | None]]) -> Iterator[Overlap]:
    same = groupby(several, key=lambda one: (tuple(sorted(one[0].effects)), one[1]))
    for (employers, counted_for), group in same:
        for span in joined(stretch.span for stretch, _ in group):
            yield Overlap(span, employers, counted_for)
