"""What may happen to a participant's visits, and what then has. Pure; the state is what decisions need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.events import DomainEvent

from records.domain.feeding.errors import RowNotFoundError, StreamMovedError
from records.domain.feeding.ledger import Judged, Ledger
from records.domain.feeding.outcome import Made, RowOutcome, told_after
from records.domain.visits import events as happened
from records.domain.visits.commands import MoveVisits, RecordVisits, TakeOverVisits, VisitCommand, WithdrawVisit
from records.domain.visits.events import RecordedVisitEvent
from records.domain.visits.visit import Visit


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits that stand, and which do not any more. `moved_to` is the participant a merge closed them for."""

    standing: Mapping[str, Visit] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    moved_to: str | None = None
    taken_over: frozenset[str] = frozenset()


def judge_visits(command: RecordVisits, state: Visits) -> list[Judged[Visit]]:
    """Return what becomes of each row of the command on this state."""
    ledger = Ledger(command.participant_id, state.standing, withdrawn=state.withdrawn)
    return ledger.judge_all(command.rows, correction=command.correction)


def decide(command: VisitCommand, state: Visits) -> Sequence[RecordedVisitEvent]:
    """Return what has happened, or raise the refusal. Rows that are refused or known bring no event."""
    if state.moved_to is not None:
        return _when_moved(command, state.moved_to)
    match command:
        case RecordVisits():
            return [event for judged in judge_visits(command, state) for event in _events_of(judged, command)]
        case WithdrawVisit():
            return [_withdrawn(command, state)]
        case MoveVisits():
            return [_moved(command, state)]
        case TakeOverVisits():
            return _taken_over(command, state)
        case _:
            assert_never(command)


def _when_moved(command: VisitCommand, moved_to: str) -> Sequence[RecordedVisitEvent]:
    if isinstance(command, MoveVisits) and command.to == moved_to:
        return []
    raise StreamMovedError(moved_to)


def _events_of(judged: Judged[Visit], command: RecordVisits) -> Sequence[RecordedVisitEvent]:
    visit_id = judged.outcome.row_id
    if visit_id is None or judged.value == judged.replaced:
        return []
    if judged.replaced is None:
        recorded = happened.VisitRecorded(
            participant_id=command.participant_id,
            occurred_at=command.at,
            visit_id=visit_id,
            year=judged.value.year,
            visit=judged.value,
        )
        return [recorded]
    corrected = happened.VisitCorrected(
        participant_id=command.participant_id,
        occurred_at=command.at,
        visit_id=visit_id,
        year=judged.value.year,
        previous_year=judged.replaced.year,
        visit=judged.value,
    )
    return [corrected]


def _withdrawn(command: WithdrawVisit, state: Visits) -> RecordedVisitEvent:
    visit = state.standing.get(command.visit_id)
    if visit is None:
        raise RowNotFoundError
    return happened.VisitWithdrawn(
        participant_id=command.participant_id,
        occurred_at=command.at,
        visit_id=command.visit_id,
        year=visit.year,
        reason=command.reason,
    )


def _moved(command: MoveVisits, state: Visits) -> RecordedVisitEvent:
    return happened.VisitsMoved(
        participant_id=command.participant_id,
        occurred_at=command.at,
        to=command.to,
        years=_years(state.standing.values()),
    )


def _taken_over(command: TakeOverVisits, state: Visits) -> Sequence[RecordedVisitEvent]:
    if command.from_participant in state.taken_over:
        return []
    # The same fact under both participants is one fact; two versions of it stay side by side for an officer to settle.
    new = tuple(kept for kept in command.visits if kept.visit not in state.standing.values())
    taken = happened.VisitsTakenOver(
        participant_id=command.participant_id,
        occurred_at=command.at,
        from_participant=command.from_participant,
        years=_years(kept.visit for kept in new),
        visits=new,
    )
    return [taken]


def evolve(state: Visits, event: RecordedVisitEvent) -> Visits:
    """Return the state after the event. Of a forgotten person nothing stands any more."""
    match event:
        case happened.VisitRecorded() | happened.VisitCorrected():
            if event.visit is None:
                return _without(state, event.visit_id)
            standing = {**state.standing, event.visit_id: event.visit}
            return replace(state, standing=standing, withdrawn=state.withdrawn - {event.visit_id})
        case happened.VisitWithdrawn():
            return replace(_without(state, event.visit_id), withdrawn=state.withdrawn | {event.visit_id})
        case happened.VisitsMoved():
            return replace(state, moved_to=event.to)
        case happened.VisitsTakenOver():
            taken = {kept.visit_id: kept.visit for kept in event.visits or ()}
            sources = state.taken_over | {event.from_participant}
            return replace(state, standing={**state.standing, **taken}, taken_over=sources)
        case _:
            assert_never(event)


def _without(state: Visits, visit_id: str) -> Visits:
    return replace(state, standing={each: visit for each, visit in state.standing.items() if each != visit_id})


def _years(visits: Iterable[Visit]) -> tuple[int, ...]:
    return tuple(sorted({visit.year for visit in visits}))


visit_decider: Decider[VisitCommand, Visits, RecordedVisitEvent] = Decider(
    initial=Visits(), decide=decide, evolve=evolve
)


def visit_outcomes(command: RecordVisits, events: Sequence[DomainEvent], after: Visits) -> list[RowOutcome]:
    """Return what became of each row, from what the command recorded and the state after it."""
    return told_after(judge_visits(command, after), _made(events))


def _made(events: Sequence[DomainEvent]) -> Iterable[Made]:
    for event in events:
        if isinstance(event, happened.VisitRecorded):
            yield Made(event.visit_id, event.visit, "recorded")
        elif isinstance(event, happened.VisitCorrected):
            yield Made(event.visit_id, event.visit, "corrected")
