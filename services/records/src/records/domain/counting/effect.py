"""What a month of a row does to the count of its kind: its status, unless leave was taken in it.

Which leave changes what is law, and law is dated: each entry of the table holds between its months.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from records.domain.counting.rows import Row, Status
from records.domain.counting.span import Span
from records.domain.kind import Kind
from records.domain.month import LAST_MONTH, Month


class Effect(IntEnum):
    """Ordered: where a month has several, the highest one holds."""

    LEAVE = 0
    UNPAID = 1
    RESERVED = 2
    MATERNITY = 3
    PAID = 4

    @property
    def counts(self) -> bool:
        return self >= Effect.MATERNITY


@dataclass(frozen=True, slots=True)
class LeaveRule:
    """Months of a kind reported with `movement_code` have `effect` while the rule is in force."""

    kind: Kind
    movement_code: str
    effect: Effect
    in_force: Span


_SOCIAL: Final = Span(Month.of(1995, 1), LAST_MONTH)  # contributions are recorded since then (Decree 12/CP of 1995)
_UNEMPLOYMENT: Final = Span(Month.of(2009, 1), LAST_MONTH)  # the scheme began then

# TS maternity, OF sick or unpaid leave, KL unpaid leave: reported for months with 14 or more working days off.
# For accident and health insurance the text names no such rule: there the status alone decides.
LEAVE_RULES: Final[tuple[LeaveRule, ...]] = (
    LeaveRule("social", "TS", Effect.MATERNITY, _SOCIAL),
    LeaveRule("social", "OF", Effect.LEAVE, _SOCIAL),
    LeaveRule("social", "KL", Effect.LEAVE, _SOCIAL),
    LeaveRule("unemployment", "TS", Effect.LEAVE, _UNEMPLOYMENT),
    LeaveRule("unemployment", "OF", Effect.LEAVE, _UNEMPLOYMENT),
    LeaveRule("unemployment", "KL", Effect.LEAVE, _UNEMPLOYMENT),
)

_BY_STATUS: Final[MappingProxyType[Status, Effect]] = MappingProxyType(
    {"paid": Effect.PAID, "reserved": Effect.RESERVED, "unpaid": Effect.UNPAID}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Months of one row that all have the same effect."""

    span: Span
    effect: Effect
    row: Row


def pieces(kind: Kind, row: Row, rules: Sequence[LeaveRule] = LEAVE_RULES) -> Iterator[Piece]:
    """Yield the row's months, cut where its effect changes; nothing for a row that cannot be counted.

    `rules` of one kind and code stand in order of time and do not overlap.
    """
    if row.from_month is None or row.to_month is None or row.from_month > row.to_month:
        return
    by_status, rest = _BY_STATUS[row.status], Span(row.from_month, row.to_month)
    for rule in rules if row.movement_code else ():
        if rule.movement_code != row.movement_code or rule.kind != kind:
            continue
        ruled = rest.within(rule.in_force)
        if ruled is None:
            continue
        if rest.first < ruled.first:
            yield Piece(Span(rest.first, ruled.first.plus(-1)), by_status, row)
        yield Piece(ruled, rule.effect, row)
        if ruled.last == rest.last:
            return
        rest = Span(ruled.last.plus(1), rest.last)
    yield Piece(rest, by_status, row)
