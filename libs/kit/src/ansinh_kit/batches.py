"""Cutting many into several: what fits into one question to the database."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

Item = TypeVar("Item")

# The embedded server compares every document found with every id asked for: 50 ids take 9 ms, 1,000 take 1,300.
# On a real server a question of a hundred ids costs little more than its round trip.
IDS_AT_ONCE: Final = 100


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in their order, `size` at a time, the last ones as many as are left."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
