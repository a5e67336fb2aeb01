"""Documents that keep rows by id, each with all its versions, in one personal field."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent

from records.projections.history import Version, revise, standing

Rows = dict[str, list[Version]]


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A row as it stood at the moment asked for: since when, and which event brought it."""

    row_id: str
    since: datetime
    event_id: str
    value: Mapping[str, Any]


def rows_of(document: Document | None, field: str) -> Rows:
    """Return the rows in `field`; none if there is no document, or its person was forgotten."""
    rows = {} if document is None else document[field]
    return dict(rows) if isinstance(rows, dict) else {}


def revised(rows: Rows, row_id: str, event: RecordedEvent, value: Document | None) -> Rows:
    """Return the rows with `value` standing under `row_id` from the recording of `event` on."""
    return rows | {row_id: revise(rows.get(row_id, []), event, value)}


def ended(rows: Rows, row_ids: Iterable[str], event: RecordedEvent) -> Rows:
    """Return the rows with those of `row_ids` standing no longer from the recording of `event` on."""
    for row_id in row_ids:
        rows = revised(rows, row_id, event, None)
    return rows


def without(rows: Rows, row_ids: Collection[str]) -> Rows:
    """Return the rows but for those of `row_ids`."""
    return {row_id: versions for row_id, versions in rows.items() if row_id not in row_ids}


def standing_rows(rows: Rows, as_of: datetime | None) -> list[StandingRow]:
    """Return every row that stood at `as_of`, by id; now if that is `None`."""
    return [
        _standing(row_id, version)
        for row_id, versions in sorted(rows.items())
        if (version := standing(versions, as_of)) is not None
    ]


def versions_by(rows: Rows, row_id: str, as_of: datetime | None) -> list[StandingRow]:
    """Return the versions of one row that were recorded by `as_of`, newest first; the ends of a row are left out."""
    known = [version for version in rows.get(row_id, []) if standing([version | {"value": {}}], as_of) is not None]
    return [_standing(row_id, version) for version in reversed(known) if version["value"] is not None]


def last_value(rows: Rows, row_id: str) -> Document | None:
    """Return what stands under `row_id` after all events so far."""
    versions = rows.get(row_id)
    return versions[-1]["value"] if versions else None


def _standing(row_id: str, version: Version) -> StandingRow:
    return StandingRow(row_id, datetime.fromisoformat(version["since"]), version["event_id"], version["value"] or {})
