"""What may happen to a participant's benefits, and what then has. Pure: every fact from outside is in the command."""

from collections.abc import Sequence
from functools import partial
from typing import assert_never

from ansinh_kit.decider import Decider

from records.domain.benefits import commands as asked
from records.domain.benefits import events as happened
from records.domain.benefits.benefit import Benefit, Payment, Stop
from records.domain.benefits.commands import BenefitCommand, FeedBenefits, RowOfBenefit
from records.domain.benefits.events import RecordedBenefitEvent
from records.domain.benefits.placing import benefit_named, place_grant, place_payment, place_stop
from records.domain.benefits.state import Benefits, evolve
from records.domain.benefits.taking_over import tabs_of, taken_over
from records.domain.benefits.withdrawing import withdrawn
from records.domain.feeding.errors import nothing_follows
from records.domain.feeding.ledger import Row
from records.domain.feeding.outcome import RowOutcome
from records.domain.feeding.turns import Place, Rules, Turn, events_of, outcomes_of


def decide(command: BenefitCommand, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    """Return what has happened, or raise the refusal. Rows that are refused or known bring no event."""
    if state.moved_to is not None:
        closed_for = command.to if isinstance(command, asked.MoveBenefits) else None
        return nothing_follows(state.moved_to, closed_for=closed_for)
    match command:
        case asked.GrantBenefits() | asked.PayBenefits() | asked.StopBenefits():
            return events_of(_turns(command, state))
        case asked.WithdrawBenefit() | asked.WithdrawPayment() | asked.WithdrawStop():
            return withdrawn(command, state)
        case asked.MoveBenefits():
            return [_moved(command, state)]
        case asked.TakeOverBenefits():
            return _taken_over(command, state)
        case _:
            assert_never(command)


def benefit_outcomes(command: FeedBenefits, before: Benefits) -> list[RowOutcome]:
    """Return what becomes of each row of a command that is decided on `before`."""
    return outcomes_of(_turns(command, before))


def _turns(command: FeedBenefits, state: Benefits) -> list[Turn[RecordedBenefitEvent]]:
    whose = command.participant_id
    match command:
        case asked.GrantBenefits():
            granting = Rules(place=partial(place_grant, whose), said=partial(_granted, command), evolve=evolve)
            return granting.in_turn(command.rows, state)
        case asked.PayBenefits():
            paying = Rules(place=partial(place_payment, whose), said=partial(_paid, command), evolve=evolve)
            return paying.in_turn(command.rows, state)
        case asked.StopBenefits():
            stopping = Rules(place=place_stop, said=partial(_stopped, command), evolve=evolve)
            return stopping.in_turn(command.rows, state)
        case _:
            assert_never(command)


def _granted(
    command: asked.GrantBenefits, place: Place[Benefit], row: Row[Benefit], state: Benefits
) -> Sequence[RecordedBenefitEvent]:
    del state  # all there is to know of it is in the place
    event_class = happened.BenefitGranted if place.before is None else happened.BenefitCorrected
    granted = event_class(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=place.row_id,
        tab=row.value.tab,
        benefit=row.value,
    )
    return [granted]


def _paid(
    command: asked.PayBenefits, place: Place[Payment], row: RowOfBenefit[Payment], state: Benefits
) -> Sequence[RecordedBenefitEvent]:
    held = benefit_named(row.reference, state)
    event_class = happened.BenefitPaid if place.before is None else happened.BenefitPaymentCorrected
    paid = event_class(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=held.benefit_id,
        tab=held.tab,
        payment_id=place.row_id,
        payment=row.value,
    )
    return [paid]


def _stopped(
    command: asked.StopBenefits, place: Place[Stop], row: RowOfBenefit[Stop], state: Benefits
) -> Sequence[RecordedBenefitEvent]:
    event_class = happened.BenefitStopped if place.before is None else happened.BenefitStopCorrected
    stopped = event_class(
        participant_id=command.participant_id,
        occurred_at=command.at,
        benefit_id=place.row_id,
        tab=state.held[place.row_id].tab,
        stop=row.value,
    )
    return [stopped]


def _moved(command: asked.MoveBenefits, state: Benefits) -> RecordedBenefitEvent:
    return happened.BenefitsMoved(
        participant_id=command.participant_id,
        occurred_at=command.at,
        to=command.to,
        tabs=tabs_of(state.held.values()),
    )


def _taken_over(command: asked.TakeOverBenefits, state: Benefits) -> Sequence[RecordedBenefitEvent]:
    return [] if command.from_participant in state.taken_over else [taken_over(command, state)]


benefit_decider: Decider[BenefitCommand, Benefits, RecordedBenefitEvent] = Decider(
    initial=Benefits(), decide=decide, evolve=evolve
)
