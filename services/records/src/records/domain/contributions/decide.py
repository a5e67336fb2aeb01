"""What is allowed, and what then has happened. Pure: every fact from outside comes with the command."""

from typing import assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.events import EventRegistry

from records.domain.contributions import commands as asked
from records.domain.contributions import events as happened
from records.domain.contributions.book import Book
from records.domain.contributions.commands import ContributionCommand
from records.domain.contributions.errors import (
    KindFixedError,
    PeriodContradictsError,
    PeriodNotFoundError,
)
from records.domain.contributions.events import CONTRIBUTION_EVENTS
from records.domain.contributions.period import Period
from records.domain.contributions.state import Contributions, Event, evolve, evolve_all
from records.domain.contributions.taking_over import taken_over
from records.domain.feeding.errors import StreamMovedError


def decide(command: ContributionCommand, state: Contributions) -> list[Event]:
    """Return what has happened, or raise the refusal. An empty list: nothing to do, it already is as asked."""
    if state.moved_to is not None:
        if isinstance(command, asked.MoveContributions) and command.to == state.moved_to:
            return []
        raise StreamMovedError(state.moved_to)
    match command:
        case asked.RecordPeriods():
            return _record(command, state)
        case asked.CorrectPeriod():
            return _correct(command, state)
        case asked.WithdrawPeriod():
            return _withdraw(command, state)
        case asked.MoveContributions():
            return [
                happened.ContributionsMoved(
                    participant_id=command.participant_id, occurred_at=command.at, to=command.to
                )
            ]
        case asked.TakeOverContributions():
            return _take_over(command, state)
        case _:
            assert_never(command)


def _record(command: asked.RecordPeriods, state: Contributions) -> list[Event]:
    """Return the events of the rows that are taken in; the others leave no trace here."""
    outcomes = Book(command.participant_id, state).take_all(command.rows)
    events: list[Event] = []
    for row, outcome in zip(command.rows, outcomes, strict=True):
        if outcome.period_id is None or outcome.verdict == "unchanged":
            continue
        event = happened.PeriodCorrected if outcome.verdict == "corrected" else happened.PeriodRecorded
        events.append(_event(event, command, outcome.period_id, row.period))
    return events


def _correct(command: asked.CorrectPeriod, state: Contributions) -> list[Event]:
    before = _standing(command.period_id, state)
    if before.kind != command.period.kind:
        raise KindFixedError("withdraw the period and record it anew")
    if before == command.period:
        return []
    others = Book(command.participant_id, state).meeting(command.period).keys() - {command.period_id}
    if others:
        raise PeriodContradictsError(others)
    return [_event(happened.PeriodCorrected, command, command.period_id, command.period)]


def _withdraw(command: asked.WithdrawPeriod, state: Contributions) -> list[Event]:
    if command.period_id in state.withdrawn and command.period_id not in state.periods:
        return []
    period = _standing(command.period_id, state)
    return [
        happened.PeriodWithdrawn(
            participant_id=command.participant_id,
            occurred_at=command.at,
            period_id=command.period_id,
            kind=period.kind,
            reason=command.reason,
        )
    ]


def _take_over(command: asked.TakeOverContributions, state: Contributions) -> list[Event]:
    return [] if command.from_participant in state.merged else [taken_over(command, state)]


def _standing(period_id: str, state: Contributions) -> Period:
    try:
        return state.periods[period_id]
    except KeyError as error:
        raise PeriodNotFoundError(period_id) from error


def _event(
    event: type[happened.PeriodRecorded | happened.PeriodCorrected],
    command: asked.RecordPeriods | asked.CorrectPeriod,
    period_id: str,
    period: Period,
) -> happened.PeriodRecorded | happened.PeriodCorrected:
    # Given as a dictionary: as keywords it takes twice as long, for each row of a file.
    return event.model_validate(
        {
            "participant_id": command.participant_id,
            "occurred_at": command.at,
            "period_id": period_id,
            "kind": period.kind,
            "from_month": period.from_month,
            "to_month": period.to_month,
            "employer_code": period.employer_code,
            "status": period.status,
            "detail": period.detail,
        }
    )


contributions_decider: Decider[ContributionCommand, Contributions, Event] = Decider(
    initial=Contributions(), decide=decide, evolve=evolve, evolve_all=evolve_all
)
contribution_events = EventRegistry.of(CONTRIBUTION_EVENTS)
