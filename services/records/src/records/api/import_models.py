"""What is told of an import."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from records.domain.imports.counts import Counts
from records.domain.imports.decide import Import
from records.domain.imports.events import FileKindName


class ImportFailure(BaseModel):
    """Why a file cannot be read to its end."""

    rule: str
    line: int
    column: str | None


class ImportStatus(BaseModel):
    """How far an import has come. `lines` is the length of the file, its header and blank lines included."""

    import_id: str
    status: Literal["running", "completed", "failed"]
    kind: FileKindName
    dry_run: bool
    lines: int
    counts: Counts
    started_at: datetime
    ended_at: datetime | None
    failure: ImportFailure | None

    @classmethod
    def of(cls, found: Import) -> "ImportStatus":
        started, failed = found.started, found.failure
        if started is None or found.status == "absent":
            raise AssertionError("only an import that has begun is told of")
        return cls(
            import_id=started.import_id,
            status=found.status,
            kind=started.kind,
            dry_run=started.dry_run,
            lines=started.lines,
            counts=found.counts,
            started_at=started.occurred_at,
            ended_at=found.ended_at,
            failure=None if failed is None else ImportFailure(rule=failed.rule, line=failed.line, column=failed.column),
        )
