"""Unemployment insurance: how long a benefit paid months give, and what is left of them after one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from records.domain.counting.span import Span
from records.domain.month import FIRST_MONTH, LAST_MONTH, Month


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitScale:
    """How many months of benefit paid months give, while the law says so.

    From `least` paid months on, `base` months; one more for each further `block` after the first `covered_by_base`;
    never more than `most`. Each month received uses up `block` paid months.
    """

    in_force: Span
    least: int
    covered_by_base: int
    base: int
    block: int
    most: int

    def months(self, paid: int) -> int:
        """Return the months of benefit that `paid` months give."""
        if paid < self.least:
            return 0
        return min(self.most, self.base + max(0, (paid - self.covered_by_base) // self.block))


# Employment Law 38/2013/QH13, Articles 50 and 53. Older decisions are counted alike: their scale is not kept here.
# The law in force since 2026 was not confirmed to differ; another entry goes before this one's end if it does.
_LAW_OF_2013: Final = BenefitScale(
    in_force=Span(FIRST_MONTH, LAST_MONTH), least=12, covered_by_base=36, base=3, block=12, most=12
)
BENEFIT_SCALES: Final[tuple[BenefitScale, ...]] = (_LAW_OF_2013,)


def scale_at(month: Month, scales: Sequence[BenefitScale] = BENEFIT_SCALES) -> BenefitScale:
    """Return the scale in force in `month`; the scales cover all time."""
    return next(scale for scale in scales if scale.in_force.first <= month <= scale.in_force.last)


def ui_months(paid: int, at: Month | None = None) -> int:
    """Return the months of benefit that `paid` unused months give, by the law in force at `at`, else by the latest."""
    return scale_at(at or LAST_MONTH).months(paid)


@dataclass(frozen=True, slots=True)
class BenefitTaken:
    """An unemployment benefit: the first month it was paid for, and for how many it was received so far."""

    first_month: Month
    months_received: int


@dataclass(frozen=True, slots=True)
class BenefitUse:
    """The paid months one benefit used up, oldest first."""

    benefit: BenefitTaken
    used: int


@dataclass(frozen=True, slots=True)
class UnusedMonths:
    """Paid months not yet used for a benefit: `paid` less every use."""

    paid: int
    uses: tuple[BenefitUse, ...]

    @property
    def unused(self) -> int:
        return self.paid - sum(use.used for use in self.uses)


def unused_months(counted: Iterable[Span], benefits: Iterable[BenefitTaken]) -> UnusedMonths:
    """Return what benefits left of the counted months, which come in order of time.

    After a benefit the count restarts: months paid before it and not used up by what was received stay reserved and
    are added to what is paid afterwards.
    """
    spans, uses, used = tuple(counted), list[BenefitUse](), 0
    for benefit in sorted(benefits, key=lambda one: one.first_month):
        available = _months_before(spans, benefit.first_month) - used
        use = min(available, scale_at(benefit.first_month).block * benefit.months_received)
        uses.append(BenefitUse(benefit, use))
        used += use
    return UnusedMonths(sum(span.months for span in spans), tuple(uses))


def _months_before(spans: Sequence[Span], month: Month) -> int:
    earlier = takewhile(lambda span: span.first < month, spans)
    return sum(min(span.last.number + 1, month.number) - span.first.number for span in earlier)
