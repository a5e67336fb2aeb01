"""What an officer of the managing agency may do: take, answer, settle."""

from typing import assert_never

from records.domain.dispute import commands as asked
from records.domain.dispute import events as happened
from records.domain.dispute.commands import OfficerCommand
from records.domain.dispute.errors import DisputeNotFoundError, DisputeTakenError, NotInChargeError
from records.domain.dispute.events import DisputeEvent, DisputeOpened
from records.domain.dispute.state import Dispute, told
from records.domain.offices import Officer, covers


def decide(command: OfficerCommand, state: Dispute, opened: DisputeOpened) -> list[DisputeEvent]:
    refuse_other_agencies(command.officer, opened)
    state.refuse_if_settled()
    match command:
        case asked.AssignDispute():
            return _assign(command, state, opened)
        case asked.AnswerDispute():
            _refuse_unless_in_charge(command.officer, state)
            return [_answered(command, opened)]
        case asked.SettleDispute():
            _refuse_unless_in_charge(command.officer, state)
            return [_settled(command, opened)]
        case _:
            assert_never(command)


def refuse_other_agencies(officer: Officer, opened: DisputeOpened) -> None:
    """Raise `DisputeNotFoundError` unless the dispute is the business of the officer's agency."""
    if not covers(officer.agency_code, opened.agency_code):
        raise DisputeNotFoundError


def _assign(command: asked.AssignDispute, state: Dispute, opened: DisputeOpened) -> list[DisputeEvent]:
    officer = command.officer
    if state.officer_id == officer.officer_id:
        return []
    taken_over = state.escalated_to is not None and state.escalated_to == officer.agency_code
    if state.officer_id is not None and not taken_over:
        raise DisputeTakenError
    assigned = happened.DisputeAssigned(
        dispute_id=opened.dispute_id,
        participant_id=opened.participant_id,
        occurred_at=command.at,
        officer_id=officer.officer_id,
        agency_code=officer.agency_code,
    )
    return [assigned]


def _refuse_unless_in_charge(officer: Officer, state: Dispute) -> None:
    if state.officer_id != officer.officer_id:
        raise NotInChargeError


def _answered(command: asked.AnswerDispute, opened: DisputeOpened) -> happened.DisputeAnswered:
    return happened.DisputeAnswered(
        **told(opened), occurred_at=command.at, officer_id=command.officer.officer_id, answer=command.answer
    )


def _settled(command: asked.SettleDispute, opened: DisputeOpened) -> happened.DisputeSettled:
    return happened.DisputeSettled(
        **told(opened),
        occurred_at=command.at,
        outcome=command.outcome,
        officer_id=command.officer.officer_id,
        answer=command.answer,
    )
