"""The port to the document database: the few calls the tree uses, and the errors they end in.

Motor and PyMongo's own async client both fit these protocols. Source: ADR-0002.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Document: TypeAlias = dict[str, Any]
Filter: TypeAlias = Mapping[str, Any]
Update: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]]
Sort: TypeAlias = Sequence[tuple[str, int]]


class UpdateResult(Protocol):
    @property
    def matched_count(self) -> int: ...
    @property
    def modified_count(self) -> int: ...
    @property
    def upserted_id(self) -> Any: ...  # noqa: ANN401 - ids are whatever the caller chose


class DeleteResult(Protocol):
    @property
    def deleted_count(self) -> int: ...


class Cursor(Protocol):
    def __aiter__(self) -> AsyncIterator[Document]: ...
    def sort(self, key: Sort, /) -> "Cursor": ...
    def limit(self, limit: int, /) -> "Cursor": ...
    def skip(self, skip: int, /) -> "Cursor": ...
    def batch_size(self, batch_size: int, /) -> "Cursor": ...
    async def to_list(self, length: int | None = None) -> list[Document]: ...
    async def close(self) -> None: ...


class Collection(Protocol):
    """A collection whose writes are acknowledged by a majority, with their journal, before the call returns."""

    @property
    def name(self) -> str: ...
    def find(self, query: Filter | None = None, /, projection: Mapping[str, Any] | None = None) -> Cursor: ...
    async def find_one(
        self, query: Filter, /, projection: Mapping[str, Any] | None = None, *, sort: Sort | None = None
    ) -> Document | None: ...
    async def count_documents(self, query: Filter, /) -> int: ...
    async def distinct(self, key: str, query: Filter | None = None, /) -> list[Any]: ...
    async def insert_one(self, document: Document, /) -> Any: ...  # noqa: ANN401 - nothing in the result is used
    async def insert_many(self, documents: Sequence[Document], /, *, ordered: bool = True) -> Any: ...  # noqa: ANN401 - as above
    async def replace_one(self, query: Filter, document: Document, /, *, upsert: bool = False) -> UpdateResult: ...
    async def update_one(self, query: Filter, update: Update, /, *, upsert: bool = False) -> UpdateResult: ...
    async def update_many(self, query: Filter, update: Update, /) -> UpdateResult: ...
    async def delete_one(self, query: Filter, /) -> DeleteResult: ...
    async def delete_many(self, query: Filter, /) -> DeleteResult: ...
    async def find_one_and_update(
        self,
        query: Filter,
        update: Update,
        /,
        *,
        projection: Mapping[str, Any] | None = None,
        sort: Sort | None = None,
        upsert: bool = False,
        return_document: bool = False,
    ) -> Document | None:
        """Return the document as it was, or with `return_document=True` as it became."""
        ...

    async def bulk_write(self, requests: Sequence[Any], /, *, ordered: bool = True) -> Any: ...  # noqa: ANN401 - as above
    async def create_index(self, keys: Sort, /, **options: Any) -> str: ...  # noqa: ANN401 - options of the server
    async def drop(self) -> None: ...
    def with_options(self, **options: Any) -> "Collection": ...  # noqa: ANN401 - the driver's own options


class Database(Protocol):
    @property
    def name(self) -> str: ...
    def __getitem__(self, name: str, /) -> Collection: ...
    async def list_collection_names(self) -> list[str]: ...
    async def drop_collection(self, name: str, /) -> Any: ...  # noqa: ANN401 - nothing in the result is used


@dataclass(frozen=True, slots=True)
class WriteFailure:
    """One refused write of a bulk: its place in the list, and the unique index that refused it, if one did."""

    index: int
    duplicate_of: str | None


class DuplicateKeyError(Exception):
    """A unique index refused the write; `index_name` is `_id_` for the primary key. Nothing was written."""

    def __init__(self, index_name: str) -> None:
        super().__init__(f"duplicate key in {index_name}")
        self.index_name = index_name


class BulkRejectedError(Exception):
    """Some writes of a bulk were refused. Ordered: the first failure ended it; unordered: all others were done."""

    def __init__(self, failures: Sequence[WriteFailure]) -> None:
        super().__init__(f"{len(failures)} writes refused")
        self.failures = tuple(failures)


class DatabaseRefusedError(Exception):
    """The server understood and said no: a mistake in this program or its set-up. Carries no stored value."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"MongoDB refused with code {code}")
        self.code = code


class FileMissingError(Exception):
    """There is no file under this id."""


class FileDamagedError(Exception):
    """Of the file under this id something is lost; it will not come back by asking again."""
