"""Imports as staff and the background work see them: which run, whose they are, how far they have come."""

from collections.abc import Iterable, Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.imports import events as happened
from records.domain.imports.events import ImportEvent


class Imports:
    """One document per import: `{import_id, status, kind, agency_code, dry_run, file_id, started_at, counts, …}`."""

    name = "imports"
    version = 2
    indexes: Sequence[ViewIndex] = (ViewIndex({"status": 1, "started_at": 1}), ViewIndex({"agency_code": 1}))
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"an import holds nothing personal: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return (event.event.import_id,) if isinstance(event.event, ImportEvent) else ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        match event.event:
            case happened.ImportStarted() as started:
                return {
                    "import_id": key,
                    "status": "running",
                    "kind": started.kind,
                    "agency_code": started.agency_code,
                    "started_by": started.started_by,
                    "dry_run": started.dry_run,
                    "file_id": started.file_id,
                    "lines": started.lines,
                    "started_at": started.occurred_at,
                    "counts": {},
                }
            case happened.ImportProgressed() as progressed:
                return {**(document or {}), "counts": progressed.counts.model_dump()}
            case happened.ImportCompleted() as completed:
                return {**(document or {}), "status": "completed", "counts": completed.counts.model_dump()}
            case happened.ImportFailed():
                return {**(document or {}), "status": "failed"}
        return document
