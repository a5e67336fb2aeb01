"""Taking back what was said of a benefit by mistake: the benefit as a whole, one of its payments, its end."""

from collections.abc import Sequence
from typing import assert_never

from records.domain.benefits import events as happened
from records.domain.benefits.benefit import HeldBenefit
from records.domain.benefits.commands import WithdrawBenefit, Withdrawing, WithdrawPayment, WithdrawStop
from records.domain.benefits.events import RecordedBenefitEvent
from records.domain.benefits.placing import clashing_if_ended
from records.domain.benefits.state import Benefits
from records.domain.feeding.errors import RowContradictsError, RowNotFoundError


def withdrawn(command: Withdrawing, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    """Return what has happened; nothing, if it was withdrawn before.

    Raises:
        RowNotFoundError: There never was such a benefit, payment or stop.
        RowContradictsError: Without its stop the benefit would share time with another one of its kind.
    """
    match command:
        case WithdrawBenefit():
            return _benefit(command, state)
        case WithdrawPayment():
            return _payment(command, state)
        case WithdrawStop():
            return _stop(command, state)
        case _:
            assert_never(command)


def _benefit(command: WithdrawBenefit, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    held = state.held.get(command.benefit_id)
    if held is None:
        return _again(known=command.benefit_id in state.withdrawn)
    gone = happened.BenefitWithdrawn(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=command.benefit_id,
        tab=held.tab,
        reason=command.reason,
    )
    return [gone]


def _payment(command: WithdrawPayment, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    held = _held(command.benefit_id, state)
    if command.payment_id not in held.payments:
        return _again(known=command.payment_id in state.withdrawn_payments.get(held.benefit_id, ()))
    gone = happened.BenefitPaymentWithdrawn(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=held.benefit_id,
        tab=held.tab,
        payment_id=command.payment_id,
        reason=command.reason,
    )
    return [gone]


def _stop(command: WithdrawStop, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    held = _held(command.benefit_id, state)
    if held.stop is None:
        return _again(known=held.benefit_id in state.earlier_stops)
    for row_id, rule in clashing_if_ended(held, None, state).items():
        raise RowContradictsError(rule.name, [row_id])
    gone = happened.BenefitStopWithdrawn(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=held.benefit_id,
        tab=held.tab,
        reason=command.reason,
    )
    return [gone]


def _held(benefit_id: str, state: Benefits) -> HeldBenefit:
    held = state.held.get(benefit_id)
    if held is None:
        raise RowNotFoundError
    return held


def _again(*, known: bool) -> Sequence[RecordedBenefitEvent]:
    """Return no event for what was withdrawn before."""
    if not known:
        raise RowNotFoundError
    return []
