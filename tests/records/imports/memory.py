"""What imports store, in this process only."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ansinh_kit.database import Document, DuplicateKeyError, FileMissingError
from ansinh_kit.mongo import StoredFile
from records.domain.bulk.refusals import Refusal


@dataclass
class MemoryReports:
    """Refusals by import; the same place twice is one."""

    noted: dict[str, dict[tuple[int, int], Refusal]] = field(default_factory=dict)

    async def note(self, import_id: str, refusals: Sequence[Refusal]) -> None:
        report = self.noted.setdefault(import_id, {})
        report.update({(refusal.line, index): refusal for index, refusal in enumerate(refusals)})

    async def read(self, import_id: str) -> AsyncIterator[Document]:
        for _, refusal in sorted(self.noted.get(import_id, {}).items(), key=_place):
            yield {
                "line": refusal.line,
                "column": refusal.column,
                "rule": refusal.rule.name,
                "shape": refusal.shape,
            }

    def told(self, import_id: str) -> list[tuple[int, str | None, str]]:
        report = self.noted.get(import_id, {})
        return [(refusal.line, refusal.column, refusal.rule.name) for _, refusal in sorted(report.items(), key=_place)]


@dataclass
class MemoryBucket:
    files: dict[str, StoredFile] = field(default_factory=dict)

    async def put(self, file_id: str, content: bytes, *, metadata: Mapping[str, Any]) -> None:
        if file_id in self.files:
            raise DuplicateKeyError("_id_")
        self.files[file_id] = StoredFile(content, dict(metadata))

    async def get(self, file_id: str) -> StoredFile:
        try:
            return self.files[file_id]
        except KeyError as error:
            raise FileMissingError(file_id) from error

    async def delete(self, file_id: str) -> None:
        self.files.pop(file_id, None)

    async def ids_before(self, moment: datetime, *, limit: int) -> list[str]:
        del moment  # everything here is old
        return list(self.files)[:limit]


def _place(entry: tuple[tuple[int, int], Refusal]) -> tuple[int, int]:
    return entry[0]
