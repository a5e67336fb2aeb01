"""The counting rules once more, slowly: one month after the other, as the text has them. Shares no code with them."""

from collections.abc import Collection, Iterable, Sequence

from records.domain.counting.rows import Row
from records.domain.counting.unemployment import BenefitTaken
from records.domain.kind import Kind
from records.domain.month import Month

Places = dict[int, dict[str, list[str]]]
"""By month number and employer code: what each row says of the month."""

_ORDER = ("left out", "unpaid", "reserved", "maternity", "paid")


def expand(kind: Kind, rows: Iterable[Row], within: tuple[Month, Month] | None = None) -> Places:
    """Write every month of every sound row into its place, with its status or what leave makes of it."""
    places: Places = {}
    for row in rows:
        if row.from_month is None or row.to_month is None or row.from_month > row.to_month:
            continue
        for number in range(row.from_month.number, row.to_month.number + 1):
            if within is not None and not within[0].number <= number <= within[1].number:
                continue
            says = places.setdefault(number, {}).setdefault(row.employer_code, [])
            says.append(_says(kind, row, number))
    return places


def _says(kind: Kind, row: Row, number: int) -> str:
    year = number // 12
    if kind == "social" and row.movement_code == "TS" and year >= 1995:
        return "maternity"
    if kind == "social" and row.movement_code in ("OF", "KL") and year >= 1995:
        return "left out"
    if kind == "unemployment" and row.movement_code in ("TS", "OF", "KL") and year >= 2009:
        return "left out"
    return row.status


def best(words: Collection[str]) -> str:
    return max(words, key=_ORDER.index)


def best_of_month(places: Places, number: int) -> str:
    return best([word for words in places[number].values() for word in words])


def total(places: Places) -> int:
    return len([number for number in places if best_of_month(places, number) in ("paid", "maternity")])


def months_with(places: Places, word: str) -> int:
    return len([number for number in places if best_of_month(places, number) == word])


def overlap_months(places: Places) -> set[int]:
    return {number for number, employers in places.items() if len(employers) > 1}


def unpaid_months(places: Places) -> set[tuple[str, int]]:
    """Return, as employer and month, what is owed: the best status of the month is unpaid, and the employer's too."""
    return {
        (employer, number)
        for number, employers in places.items()
        if best_of_month(places, number) == "unpaid"
        for employer, words in employers.items()
        if best(words) == "unpaid"
    }


def unused(paid_months: Sequence[int], benefits: Iterable[BenefitTaken]) -> int:
    """Return how many paid months are left when each benefit has eaten the oldest ones before it, 12 a month."""
    left = sorted(paid_months)
    for benefit in sorted(benefits, key=lambda one: one.first_month):
        for _ in range(12 * benefit.months_received):
            if left and left[0] < benefit.first_month.number:
                left.pop(0)
    return len(left)
