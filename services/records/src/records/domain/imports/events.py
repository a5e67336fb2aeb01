"""What can have happened to an import. Types and fields are stored for ever; none is personal."""

from datetime import datetime
from typing import ClassVar, Literal

from ansinh_kit.events import DomainEvent

from records.domain.imports.counts import Counts

FileKindName = Literal["participants", "contributions", "benefits", "cards", "visits"]


class ImportEvent(DomainEvent):
    import_id: str
    occurred_at: datetime


class ImportStarted(ImportEvent):
    """A file was taken in. `agency_code` is whose participants it may feed: `None` stands for all of them.

    `attempt` counts how often this agency has brought this very file; `lines` is how long it is. `file_id` names the
    stored copy to be worked on in the background; `None` if whoever started it runs it. A dry run records nothing.
    """

    event_type: ClassVar[str] = "import_started"

    kind: FileKindName
    agency_code: str | None
    started_by: str
    digest: str
    attempt: int
    lines: int
    dry_run: bool
    file_id: str | None = None


class ImportProgressed(ImportEvent):
    """`chunks` chunks are done; `counts` are of all of them."""

    event_type: ClassVar[str] = "import_progressed"

    chunks: int
    counts: Counts


class ImportCompleted(ImportEvent):
    """Every row was recorded, or refused with a reason in the report."""

    event_type: ClassVar[str] = "import_completed"

    counts: Counts


class ImportFailed(ImportEvent):
    """The file cannot be read to its end. What was recorded before stands; `rule` says why."""

    event_type: ClassVar[str] = "import_failed"

    rule: str
    line: int
    column: str | None
    counts: Counts


IMPORT_EVENTS: tuple[type[ImportEvent], ...] = (ImportStarted, ImportProgressed, ImportCompleted, ImportFailed)
Event = ImportStarted | ImportProgressed | ImportCompleted | ImportFailed
