"""Chance, the same every time: one source per person and purpose."""

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Draw:
    """Draws that depend on `seed` and `place` alone."""

    def __init__(self, seed: int, place: str) -> None:
        self._random = random.Random(f"{seed}/{place}")  # noqa: S311 - made-up data, to be made again alike

    def between(self, least: int, most: int) -> int:
        """Return a whole number, both ends included."""
        return self._random.randint(least, most)

    def mostly_small(self, least: int, most: int) -> int:
        """Return a whole number, small ones far more often than large ones."""
        return least + int((most - least + 1) * self._random.random() ** 3)

    def chance(self, percent: float) -> bool:
        return self._random.random() * 100 < percent

    def one_of(self, items: Sequence[Item]) -> Item:
        return self._random.choice(items)
