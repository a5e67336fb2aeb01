"""What is told of an import."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from records.api.feeding import BilingualAnswer
from records.domain.imports.counts import Counts
from records.domain.imports.decide import Import
from records.domain.imports.events import FileKindName, ImportFailed
from records.domain.published_rules import all_rules


class ImportFailure(BaseModel):
    """Why the import ended before its file: the rule, in words, and what to do. Words of rules given up are `null`."""

    rule: str
    message: BilingualAnswer | None
    way_out: BilingualAnswer | None
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
            failure=None if failed is None else _failure(failed),
        )


def _failure(failed: ImportFailed) -> ImportFailure:
    rule = all_rules().get(failed.rule)
    return ImportFailure(
        rule=failed.rule,
        message=None if rule is None else BilingualAnswer(vi=rule.message.vi, en=rule.message.en),
        way_out=None if rule is None else BilingualAnswer(vi=rule.way_out.vi, en=rule.way_out.en),
        line=failed.line,
        column=failed.column,
    )
