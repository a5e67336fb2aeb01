"""The rank test of Mann and Whitney: could two sets of times have come from one and the same source?"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist


def p_value(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the two-sided p value, by the normal approximation with ties; good from some 20 samples on each side."""
    ranks, ties = _ranks([*one, *other])
    n, m = len(one), len(other)
    u = sum(ranks[:n]) - n * (n + 1) / 2
    spread = sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    if spread == 0:
        return 1.0
    return 2 * NormalDist().cdf(-abs(u - n * m / 2) / spread)


def _ranks(values: Sequence[float]) -> tuple[list[float], float]:
    """Return each value's rank, equal ones sharing the middle of theirs, and the correction for ties."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, ties, start = [0.0] * len(values), 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for index in order[start:end]:
            ranks[index] = (start + end + 1) / 2
        ties += (end - start) ** 3 - (end - start)
        start = end
    return ranks, ties
