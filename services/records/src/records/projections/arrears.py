"""Who has unpaid periods, so that the monthly notices need not look at everybody (V-26)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.contributions import events as happened
from records.domain.contributions.events import ContributionEvent
from records.domain.contributions.period import Period

_UNPAID: Final = "unpaid"


class Arrears:
    """One document per participant with unpaid periods: `{participant_id, first_month, unpaid}`.

    `unpaid` has the first month of each such period by its id, `first_month` the earliest of them. Whether a month
    was paid elsewhere, and what is owed for it, is counted from the periods themselves. Queries go by ranges of ids.
    """

    name = "arrears"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset()

    def subject_of(self, document: Document) -> str:
        raise AssertionError(f"nothing personal is in here: {sorted(document)}")

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        return (event.event.participant_id,) if isinstance(event.event, ContributionEvent) else ()

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        unpaid = _folded({} if document is None else document[_UNPAID], event)
        if not unpaid:
            return None
        return {"participant_id": key, "first_month": min(unpaid.values()), _UNPAID: unpaid}


def _folded(before: Mapping[str, str], event: RecordedEvent) -> dict[str, str]:
    match event.event:
        case happened.PeriodRecorded() | happened.PeriodCorrected() as said:
            return _with(before, {said.period_id: said.period})
        case happened.PeriodWithdrawn() as withdrawn:
            return {period_id: month for period_id, month in before.items() if period_id != withdrawn.period_id}
        case happened.ContributionsTakenOver() as merged:
            return _with(before, merged.by_id())
        case happened.ContributionsMoved():
            return {}
        case _:
            return dict(before)


def _with(before: Mapping[str, str], periods: Mapping[str, Period]) -> dict[str, str]:
    kept = {period_id: month for period_id, month in before.items() if period_id not in periods}
    owed = {period_id: each.from_month.iso for period_id, each in periods.items() if each.status == "unpaid"}
    return kept | owed
