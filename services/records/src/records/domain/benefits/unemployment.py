"""What the unemployment tab tells the counting of months: which benefits used up how much."""

from collections.abc import Iterable

from records.domain.benefits.benefit import Benefit, UnemploymentBenefit
from records.domain.counting.unemployment import BenefitTaken
from records.domain.month import Month


def benefits_taken(benefits: Iterable[Benefit]) -> tuple[BenefitTaken, ...]:
    """Return the unemployment benefits among `benefits` as `unused_months` counts them, earliest first."""
    taken = [
        BenefitTaken(Month.containing(benefit.from_date), benefit.months_used)
        for benefit in benefits
        if isinstance(benefit, UnemploymentBenefit) and benefit.months_used > 0
    ]
    return tuple(sorted(taken, key=lambda benefit: benefit.first_month))
