"""What becomes of each row about a participant's benefits, on the state it meets."""

from dataclasses import dataclass, replace
from typing import Final

from ansinh_kit.errors import FieldViolation

from records.domain.benefits.benefit import Benefit, HeldBenefit, Payment, Stop
from records.domain.benefits.commands import (
    BenefitReference,
    GrantBenefits,
    PayBenefits,
    PaymentRow,
    StopBenefits,
    StopRow,
)
from records.domain.benefits.state import Benefits
from records.domain.feeding.ledger import Judged, Ledger
from records.domain.feeding.outcome import (
    AMBIGUOUS_REFERENCE,
    CONTRADICTS_STANDING,
    UNKNOWN_ROW,
    RowOutcome,
    refused,
    row_id_of,
)
from records.domain.feeding.refusal import NOT_IN_THIS_KIND, RowRefusedError
from records.domain.feeding.values import FROM_AFTER_TO
from records.domain.language import Text
from records.domain.month import Month
from records.domain.rules import Rule

PAID_AFTER_STOP: Final = Rule(
    "paid_after_stop",
    Text("Khoản chi này cho thời gian sau khi trợ cấp đã dừng.", "This pays for a time after the benefit was stopped."),
    Text("Kiểm tra tháng chi và ngày dừng hưởng.", "Check the month it is for, and the day of the stop."),
)

OTHER_TAB: Final = Rule(
    "other_tab",
    Text("Đính chính không được chuyển sang nhóm trợ cấp khác.", "A correction stays within the tab of the benefit."),
    Text("Dừng trợ cấp này và ghi trợ cấp mới.", "Stop this benefit, and grant the other one."),
)


@dataclass(frozen=True, slots=True)
class JudgedPayment:
    """A payment and its outcome; `held` is its benefit before it, `None` if the row was refused."""

    outcome: RowOutcome
    value: Payment
    held: HeldBenefit | None = None
    key_field: str = "paid_on"

    @property
    def fact(self) -> tuple[str | None, Payment]:
        return self.outcome.row_id, self.value


@dataclass(frozen=True, slots=True)
class JudgedStop:
    """A stop and its outcome; `held` is its benefit before it, `None` if the row was refused."""

    outcome: RowOutcome
    value: Stop
    held: HeldBenefit | None = None
    key_field: str = "stopped_on"

    @property
    def fact(self) -> tuple[str | None, Stop]:
        return self.outcome.row_id, self.value


def judge_grants(command: GrantBenefits, state: Benefits) -> list[Judged[Benefit]]:
    """Return what becomes of each row. A stopped benefit leaves room for the next one of its kind."""
    benefits = {benefit_id: held.benefit for benefit_id, held in state.held.items()}
    stopped = frozenset(benefit_id for benefit_id, held in state.held.items() if held.stop is not None)
    ledger = Ledger(command.participant_id, benefits, stopped)
    return [_in_its_tab(each) for each in ledger.judge_all(command.rows, correction=command.correction)]


def _in_its_tab(judged: Judged[Benefit]) -> Judged[Benefit]:
    """Refuse a correction into another tab: what was paid of a pension cannot become part of a sickness benefit."""
    if judged.replaced is None or judged.replaced.tab == judged.value.tab:
        return judged
    return replace(judged, outcome=refused(judged.outcome.index, _refusal("kind", OTHER_TAB)))


def judge_payments(command: PayBenefits, state: Benefits) -> list[JudgedPayment]:
    """Return what becomes of each payment, in order; a payment twice in one command counts once."""
    judged, known = list[JudgedPayment](), dict[str, Payment]()
    for index, row in enumerate(command.rows):
        each = _payment(index, row, command, state, known)
        judged.append(each)
        if each.outcome.row_id is not None:
            known[each.outcome.row_id] = row.payment
    return judged


def judge_stops(command: StopBenefits, state: Benefits) -> list[JudgedStop]:
    """Return what becomes of each stop, in order; a benefit is stopped once in a command."""
    judged, known = list[JudgedStop](), dict[str, Stop]()
    for index, row in enumerate(command.rows):
        each = _stop(index, row, command, state, known)
        judged.append(each)
        if each.outcome.row_id is not None:
            known[each.outcome.row_id] = row.stop
    return judged


def _payment(
    index: int, row: PaymentRow, command: PayBenefits, state: Benefits, known: dict[str, Payment]
) -> JudgedPayment:
    try:
        held = _named(row.reference, state)
        _refuse_paid_after_stop(row.payment, held)
        payment_id = row_id_of(command.participant_id, held.benefit_id, *row.payment.natural_key)
        before = {**held.payments, **known}.get(payment_id)
        verdict = _verdict(index, payment_id, before, row.payment, correction=command.correction, at="paid_on")
    except RowRefusedError as refusal:
        return JudgedPayment(refused(index, refusal), row.payment)
    return JudgedPayment(verdict, row.payment, held)


def _stop(index: int, row: StopRow, command: StopBenefits, state: Benefits, known: dict[str, Stop]) -> JudgedStop:
    try:
        held = _named(row.reference, state)
        _refuse_unstoppable(row.stop, held)
        before = known.get(held.benefit_id, held.stop)
        verdict = _verdict(index, held.benefit_id, before, row.stop, correction=command.correction, at="stopped_on")
    except RowRefusedError as refusal:
        return JudgedStop(refused(index, refusal), row.stop)
    return JudgedStop(verdict, row.stop, held)


def _named(reference: BenefitReference, state: Benefits) -> HeldBenefit:
    match state.named(reference):
        case []:
            raise _refusal("decision_number", UNKNOWN_ROW)
        case [held]:
            return held
        case _:
            raise _refusal("from_date", AMBIGUOUS_REFERENCE)


def _verdict(
    index: int, row_id: str, before: Payment | Stop | None, now: Payment | Stop, *, correction: bool, at: str
) -> RowOutcome:
    if before is None:
        return RowOutcome(index, "recorded", row_id)
    if before == now:
        return RowOutcome(index, "unchanged", row_id)
    if not correction:
        raise _refusal(at, CONTRADICTS_STANDING)
    return RowOutcome(index, "corrected", row_id)


def _refuse_paid_after_stop(payment: Payment, held: HeldBenefit) -> None:
    if held.stop is None or payment.for_month is None:
        return
    if payment.for_month > Month.containing(held.stop.stopped_on):
        raise _refusal("for_month", PAID_AFTER_STOP)


def _refuse_unstoppable(stop: Stop, held: HeldBenefit) -> None:
    if not held.benefit.lasts:
        raise _refusal("kind", NOT_IN_THIS_KIND)
    if stop.stopped_on < held.benefit.from_date:
        raise _refusal("stopped_on", FROM_AFTER_TO)


def _refusal(field: str, rule: Rule) -> RowRefusedError:
    return RowRefusedError(FieldViolation(field, rule.name))
