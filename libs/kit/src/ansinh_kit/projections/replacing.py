"""Writing over many documents with one statement, each only where an earlier one stands.

A bulk of replacements is a commit with its journal for each of them on the embedded server, one after the other; an
update of many is one for all. On MongoDB both are a write of each document by itself, whole or not at all, decided on
what stands there at that moment.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from ansinh_kit.batches import IDS_AT_ONCE
from ansinh_kit.database import Document
from ansinh_kit.mongo import UpdateMany, encoded

# A statement holds all of its documents, and no more than 16 MB.
_BYTES_AT_ONCE: Final = 4 << 20

_Encoded: TypeAlias = Any
"""A document as it is sent; the driver's own type."""


def over_earlier_ones(documents: Iterable[Document]) -> list[UpdateMany]:
    """Return statements that put each document in place of the one under its id, if that has an earlier position."""
    return [_replacing(ids, group) for ids, group in _groups(documents)]


def _groups(documents: Iterable[Document]) -> Iterator[tuple[list[Any], list[_Encoded]]]:
    ids: list[Any] = []
    group: list[_Encoded] = []
    size = 0
    for document in documents:
        one = encoded(document)
        if group and (len(group) == IDS_AT_ONCE or size + len(one.raw) > _BYTES_AT_ONCE):
            yield ids, group
            ids, group, size = [], [], 0
        ids.append(document["_id"])
        group.append(one)
        size += len(one.raw)
    if group:
        yield ids, group


def _replacing(ids: Sequence[Any], documents: Sequence[_Encoded]) -> UpdateMany:
    ours = {"$arrayElemAt": [{"$literal": documents}, {"$indexOfArray": [{"$literal": ids}, "$_id"]}]}
    later = {"$cond": [{"$lt": ["$_position", "$$ours._position"]}, "$$ours", "$$ROOT"]}
    return UpdateMany({"_id": {"$in": ids}}, [{"$replaceWith": {"$let": {"vars": {"ours": ours}, "in": later}}}])
