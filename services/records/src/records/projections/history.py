"""The versions of one row of a read model, and which of them stood at a moment.

A read model that can be asked as of a date keeps, for each row, every value the row has had:
`[{"since": "2026-03-01T02:00:00.000000Z", "position": 7, "event_id": "…", "value": {…} or None}, …]`, oldest first.
`None` as value says that the row was taken away. Nothing is ever removed from such a list or changed in it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypedDict

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent


class Version(TypedDict):
    """One value of a row, the moment from which it was the recorded truth, and the event that brought it."""

    since: str
    position: int
    event_id: str
    value: dict[str, Any] | None


def revise(versions: Sequence[Version], event: RecordedEvent, value: Document | None) -> list[Version]:
    """Return the versions with `value` standing from the recording of `event` on.

    A value equal to the last one makes no version: it would say that something changed. Events must come in the
    order of their stream; the projector sees to that, and to each coming once.
    """
    last = versions[-1]["value"] if versions else None
    if value == last:
        return list(versions)
    version: Version = {
        "since": written(event.recorded_at),
        "position": event.position,
        "event_id": event.event_id,
        "value": value,
    }
    return [*versions, version]


def standing(versions: Sequence[Version], as_of: datetime | None) -> Version | None:
    """Return the version that stood at `as_of`, the last one if that is `None`; `None` if the row was not there.

    Of versions whose recording clocks disagree with their order, the later in order wins: a correction never
    yields to what it corrected.
    """
    limit = None if as_of is None else written(as_of)
    for version in reversed(versions):
        if limit is None or version["since"] <= limit:
            return version if version["value"] is not None else None
    return None


def written(moment: datetime) -> str:
    """Return an aware moment as ISO 8601 in UTC, always of the same length, so that texts compare like moments."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
