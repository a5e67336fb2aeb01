"""Which offices read a record, when and why: shown to its person, who learns no officer's name (PII-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.opening.events import RecordOpened, RecordReadByStaff
from records.domain.parts import Part, Scope
from records.projections.history import written

_OPENINGS: Final = "openings"


class Readings:
    """One document per participant: its openings by id, each with the reason and what was read under it."""

    name = "readings"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset({_OPENINGS})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case RecordOpened() | RecordReadByStaff() as concerned:
                return [concerned.participant_id]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        before: Document = document or {"participant_id": key, _OPENINGS: {}}
        # The person was forgotten: their readings are too, and nothing is added to what is gone.
        openings = before[_OPENINGS] if isinstance(before[_OPENINGS], dict) else {}
        match event.event:
            case RecordOpened() as opened:
                return before | {_OPENINGS: openings | {opened.opening_id: _opened(opened, event)}}
            case RecordReadByStaff() as read if read.opening_id in openings:
                opening = openings[read.opening_id]
                reads = [*opening["reads"], _read(read, event)]
                return before | {_OPENINGS: openings | {read.opening_id: opening | {"reads": reads}}}
            case _:
                return before


@dataclass(frozen=True, slots=True)
class Reading:
    """One part that was shown; `at` and `event_id` are those of the event in the log."""

    part: Part
    at: datetime
    event_id: str


@dataclass(frozen=True, slots=True)
class OpeningSeen:
    """An opening as its person sees it."""

    opened_at: datetime
    closes_at: datetime
    agency_code: str
    office_role: str
    scope: Scope
    reason: str
    event_id: str
    reads: tuple[Reading, ...]


def openings_seen(document: Document | None, as_of: datetime | None) -> list[OpeningSeen]:
    """Return the openings and reads recorded by `as_of`; by now if that is `None`."""
    openings = {} if document is None else document[_OPENINGS]
    if not isinstance(openings, dict):
        return []
    limit = None if as_of is None else written(as_of)
    return [_seen(opening, limit) for opening in openings.values() if _by(limit, opening["recorded_at"])]


def _opened(opened: RecordOpened, event: RecordedEvent) -> dict[str, Any]:
    return {
        "opened_at": written(opened.occurred_at),
        "closes_at": written(opened.closes_at),
        "agency_code": opened.agency_code,
        "office_role": opened.role,
        "scope": opened.scope,
        "reason": opened.reason,
        "event_id": event.event_id,
        "recorded_at": written(event.recorded_at),
        "reads": [],
    }


def _read(read: RecordReadByStaff, event: RecordedEvent) -> dict[str, Any]:
    return {
        "part": read.part,
        "at": written(read.occurred_at),
        "event_id": event.event_id,
        "recorded_at": written(event.recorded_at),
    }


def _seen(opening: dict[str, Any], limit: str | None) -> OpeningSeen:
    return OpeningSeen(
        opened_at=datetime.fromisoformat(opening["opened_at"]),
        closes_at=datetime.fromisoformat(opening["closes_at"]),
        agency_code=opening["agency_code"],
        office_role=opening["office_role"],
        scope=opening["scope"],
        reason=opening["reason"],
        event_id=opening["event_id"],
        reads=tuple(
            Reading(read["part"], datetime.fromisoformat(read["at"]), read["event_id"])
            for read in opening["reads"]
            if _by(limit, read["recorded_at"])
        ),
    )


def _by(limit: str | None, recorded_at: str) -> bool:
    return limit is None or recorded_at <= limit
