"""What decisions need to know of a participant's benefits. Read models hold the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from records.domain.benefits import events as happened
from records.domain.benefits.benefit import Benefit, FormerBenefit, HeldBenefit, Stop
from records.domain.benefits.commands import BenefitReference
from records.domain.benefits.events import RecordedBenefitEvent


@dataclass(frozen=True, slots=True)
class Benefits:
    """The benefits that stand, with their payments. `moved_to` is the participant a merge closed them for.

    Attributes:
        earlier: What benefits said before they were corrected or withdrawn, with their ids: an old file is known by it.
        withdrawn: The ids of those that were ever withdrawn, also if they were recorded again since.
        withdrawn_payments: The same of payments, by benefit: the natural key of each.
        earlier_stops: What ends were said before they were corrected or withdrawn, by benefit.
        taken_over: The participants whose benefits were taken over, and those whose benefits these had taken over.
    """

    held: Mapping[str, HeldBenefit] = field(default_factory=dict)
    earlier: Mapping[Benefit, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    withdrawn_payments: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    earlier_stops: Mapping[str, frozenset[Stop]] = field(default_factory=dict)
    moved_to: str | None = None
    taken_over: frozenset[str] = frozenset()

    def knows(self, benefit_id: str) -> bool:
        """Say whether it stands or was withdrawn: both can be asked about."""
        return benefit_id in self.held or benefit_id in self.withdrawn

    @property
    def benefits(self) -> Mapping[str, Benefit]:
        """What stands of each benefit, by id, without its payments and its end."""
        return {benefit_id: held.benefit for benefit_id, held in self.held.items()}

    @property
    def stops(self) -> Mapping[str, date]:
        """From which day on stopped benefits are no longer paid, by id."""
        return {benefit_id: held.stop.stopped_on for benefit_id, held in self.held.items() if held.stop is not None}

    def named(self, reference: BenefitReference) -> list[HeldBenefit]:
        """Return the benefits that the reference names: none, one, or several of one decision."""
        return [
            held
            for held in self.held.values()
            if held.benefit.kind == reference.kind
            and held.benefit.decision_number == reference.decision_number
            and reference.from_date in (None, held.benefit.from_date)
        ]


def evolve(state: Benefits, event: RecordedBenefitEvent) -> Benefits:
    """Return the state after the event. Of a forgotten person nothing is held any more."""
    match event:
        case happened.BenefitGranted() | happened.BenefitCorrected():
            return _with_grant(state, event.benefit_id, event.benefit)
        case happened.BenefitPaid() | happened.BenefitPaymentCorrected():
            return _with_payment(state, event)
        case happened.BenefitStopped() | happened.BenefitStopCorrected():
            return _with_stop(state, event.benefit_id, event.stop)
        case happened.BenefitWithdrawn() | happened.BenefitPaymentWithdrawn() | happened.BenefitStopWithdrawn():
            return _after_withdrawal(state, event)
        case happened.BenefitsMoved():
            return replace(state, moved_to=event.to)
        case happened.BenefitsTakenOver():
            return _taken_over(state, event)
        case _:
            assert_never(event)


def _after_withdrawal(
    state: Benefits,
    event: happened.BenefitWithdrawn | happened.BenefitPaymentWithdrawn | happened.BenefitStopWithdrawn,
) -> Benefits:
    match event:
        case happened.BenefitWithdrawn():
            return replace(_without(state, event.benefit_id), withdrawn=state.withdrawn | {event.benefit_id})
        case happened.BenefitPaymentWithdrawn():
            return _without_payment(state, event.benefit_id, event.payment_id)
        case happened.BenefitStopWithdrawn():
            return _with_stop(state, event.benefit_id, None)
        case _:
            assert_never(event)


def _taken_over(state: Benefits, event: happened.BenefitsTakenOver) -> Benefits:
    taken = {held.benefit_id: held for held in event.benefits or ()}
    sources = state.taken_over | {event.from_participant, *event.also_from}
    for former in event.former or ():
        state = _with_former(state, former)
    return replace(state, held={**state.held, **taken}, taken_over=sources)


def _with_former(state: Benefits, former: FormerBenefit) -> Benefits:
    benefit_id = former.benefit_id
    payments = {**state.withdrawn_payments.get(benefit_id, {}), **former.withdrawn_payments}
    stops = state.earlier_stops.get(benefit_id, frozenset()) | set(former.earlier_stops)
    return replace(
        state,
        earlier={**state.earlier, **dict.fromkeys(former.said, benefit_id)},
        withdrawn=state.withdrawn | {benefit_id} if former.withdrawn else state.withdrawn,
        withdrawn_payments={**state.withdrawn_payments, benefit_id: payments} if payments else state.withdrawn_payments,
        earlier_stops={**state.earlier_stops, benefit_id: stops} if stops else state.earlier_stops,
    )


def _with_grant(state: Benefits, benefit_id: str, benefit: Benefit | None) -> Benefits:
    if benefit is None:
        return _without(state, benefit_id)
    before = state.held.get(benefit_id)
    if before is None:
        return _holding(state, HeldBenefit(benefit_id=benefit_id, benefit=benefit))
    corrected = _holding(state, before.model_copy(update={"benefit": benefit}))
    return replace(corrected, earlier={**state.earlier, before.benefit: benefit_id})


def _without(state: Benefits, benefit_id: str) -> Benefits:
    gone = state.held.get(benefit_id)
    if gone is None:
        return state
    held = {each: other for each, other in state.held.items() if each != benefit_id}
    return replace(state, held=held, earlier={**state.earlier, gone.benefit: benefit_id})


def _with_payment(state: Benefits, event: happened.BenefitPaid | happened.BenefitPaymentCorrected) -> Benefits:
    held = state.held.get(event.benefit_id)
    if held is None or event.payment is None:
        return state
    payments = {**held.payments, event.payment_id: event.payment}
    return _holding(state, held.model_copy(update={"payments": payments}))


def _without_payment(state: Benefits, benefit_id: str, payment_id: str) -> Benefits:
    held = state.held.get(benefit_id)
    payment = None if held is None else held.payments.get(payment_id)
    key = () if payment is None else payment.natural_key
    gone = {**state.withdrawn_payments.get(benefit_id, {}), payment_id: key}
    state = replace(state, withdrawn_payments={**state.withdrawn_payments, benefit_id: gone})
    if held is None:
        return state
    payments = {each: payment for each, payment in held.payments.items() if each != payment_id}
    return _holding(state, held.model_copy(update={"payments": payments}))


def _with_stop(state: Benefits, benefit_id: str, stop: Stop | None) -> Benefits:
    held = state.held.get(benefit_id)
    if held is None:
        return state
    if held.stop is not None:
        earlier = state.earlier_stops.get(benefit_id, frozenset()) | {held.stop}
        state = replace(state, earlier_stops={**state.earlier_stops, benefit_id: earlier})
    return _holding(state, held.model_copy(update={"stop": stop}))


def _holding(state: Benefits, held: HeldBenefit) -> Benefits:
    return replace(state, held={**state.held, held.benefit_id: held})
