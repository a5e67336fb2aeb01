"""The life of a dispute: opened, assigned, answered, escalated when overdue, settled or withdrawn."""

from collections.abc import Sequence
from typing import Final, assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.events import EventRegistry

from records.domain.dispute import commands as asked
from records.domain.dispute import decide_for_officer as officer
from records.domain.dispute import events as happened
from records.domain.dispute.commands import DisputeCommand
from records.domain.dispute.errors import DisputeAlreadyOpenedError, DisputeNotFoundError, NotOverdueError
from records.domain.dispute.events import DISPUTE_EVENTS, DisputeEvent, DisputeOpened
from records.domain.dispute.state import Dispute, evolve, told
from records.domain.offices import provincial_office


def decide(command: DisputeCommand, state: Dispute) -> Sequence[DisputeEvent]:
    """Return what has happened, or raise the refusal. An empty list: it already is as asked."""
    if isinstance(command, asked.OpenDispute):
        return _open(command, state)
    if state.opened is None:
        raise DisputeNotFoundError
    match command:
        case asked.AssignDispute() | asked.AnswerDispute() | asked.SettleDispute():
            return officer.decide(command, state, state.opened)
        case asked.WithdrawDispute():
            return _withdraw(command, state, state.opened)
        case asked.EscalateDispute():
            return _escalate(command, state, state.opened)
        case _:
            assert_never(command)


def _open(command: asked.OpenDispute, state: Dispute) -> list[DisputeEvent]:
    if state.opened is not None:
        raise DisputeAlreadyOpenedError
    opened = happened.DisputeOpened(
        dispute_id=command.dispute_id,
        participant_id=command.participant_id,
        occurred_at=command.at,
        number=command.number,
        language=command.language,
        contact=command.contact,
        subject=command.matter.subject,
        reference=command.matter.reference,
        agency_code=command.agency_code,
        opened_by=command.opened_by,
        words=command.words,
        due_at=command.due_at,
    )
    return [opened]


def _withdraw(command: asked.WithdrawDispute, state: Dispute, opened: DisputeOpened) -> list[DisputeEvent]:
    if opened.participant_id != command.participant_id:
        raise DisputeNotFoundError
    if state.outcome == "withdrawn":
        return []
    state.refuse_if_settled()
    withdrawn = happened.DisputeSettled(**told(opened), occurred_at=command.at, outcome="withdrawn", officer_id=None)
    return [withdrawn]


def _escalate(command: asked.EscalateDispute, state: Dispute, opened: DisputeOpened) -> list[DisputeEvent]:
    if state.outcome is not None or state.escalated_to is not None:
        return []
    if command.at <= opened.due_at:
        raise NotOverdueError(opened.due_at)
    escalated = happened.DisputeEscalated(
        dispute_id=opened.dispute_id,
        participant_id=opened.participant_id,
        occurred_at=command.at,
        due_at=opened.due_at,
        escalated_to=provincial_office(opened.agency_code),
    )
    return [escalated]


dispute_decider: Decider[DisputeCommand, Dispute, DisputeEvent] = Decider(
    initial=Dispute(), decide=decide, evolve=evolve
)
dispute_events: Final = EventRegistry.of(DISPUTE_EVENTS)
