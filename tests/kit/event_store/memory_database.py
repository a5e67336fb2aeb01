"""Collections in memory with unique indexes: enough of the port for the log's algorithm to run at full speed.

It passes the same contract suite (see `test_mongo_log.py`), so what is found here is found about the algorithm.
"""

import operator
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, cast

from ansinh_kit.database import BulkRejectedError, Collection, Database, Document, DuplicateKeyError, WriteFailure

Sort = Sequence[tuple[str, int]]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$gt": operator.gt,
    "$lte": operator.le,
    "$in": lambda value, allowed: value in allowed,
}


def memory_database() -> Database:
    return cast("Database", MemoryDatabase())


class MemoryDatabase:
    def __init__(self) -> None:
        self._collections: dict[str, MemoryCollection] = {}

    def __getitem__(self, name: str) -> Collection:
        return cast("Collection", self._collections.setdefault(name, MemoryCollection()))


class MemoryCursor:
    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = list(documents)

    def sort(self, keys: Sort) -> "MemoryCursor":
        for key, direction in reversed(keys):
            self._documents.sort(key=lambda document: document[key], reverse=direction < 0)
        return self

    def limit(self, limit: int) -> "MemoryCursor":
        return MemoryCursor(self._documents[:limit])

    def batch_size(self, batch_size: int) -> "MemoryCursor":
        del batch_size
        return self

    async def to_list(self, length: int | None = None) -> list[Document]:
        return deepcopy(self._documents[:length])

    async def __aiter__(self) -> AsyncIterator[Document]:
        for document in self._documents:
            yield deepcopy(document)


class MemoryCollection:
    def __init__(self) -> None:
        self._documents: dict[Any, Document] = {}
        self._unique: dict[str, tuple[str, ...]] = {}

    async def create_index(self, keys: Sort, **options: Any) -> str:  # noqa: ANN401 - as the port
        self._unique[options["name"]] = tuple(key for key, _ in keys)
        return str(options["name"])

    def with_options(self, **options: Any) -> "MemoryCollection":  # noqa: ANN401 - as the port
        del options
        return self

    def find(self, query: Mapping[str, Any], projection: object = None) -> MemoryCursor:
        del projection
        return MemoryCursor(document for document in self._documents.values() if _matches(document, query))

    async def find_one(
        self, query: Mapping[str, Any], projection: object = None, *, sort: Sort = ()
    ) -> Document | None:
        found = await self.find(query, projection).sort(sort).limit(1).to_list()
        return found[0] if found else None

    async def insert_one(self, document: Document) -> None:
        index_name = self._taken(document)
        if index_name is not None:
            raise DuplicateKeyError(index_name)
        self._documents[document["_id"]] = deepcopy(document)

    async def insert_many(self, documents: Sequence[Document], *, ordered: bool = True) -> None:
        failures = []
        for index, document in enumerate(documents):
            try:
                await self.insert_one(document)
            except DuplicateKeyError as error:
                failures.append(WriteFailure(index, error.index_name))
                if ordered:
                    break
        if failures:
            raise BulkRejectedError(failures)

    async def update_one(self, query: Mapping[str, Any], update: Mapping[str, Any], *, upsert: bool) -> None:
        assert upsert
        document = self._documents.setdefault(query["_id"], dict(query))
        for name, value in update["$max"].items():
            document[name] = max(document.get(name, value), value)

    async def find_one_and_update(
        self, query: Mapping[str, Any], update: Mapping[str, Any], *, return_document: bool
    ) -> Document | None:
        assert return_document
        document = self._documents.get(query["_id"])
        if document is None:
            return None
        for name, value in update["$inc"].items():
            document[name] = document.get(name, 0) + value
        return deepcopy(document)

    def _taken(self, document: Document) -> str | None:
        if document["_id"] in self._documents:
            return "_id_"
        for name, keys in self._unique.items():
            mine = [document.get(key) for key in keys]
            if any(value is not None for value in mine) and any(
                [other.get(key) for key in keys] == mine for other in self._documents.values()
            ):
                return name
        return None


def _matches(document: Document, query: Mapping[str, Any]) -> bool:
    return all(_fits(document.get(name), wanted) for name, wanted in query.items())


def _fits(value: Any, wanted: Any) -> bool:  # noqa: ANN401 - values of documents
    if not isinstance(wanted, Mapping):
        return bool(value == wanted)
    if value is None:
        return False
    return all(_OPERATORS[name](value, bound) for name, bound in wanted.items())
