"""The notices a participant has been sent: each stays as it went out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.month import Month
from records.domain.notices.events import NoticeLine, UnpaidNoticeIssued
from records.projections.history import written

_NOTICES: Final = "notices"


class Notices:
    """One document per participant: its notices by month."""

    name = "notices"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset({_NOTICES})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return (event.event.participant_id,) if isinstance(event.event, UnpaidNoticeIssued) else ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        known = {} if document is None else document[_NOTICES]
        # The person was forgotten: the notices are too, and nothing is added to what is gone.
        notices = known if isinstance(known, dict) else {}
        match event.event:
            case UnpaidNoticeIssued(lines=tuple()) as issued:
                return {"participant_id": key, _NOTICES: notices | {issued.month.iso: _noted(issued, event)}}
            case _:
                return {"participant_id": key, _NOTICES: notices}


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """A notice as its person sees it; `event_id` is that of the event in the log."""

    month: Month
    judged_on: date
    issued_at: datetime
    event_id: str
    lines: tuple[NoticeLine, ...]


def notices_seen(document: Document | None, as_of: datetime | None) -> list[NoticeSeen]:
    """Return the notices recorded by `as_of`; by now if that is `None`."""
    notices = {} if document is None else document[_NOTICES]
    if not isinstance(notices, dict):
        return []
    limit = None if as_of is None else written(as_of)
    return [_seen(notice) for notice in notices.values() if limit is None or notice["recorded_at"] <= limit]


def _noted(issued: UnpaidNoticeIssued, event: RecordedEvent) -> dict[str, Any]:
    return {
        "month": issued.month.iso,
        "judged_on": issued.judged_on.isoformat(),
        "issued_at": written(issued.occurred_at),
        "event_id": event.event_id,
        "recorded_at": written(event.recorded_at),
        "lines": [line.model_dump(mode="json") for line in issued.lines or ()],
    }


def _seen(notice: dict[str, Any]) -> NoticeSeen:
    return NoticeSeen(
        month=Month.from_iso(notice["month"]),
        judged_on=date.fromisoformat(notice["judged_on"]),
        issued_at=datetime.fromisoformat(notice["issued_at"]),
        event_id=notice["event_id"],
        lines=tuple(NoticeLine.model_validate(line) for line in notice["lines"]),
    )
