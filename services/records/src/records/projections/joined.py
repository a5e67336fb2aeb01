"""Documents of one person that were kept under several ids, read as one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansinh_kit.database import Document

from records.projections.history import Version


def joined(documents: Sequence[Document]) -> Document | None:
    """Return the first document with the rows of the others beside its own; `None` if there are none.

    Rows by id get the versions they had in any of the documents, in the order of the log; of lists of ids each id is
    named once. What is erased in the first stays erased, and what is erased in another adds nothing.
    """
    if not documents:
        return None
    first, *others = documents
    return {name: _joined(value, [other.get(name) for other in others]) for name, value in first.items()}


def _joined(value: Any, others: Iterable[Any]) -> Any:  # noqa: ANN401 - as the documents have them
    match value:
        case dict():
            return _all_versions([value, *(other for other in others if isinstance(other, dict))])
        case list():
            return sorted({*value, *(each for other in others for each in other or ())})
        case _:
            return value


def _all_versions(rows: Sequence[Mapping[str, list[Version]]]) -> dict[str, list[Version]]:
    ids = dict.fromkeys(row_id for each in rows for row_id in each)
    return {row_id: _in_order(each.get(row_id, ()) for each in rows) for row_id in ids}


def _in_order(versions: Iterable[Sequence[Version]]) -> list[Version]:
    return sorted((version for some in versions for version in some), key=lambda version: version["position"])
