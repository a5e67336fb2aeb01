"""The medical book: one document per participant and year, each visit with all its versions (S-45, S-46).

A visit is withdrawn because it never took place, or because it is another person's. What it said is then nobody's to
read here as of an earlier day, either: `withdrawn` names such visits, and only staff are shown what stood there.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from ansinh_kit.database import Document
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.visits import events as happened
from records.domain.visits.visit import Visit
from records.projections.versioned_rows import Rows, StandingRow, ended, revised, rows_of, standing_rows, without

_VISITS: Final = "visits"
_WITHDRAWN: Final = "withdrawn"


class MedicalBook:
    """Documents `<participant>/<year>`. A corrected visit may leave one year for another."""

    name = "medical_book"
    version = 2
    indexes: Sequence[ViewIndex] = (ViewIndex({"participant_id": 1, "year": -1}),)
    personal_fields: frozenset[str] = frozenset({_VISITS})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case happened.VisitCorrected() as corrected:
                years = sorted({corrected.year, corrected.previous_year})
                return [book_key(corrected.participant_id, year) for year in years]
            case happened.VisitRecorded() as recorded:
                return [book_key(recorded.participant_id, recorded.year)]
            case happened.VisitWithdrawn() as gone:
                return [book_key(gone.participant_id, year) for year in sorted({gone.year, *gone.earlier_years})]
            case happened.VisitsMoved() | happened.VisitsTakenOver() as all_of_them:
                return [book_key(all_of_them.participant_id, year) for year in all_of_them.years]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        participant_id, year = key.split("/")
        before = document or {"participant_id": participant_id, "year": int(year), _VISITS: {}, _WITHDRAWN: []}
        if before[_VISITS] == ERASED or _is_erased(event.event):
            return before | {_VISITS: ERASED}
        rows = _changed(rows_of(before, _VISITS), int(year), event)
        return before | {_VISITS: rows, _WITHDRAWN: _withdrawn(before[_WITHDRAWN], event)}


def book_key(participant_id: str, year: int) -> str:
    return f"{participant_id}/{year}"


def visits_at(
    document: Document | None, as_of: datetime | None, *, also_withdrawn: bool = False
) -> list[tuple[StandingRow, Visit]]:
    """Return the year's visits as they stood at `as_of`, last discharge first.

    Args:
        also_withdrawn: Show at an earlier `as_of` what was withdrawn since. It may be another person's: for staff only.
    """
    hidden = () if also_withdrawn or document is None else document[_WITHDRAWN]
    rows = standing_rows(without(rows_of(document, _VISITS), hidden), as_of)
    standing = [(row, Visit.model_validate(row.value)) for row in rows]
    if as_of is not None:
        # Before a merge both records may have held a visit: it was one.
        standing = [(row, visit) for visit, row in {visit: row for row, visit in standing}.items()]
    return sorted(standing, key=lambda each: (each[1].discharged_at, each[0].row_id), reverse=True)


def _is_erased(event: object) -> bool:
    match event:
        case happened.VisitRecorded(visit=None) | happened.VisitCorrected(visit=None):
            return True
        case happened.VisitsTakenOver(visits=None):
            return True
        case _:
            return False


def _changed(visits: Rows, year: int, event: RecordedEvent) -> Rows:
    match event.event:
        case happened.VisitRecorded() | happened.VisitCorrected() as said:
            return revised(visits, said.visit_id, event, _in_year(said.visit, year))
        case happened.VisitWithdrawn() as withdrawn:
            return revised(visits, withdrawn.visit_id, event, None)
        case happened.VisitsMoved():
            return ended(visits, visits, event)
        case happened.VisitsTakenOver() as taken:
            for kept in taken.visits or ():
                if kept.visit.year == year:
                    visits = revised(visits, kept.visit_id, event, _in_year(kept.visit, year))
            return visits
        case _:
            return visits


def _withdrawn(before: Sequence[str], event: RecordedEvent) -> list[str]:
    """Return the visits that were withdrawn and did not come back since."""
    match event.event:
        case happened.VisitWithdrawn(visit_id=visit_id):
            return [*before, visit_id]
        case happened.VisitRecorded(visit_id=visit_id):
            back = {visit_id}
        case happened.VisitsTakenOver(visits=visits):
            back = {kept.visit_id for kept in visits or ()}
        case _:
            back = set()
    return [each for each in before if each not in back]


def _in_year(visit: Visit | None, year: int) -> dict[str, Any] | None:
    return None if visit is None or visit.year != year else visit.model_dump(mode="json")
