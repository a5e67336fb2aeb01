"""What decisions need to know of a participant's visits. Read models hold the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from records.domain.visits import events as happened
from records.domain.visits.events import RecordedVisitEvent
from records.domain.visits.visit import Visit


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits that stand, by id. `moved_to` is the participant a merge closed them for.

    Attributes:
        earlier: What visits said before they were corrected or withdrawn, with their ids: an old file is known by it.
        withdrawn: The ids of those that were ever withdrawn, also if they were recorded again since.
        taken_over: The participants whose visits were taken over, and those whose visits these had taken over.
    """

    standing: Mapping[str, Visit] = field(default_factory=dict)
    earlier: Mapping[Visit, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    moved_to: str | None = None
    taken_over: frozenset[str] = frozenset()

    def knows(self, visit_id: str) -> bool:
        """Say whether it stands or was withdrawn: both can be asked about."""
        return visit_id in self.standing or visit_id in self.withdrawn


def evolve(state: Visits, event: RecordedVisitEvent) -> Visits:
    """Return the state after the event. Of a forgotten person nothing stands any more."""
    match event:
        case happened.VisitRecorded() | happened.VisitCorrected():
            return _saying(state, event.visit_id, event.visit)
        case happened.VisitWithdrawn():
            gone = _saying(state, event.visit_id, None)
            return replace(gone, withdrawn=state.withdrawn | {event.visit_id})
        case happened.VisitsMoved():
            return replace(state, moved_to=event.to)
        case happened.VisitsTakenOver():
            return _taken_over(state, event)
        case _:
            assert_never(event)


def _taken_over(state: Visits, event: happened.VisitsTakenOver) -> Visits:
    former = event.former or ()
    return replace(
        state,
        standing={**state.standing, **{kept.visit_id: kept.visit for kept in event.visits or ()}},
        earlier={**state.earlier, **{said: each.visit_id for each in former for said in each.said}},
        withdrawn=state.withdrawn | {each.visit_id for each in former if each.withdrawn},
        taken_over=state.taken_over | {event.from_participant, *event.also_from},
    )


def _saying(state: Visits, visit_id: str, visit: Visit | None) -> Visits:
    """Return the state in which `visit` stands under this id; nothing does if it is `None`."""
    before = state.standing.get(visit_id)
    others = {each: other for each, other in state.standing.items() if each != visit_id}
    return replace(
        state,
        standing=others if visit is None else {**others, visit_id: visit},
        earlier=state.earlier if before is None else {**state.earlier, before: visit_id},
    )
