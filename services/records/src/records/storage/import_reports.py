"""The refusals of imports, one document each: written in any order and again, read in the order of the lines."""

from collections.abc import AsyncIterator, Sequence
from typing import Final, Protocol

from ansinh_kit.database import BulkRejectedError, Collection, Database, Document
from ansinh_kit.mongo import translated

from records.domain.bulk.refusals import Refusal

COLLECTION: Final = "import_refusals"
_PAGE: Final = 500


class ImportReports(Protocol):
    """Reports kept beside the log. They hold lines, columns, rules and shapes; never a value."""

    async def note(self, import_id: str, refusals: Sequence[Refusal]) -> None:
        """Add refusals to the report of an import. The same ones again change nothing.

        Raises:
            UnavailableError: The server did not answer; some may be noted.
        """
        ...

    def read(self, import_id: str) -> AsyncIterator[Document]:
        """Yield `{line, column, rule, shape}` of every refusal, in the order of the lines."""
        ...


class MongoImportReports:
    """`ImportReports` in a collection."""

    def __init__(self, database: Database) -> None:
        self._refusals: Collection = database[COLLECTION]

    async def note(self, import_id: str, refusals: Sequence[Refusal]) -> None:
        documents = [_document(import_id, index, refusal) for index, refusal in enumerate(refusals)]
        for start in range(0, len(documents), _PAGE):
            try:
                with translated():
                    await self._refusals.insert_many(documents[start : start + _PAGE], ordered=False)
            except BulkRejectedError as rejected:
                if any(failure.duplicate_of != "_id_" for failure in rejected.failures):
                    raise

    async def read(self, import_id: str) -> AsyncIterator[Document]:
        after = f"{import_id}/"
        while True:
            with translated():
                found = await (
                    self._refusals.find({"_id": {"$gt": after, "$lt": f"{import_id}0"}})
                    .sort([("_id", 1)])
                    .limit(_PAGE)
                    .to_list()
                )
            for document in found:
                yield {name: document[name] for name in ("line", "column", "rule", "shape")}
            if len(found) < _PAGE:
                return
            after = found[-1]["_id"]


def _document(import_id: str, index: int, refusal: Refusal) -> Document:
    # The place in its chunk tells several refusals of one line apart; a chunk is always told alike.
    return {
        "_id": f"{import_id}/{refusal.line:012}/{index:06}",
        "line": refusal.line,
        "column": refusal.column,
        "rule": refusal.rule.name,
        "shape": refusal.shape,
    }
