"""What may happen to a participant's visits, and what then has. Pure: every fact from outside is in the command."""

from collections.abc import Sequence
from functools import partial
from typing import assert_never

from ansinh_kit.decider import Decider

from records.domain.feeding.errors import RowNotFoundError, nothing_follows
from records.domain.feeding.ledger import Ledger, Row
from records.domain.feeding.outcome import RowOutcome
from records.domain.feeding.turns import Place, Rules, Turn, events_of, outcomes_of
from records.domain.visits import events as happened
from records.domain.visits.commands import MoveVisits, RecordVisits, TakeOverVisits, VisitCommand, WithdrawVisit
from records.domain.visits.events import RecordedVisitEvent
from records.domain.visits.state import Visits, evolve
from records.domain.visits.taking_over import taken_over, years_of
from records.domain.visits.visit import Visit


def decide(command: VisitCommand, state: Visits) -> Sequence[RecordedVisitEvent]:
    """Return what has happened, or raise the refusal. Rows that are refused or known bring no event."""
    if state.moved_to is not None:
        closed_for = command.to if isinstance(command, MoveVisits) else None
        return nothing_follows(state.moved_to, closed_for=closed_for)
    match command:
        case RecordVisits():
            return events_of(_turns(command, state))
        case WithdrawVisit():
            return _withdrawn(command, state)
        case MoveVisits():
            return [_moved(command, state)]
        case TakeOverVisits():
            return _taken_over(command, state)
        case _:
            assert_never(command)


def visit_outcomes(command: RecordVisits, before: Visits) -> list[RowOutcome]:
    """Return what becomes of each row of a command that is decided on `before`."""
    return outcomes_of(_turns(command, before))


def _turns(command: RecordVisits, state: Visits) -> list[Turn[RecordedVisitEvent]]:
    place = partial(_place, command.participant_id)
    return Rules(place=place, said=partial(_said, command), evolve=evolve).in_turn(command.rows, state)


def _place(participant_id: str, row: Row[Visit], state: Visits) -> Place[Visit]:
    ledger = Ledger(
        participant_id, state.standing, withdrawn=state.withdrawn, earlier=state.earlier, merged=state.taken_over
    )
    return ledger.place(row)


def _said(command: RecordVisits, place: Place[Visit], row: Row[Visit], state: Visits) -> Sequence[RecordedVisitEvent]:
    del state  # all there is to know of it is in the place
    if place.before is None:
        recorded = happened.VisitRecorded(
            participant_id=command.participant_id,
            occurred_at=command.at,
            visit_id=place.row_id,
            year=row.value.year,
            visit=row.value,
        )
        return [recorded]
    corrected = happened.VisitCorrected(
        participant_id=command.participant_id,
        occurred_at=command.at,
        visit_id=place.row_id,
        year=row.value.year,
        previous_year=place.before.year,
        visit=row.value,
    )
    return [corrected]


def _withdrawn(command: WithdrawVisit, state: Visits) -> Sequence[RecordedVisitEvent]:
    visit = state.standing.get(command.visit_id)
    if visit is None and command.visit_id in state.withdrawn:
        return []
    if visit is None:
        raise RowNotFoundError
    withdrawn = happened.VisitWithdrawn(
        participant_id=command.participant_id,
        occurred_at=command.at,
        visit_id=command.visit_id,
        year=visit.year,
        earlier_years=_earlier_years(command.visit_id, visit, state),
        reason=command.reason,
    )
    return [withdrawn]


def _earlier_years(visit_id: str, visit: Visit, state: Visits) -> tuple[int, ...]:
    years = {said.year for said, said_by in state.earlier.items() if said_by == visit_id}
    return tuple(sorted(years - {visit.year}))


def _moved(command: MoveVisits, state: Visits) -> RecordedVisitEvent:
    return happened.VisitsMoved(
        participant_id=command.participant_id,
        occurred_at=command.at,
        to=command.to,
        years=years_of(state.standing.values()),
    )


def _taken_over(command: TakeOverVisits, state: Visits) -> Sequence[RecordedVisitEvent]:
    return [] if command.from_participant in state.taken_over else [taken_over(command, state)]


visit_decider: Decider[VisitCommand, Visits, RecordedVisitEvent] = Decider(
    initial=Visits(), decide=decide, evolve=evolve
)
