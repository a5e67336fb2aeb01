"""What may happen to a participant's benefits, and what then has. Pure: every fact from outside is in the command."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from ansinh_kit.decider import Decider

from records.domain.benefits import events as happened
from records.domain.benefits.benefit import Benefit
from records.domain.benefits.commands import (
    BenefitCommand,
    GrantBenefits,
    MoveBenefits,
    PayBenefits,
    StopBenefits,
    TakeOverBenefits,
)
from records.domain.benefits.events import RecordedBenefitEvent
from records.domain.benefits.judge import JudgedPayment, JudgedStop, judge_grants, judge_payments, judge_stops
from records.domain.benefits.kinds import Tab
from records.domain.benefits.state import Benefits, evolve
from records.domain.feeding.errors import StreamMovedError
from records.domain.feeding.ledger import Judged


def decide(command: BenefitCommand, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    """Return what has happened, or raise the refusal. Rows that are refused or known bring no event."""
    if state.moved_to is not None:
        return _when_moved(command, state.moved_to)
    match command:
        case GrantBenefits():
            return [event for each in judge_grants(command, state) for event in _granted(each, command)]
        case PayBenefits():
            return [event for each in judge_payments(command, state) for event in _paid(each, command)]
        case StopBenefits():
            return [event for each in judge_stops(command, state) for event in _stopped(each, command)]
        case MoveBenefits():
            return [_moved(command, state)]
        case TakeOverBenefits():
            return _taken_over(command, state)
        case _:
            assert_never(command)


def _when_moved(command: BenefitCommand, moved_to: str) -> Sequence[RecordedBenefitEvent]:
    if isinstance(command, MoveBenefits) and command.to == moved_to:
        return []
    raise StreamMovedError(moved_to)


def _granted(judged: Judged[Benefit], command: GrantBenefits) -> Sequence[RecordedBenefitEvent]:
    benefit_id = judged.outcome.row_id
    if benefit_id is None or judged.value == judged.replaced:
        return []
    if judged.replaced is None:
        granted = happened.BenefitGranted(
            participant_id=command.participant_id,
            occurred_at=command.at,
            benefit_id=benefit_id,
            tab=judged.value.tab,
            benefit=judged.value,
        )
        return [granted]
    corrected = happened.BenefitCorrected(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=benefit_id,
        tab=judged.value.tab,
        benefit=judged.value,
    )
    return [corrected]


def _paid(judged: JudgedPayment, command: PayBenefits) -> Sequence[RecordedBenefitEvent]:
    if judged.held is None or judged.outcome.row_id is None or judged.outcome.verdict == "unchanged":
        return []
    recorded = judged.outcome.verdict == "recorded"
    event_class = happened.BenefitPaid if recorded else happened.BenefitPaymentCorrected
    paid = event_class(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=judged.held.benefit_id,
        tab=judged.held.tab,
        payment_id=judged.outcome.row_id,
        payment=judged.value,
    )
    return [paid]


def _stopped(judged: JudgedStop, command: StopBenefits) -> Sequence[RecordedBenefitEvent]:
    if judged.held is None or judged.outcome.verdict == "unchanged":
        return []
    recorded = judged.outcome.verdict == "recorded"
    event_class = happened.BenefitStopped if recorded else happened.BenefitStopCorrected
    stopped = event_class(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=judged.held.benefit_id,
        tab=judged.held.tab,
        stop=judged.value,
    )
    return [stopped]


def _moved(command: MoveBenefits, state: Benefits) -> RecordedBenefitEvent:
    return happened.BenefitsMoved(
        participant_id=command.participant_id,
        occurred_at=command.at,
        to=command.to,
        tabs=_tabs(held.tab for held in state.held.values()),
    )


def _taken_over(command: TakeOverBenefits, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    if command.from_participant in state.taken_over:
        return []
    # The same benefit under both participants is one; two versions of it stay side by side for an officer to settle.
    new = tuple(
        held for held in command.benefits if not any(held.says_no_more_than(one) for one in state.held.values())
    )
    taken = happened.BenefitsTakenOver(
        participant_id=command.participant_id,
        occurred_at=command.at,
        from_participant=command.from_participant,
        tabs=_tabs(held.tab for held in new),
        benefits=new,
    )
    return [taken]


def _tabs(tabs: Iterable[Tab]) -> tuple[Tab, ...]:
    return tuple(sorted(set(tabs)))


benefit_decider: Decider[BenefitCommand, Benefits, RecordedBenefitEvent] = Decider(
    initial=Benefits(), decide=decide, evolve=evolve
)
