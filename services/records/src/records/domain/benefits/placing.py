"""Where a row about a participant's benefits goes, and what keeps it out."""

from datetime import date
from typing import Final, TypeVar

from records.domain.benefits.benefit import Benefit, HeldBenefit, Payment, Stop
from records.domain.benefits.commands import BenefitReference, RowOfBenefit
from records.domain.benefits.state import Benefits
from records.domain.feeding.ledger import Ledger, Row, clashing
from records.domain.feeding.outcome import (
    AMBIGUOUS_REFERENCE,
    CONTRADICTS_STANDING,
    UNKNOWN_ROW,
    WITHDRAWN_SINCE,
    refusal_of,
    row_id_of,
)
from records.domain.feeding.refusal import NOT_IN_THIS_KIND
from records.domain.feeding.turns import Place
from records.domain.feeding.values import FROM_AFTER_TO
from records.domain.language import Text
from records.domain.month import Month
from records.domain.rules import Rule

Said = TypeVar("Said", Payment, Stop)

PAID_AFTER_STOP: Final = Rule(
    "paid_after_stop",
    Text("Khoản chi này cho thời gian sau khi trợ cấp đã dừng.", "This pays for a time after the benefit was stopped."),
    Text("Kiểm tra tháng chi và ngày dừng hưởng.", "Check the month it is for, and the day of the stop."),
)
OTHER_TAB: Final = Rule(
    "other_tab",
    Text("Đính chính không được chuyển sang nhóm trợ cấp khác.", "A correction stays within the tab of the benefit."),
    Text("Hủy ghi nhận trợ cấp này và ghi trợ cấp đúng.", "Withdraw this benefit, and grant the other one."),
)


def place_grant(participant_id: str, row: Row[Benefit], state: Benefits) -> Place[Benefit]:
    """Return where a benefit goes. A stopped one leaves room for the next of its kind.

    Raises:
        RowRefusedError: It contradicts what stands, or would carry what was paid of one kind into another.
    """
    ledger = Ledger(
        participant_id, state.benefits, state.stops, state.withdrawn, state.earlier, merged=state.taken_over
    )
    place = ledger.place(row)
    if place.before is not None and place.before.tab != row.value.tab:
        raise refusal_of("kind", OTHER_TAB, place.row_id)
    return place


def place_payment(participant_id: str, row: RowOfBenefit[Payment], state: Benefits) -> Place[Payment]:
    """Return where a payment goes.

    Raises:
        RowRefusedError: It names no one benefit, is for a time after its stop, contradicts what was noted, or was
            withdrawn.
    """
    held = benefit_named(row.reference, state)
    last = None if held.stop is None else Month.containing(held.stop.stopped_on)
    if last is not None and row.value.for_month is not None and row.value.for_month > last:
        raise refusal_of("for_month", PAID_AFTER_STOP, held.benefit_id)
    payment_id = _noted_as(row.value, held) or row_id_of(participant_id, held.benefit_id, *row.value.natural_key)
    before = held.payments.get(payment_id)
    withdrawn_id = _withdrawn_as(row.value, held, state)
    if before is None and withdrawn_id is not None:
        _refuse_old(row, withdrawn_id)
    return _unless_contradicting(Place(payment_id, before, row.value), row)


def place_stop(row: RowOfBenefit[Stop], state: Benefits) -> Place[Stop]:
    """Return where the end of a benefit goes; its id is the benefit's.

    Raises:
        RowRefusedError: It names no one benefit, one that is paid once or begins later, it ends otherwise, this end
            was withdrawn, or another benefit of the kind would share time with it.
    """
    held = benefit_named(row.reference, state)
    if held.benefit.good_for is None:
        raise refusal_of("kind", NOT_IN_THIS_KIND, held.benefit_id)
    if row.value.stopped_on < held.benefit.from_date:
        raise refusal_of("stopped_on", FROM_AFTER_TO, held.benefit_id)
    if held.stop is None and row.value in state.earlier_stops.get(held.benefit_id, ()):
        _refuse_old(row, held.benefit_id)
    place = _unless_contradicting(Place(held.benefit_id, held.stop, row.value), row)
    for other_id, rule in clashing_if_ended(held, row.value.stopped_on, state).items():
        raise refusal_of("stopped_on", rule, other_id)
    return place


def clashing_if_ended(held: HeldBenefit, on: date | None, state: Benefits) -> dict[str, Rule]:
    """Return the benefits that can be true beside this one and could not if it was stopped on that day, or never.

    With each comes the rule it would break. What clashes already, since a merge, is for an officer to settle.
    """
    others = {benefit_id: day for benefit_id, day in state.stops.items() if benefit_id != held.benefit_id}
    ends = others if on is None else {**others, held.benefit_id: on}
    before = clashing(held.benefit, held.benefit_id, rows=state.benefits, ended=state.stops)
    after = clashing(held.benefit, held.benefit_id, rows=state.benefits, ended=ends)
    return {benefit_id: rule for benefit_id, rule in after.items() if benefit_id not in before}


def benefit_named(reference: BenefitReference, state: Benefits) -> HeldBenefit:
    """Return the one benefit that a payment or stop names.

    Raises:
        RowRefusedError: There is none, or more than one.
    """
    match state.named(reference):
        case []:
            raise refusal_of("decision_number", UNKNOWN_ROW)
        case [held]:
            return held
        case several:
            raise refusal_of("from_date", AMBIGUOUS_REFERENCE, *(held.benefit_id for held in several))


def _noted_as(payment: Payment, held: HeldBenefit) -> str | None:
    """Return the id of the payment of that day and month: one that a merge brought was named after the duplicate."""
    return next((each for each, noted in held.payments.items() if noted.natural_key == payment.natural_key), None)


def _withdrawn_as(payment: Payment, held: HeldBenefit, state: Benefits) -> str | None:
    """Return the id of the payment of that day and month that was withdrawn, here or before a merge."""
    gone = state.withdrawn_payments.get(held.benefit_id, {})
    return next((each for each, key in gone.items() if key == payment.natural_key), None)


def _refuse_old(row: RowOfBenefit[Said], row_id: str) -> None:
    if not row.as_correction:
        raise refusal_of(row.value.key_field, WITHDRAWN_SINCE, row_id)


def _unless_contradicting(place: Place[Said], row: RowOfBenefit[Said]) -> Place[Said]:
    if place.verdict == "corrected" and not row.as_correction:
        raise refusal_of(place.value.key_field, CONTRADICTS_STANDING, place.row_id)
    return place
