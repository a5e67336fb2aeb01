"""The periods of a participant, by kind: every version each row has had, in one document under `<participant>/<kind>`.

The rows are one personal field and so one ciphertext. Totals are not in it: they are counted from the rows shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ansinh_kit.database import Document
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.projections.projection import ViewIndex
from pydantic import TypeAdapter

from records.domain.contributions import events as happened
from records.domain.contributions.period import Period, PeriodDetail
from records.domain.kind import KINDS, Kind
from records.domain.month import Month
from records.projections.history import Version, revise, standing, written

_DETAIL: Final = "detail"
_ALLOWANCES: Final = "allowances"
_DETAILS: Final = TypeAdapter(list[PeriodDetail | None])


class Participation:
    """One document per participant and kind, from the first period of the kind on; it never goes."""

    name = "participation"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset({"rows"})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case happened.PeriodRecorded() | happened.PeriodCorrected() | happened.PeriodWithdrawn() as one:
                return [participation_key(one.participant_id, one.kind)]
            case happened.ContributionsTakenOver() as merged:
                kinds = {period.kind for period in merged.periods}
                return [participation_key(merged.participant_id, kind) for kind in KINDS if kind in kinds]
            case happened.ContributionsMoved() as moved:
                return [participation_key(moved.participant_id, kind) for kind in KINDS]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        participant_id, _, kind = key.partition("/")
        changes = _changes(kind, document, event)
        if document is None and not changes:
            return None
        rows = dict(_rows(document))
        for period_id, value in changes.items():
            rows[period_id] = revise(rows.get(period_id, ()), event, value)
        return {"participant_id": participant_id, "kind": kind, "rows": rows}


def participation_key(participant_id: str, kind: Kind) -> str:
    return f"{participant_id}/{kind}"


def _rows(document: Document | None) -> Mapping[str, list[Version]]:
    """Return the versions by period id; none where they can be read no more."""
    rows = {} if document is None else document["rows"]
    return {} if rows == ERASED else rows


def _changes(kind: str, document: Document | None, event: RecordedEvent) -> dict[str, dict[str, Any] | None]:
    """Return what the event makes of the rows it concerns, by period id; `None` for one that is taken away."""
    match event.event:
        case happened.PeriodRecorded() | happened.PeriodCorrected() as one:
            return {one.period_id: _value(one.period)}
        case happened.PeriodWithdrawn() as withdrawn:
            return {withdrawn.period_id: None}
        case happened.ContributionsTakenOver() as merged:
            taken = merged.by_id().items()
            return {period_id: _value(period) for period_id, period in taken if period.kind == kind}
        case _:
            return dict.fromkeys(_rows(document))


def _value(period: Period) -> dict[str, Any]:
    return {
        "from_month": period.from_month.iso,
        "to_month": period.to_month.iso,
        "employer_code": period.employer_code,
        "status": period.status,
        _DETAIL: None if period.detail is None else period.detail.model_dump(mode="json", exclude_none=True),
    }


@dataclass(frozen=True, slots=True)
class StandingPeriod:
    """A period as it stood at the moment asked for, since when, and by which event."""

    period_id: str
    since: str
    event_id: str
    period: Period


def standing_periods(document: Document, as_of: datetime | None) -> list[StandingPeriod]:
    """Return the rows that stood at `as_of`, newest period first (S-32)."""
    found = [(period_id, standing(versions, as_of)) for period_id, versions in _rows(document).items()]
    rows = [
        (period_id, version, version["value"])
        for period_id, version in found
        if version is not None and version["value"] is not None
    ]
    periods = _read_periods(document["kind"], [value for _, _, value in rows])
    stood = [
        StandingPeriod(period_id, version["since"], version["event_id"], period)
        for (period_id, version, _), period in zip(rows, periods, strict=True)
    ]
    return sorted(stood if as_of is None else _each_once(stood), key=_newest_first)


def _each_once(periods: Sequence[StandingPeriod]) -> list[StandingPeriod]:
    """Leave one of those that say the same: before a merge both records may have held a period."""
    latest_first = sorted(periods, key=lambda one: (one.since, one.period_id), reverse=True)
    return list({one.period: one for one in latest_first}.values())


def versions_of(document: Document, period_id: str, as_of: datetime | None) -> list[Version]:
    """Return the versions the row had had by `as_of`, oldest first; none if there was no such row."""
    limit = None if as_of is None else written(as_of)
    return [one for one in _rows(document).get(period_id, ()) if limit is None or one["since"] <= limit]


def is_erased(document: Document) -> bool:
    """Say whether the rows can be read no more, because the person was forgotten."""
    return bool(document["rows"] == ERASED)


def read_period(kind: Kind, value: Mapping[str, Any]) -> Period:
    """Return the period a version holds."""
    return _read_periods(kind, [value])[0]


def _read_periods(kind: Kind, values: Sequence[Mapping[str, Any]]) -> list[Period]:
    """Return the periods of these values; their details in one go, which takes a third of the time of one each."""
    details = _DETAILS.validate_python([_without_no_allowances(value[_DETAIL]) for value in values])
    return [
        Period(
            kind=kind,
            from_month=Month.from_iso(value["from_month"]),
            to_month=Month.from_iso(value["to_month"]),
            employer_code=value["employer_code"],
            status=value["status"],
            detail=detail,
        )
        for value, detail in zip(values, details, strict=True)
    ]


def _without_no_allowances(detail: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Leave out allowances that hold nothing, as most do: the default is one object for all."""
    if detail is None or detail.get(_ALLOWANCES):
        return detail
    return {name: value for name, value in detail.items() if name != _ALLOWANCES}


def _newest_first(row: StandingPeriod) -> tuple[int, int, str]:
    return -row.period.to_month.number, -row.period.from_month.number, row.period_id
