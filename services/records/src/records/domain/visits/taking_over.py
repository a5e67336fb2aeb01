"""What of a duplicate's visits goes on in the record it was merged into."""

from collections.abc import Iterable

from records.domain.visits.commands import TakeOverVisits
from records.domain.visits.events import FormerVisit, VisitsTakenOver
from records.domain.visits.state import Visits
from records.domain.visits.visit import Visit


def former_visits(closed: Visits) -> tuple[FormerVisit, ...]:
    """Return what was said of these visits and stands no more."""
    return tuple(_former(visit_id, closed) for visit_id in sorted({*closed.earlier.values(), *closed.withdrawn}))


def taken_over(command: TakeOverVisits, state: Visits) -> VisitsTakenOver:
    """Take over the visits but for those that stand here already.

    The same fact under both participants is one fact; two versions of it stay side by side for an officer to settle.
    So what stood in either record stands, and what stood in neither does not come back by an old file.
    """
    here = {visit: visit_id for visit_id, visit in state.standing.items()}
    new = tuple(kept for kept in command.visits if kept.visit not in here)
    goes_on_as = {kept.visit_id: here[kept.visit] for kept in command.visits if kept.visit in here}
    return VisitsTakenOver(
        participant_id=command.participant_id,
        occurred_at=command.at,
        from_participant=command.from_participant,
        also_from=tuple(sorted(command.also_from)),
        years=years_of(kept.visit for kept in new),
        visits=new,
        former=tuple(
            each.model_copy(update={"visit_id": goes_on_as.get(each.visit_id, each.visit_id)})
            for each in command.former
        ),
    )


def years_of(visits: Iterable[Visit]) -> tuple[int, ...]:
    """Return the years of the book that these visits are in."""
    return tuple(sorted({visit.year for visit in visits}))


def _former(visit_id: str, closed: Visits) -> FormerVisit:
    said = tuple(visit for visit, said_by in closed.earlier.items() if said_by == visit_id)
    return FormerVisit(visit_id=visit_id, said=said, withdrawn=visit_id in closed.withdrawn)
