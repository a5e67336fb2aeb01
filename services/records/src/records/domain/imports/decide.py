"""How an import goes on. It may be run by two processes at once, so what is already known makes no event."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.errors import NotFoundError

from records.domain.bulk.refusals import Refusal
from records.domain.imports import events as happened
from records.domain.imports.counts import Counts
from records.domain.imports.events import Event, FileKindName

_NOTHING: Final = Counts()


class ImportNotFoundError(NotFoundError):
    """There is no such import, or it is another agency's."""

    code = "import_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartImport:
    import_id: str
    kind: FileKindName
    agency_code: str | None
    started_by: str
    digest: str
    attempt: int
    lines: int
    dry_run: bool
    file_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteProgress:
    """`chunks` chunks are done, and `counts` are of all of them."""

    chunks: int
    counts: Counts
    at: datetime


@dataclass(frozen=True, slots=True)
class CompleteImport:
    at: datetime


@dataclass(frozen=True, slots=True)
class FailImport:
    refusal: Refusal
    at: datetime


Command = StartImport | NoteProgress | CompleteImport | FailImport


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it stands. `started` is `None` while there is none."""

    started: happened.ImportStarted | None = None
    status: Literal["absent", "running", "completed", "failed"] = "absent"
    chunks: int = 0
    counts: Counts = _NOTHING
    failure: happened.ImportFailed | None = None
    ended_at: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.status in ("completed", "failed")


def decide(command: Command, state: Import) -> list[Event]:
    """Return what has happened: nothing, if it is known already."""
    if isinstance(command, StartImport):
        return [] if state.started else [_started(command)]
    if state.started is None:
        raise ImportNotFoundError
    if state.ended:
        return []
    import_id = state.started.import_id
    match command:
        case NoteProgress(chunks, counts, at):
            progressed = happened.ImportProgressed(import_id=import_id, occurred_at=at, chunks=chunks, counts=counts)
            return [progressed] if chunks > state.chunks else []
        case CompleteImport(at):
            return [happened.ImportCompleted(import_id=import_id, occurred_at=at, counts=state.counts)]
        case FailImport(refusal, at):
            return [
                happened.ImportFailed(
                    import_id=import_id,
                    occurred_at=at,
                    rule=refusal.rule.name,
                    line=refusal.line,
                    column=refusal.column,
                    counts=state.counts,
                )
            ]
        case _:
            assert_never(command)


def evolve(state: Import, event: Event) -> Import:
    match event:
        case happened.ImportStarted():
            return replace(state, started=event, status="running")
        case happened.ImportProgressed():
            return replace(state, chunks=event.chunks, counts=event.counts)
        case happened.ImportCompleted():
            return replace(state, status="completed", counts=event.counts, ended_at=event.occurred_at)
        case happened.ImportFailed():
            return replace(state, status="failed", failure=event, ended_at=event.occurred_at)
        case _:
            assert_never(event)


def _started(command: StartImport) -> happened.ImportStarted:
    return happened.ImportStarted(
        import_id=command.import_id,
        occurred_at=command.at,
        kind=command.kind,
        agency_code=command.agency_code,
        started_by=command.started_by,
        digest=command.digest,
        attempt=command.attempt,
        lines=command.lines,
        dry_run=command.dry_run,
        file_id=command.file_id,
    )


import_decider: Final[Decider[Command, Import, Event]] = Decider(initial=Import(), decide=decide, evolve=evolve)
