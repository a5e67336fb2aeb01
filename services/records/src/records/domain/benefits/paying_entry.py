"""Payments and stops of benefits as feeders write them; each names its benefit by kind and decision."""

from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import BaseModel, ConfigDict

from records.domain.benefits.benefit import Payment, Stop
from records.domain.benefits.cells import benefit_kind, pay_method
from records.domain.benefits.commands import BenefitReference, RowOfBenefit
from records.domain.feeding.refusal import RowChecks
from records.domain.feeding.values import IN_THE_FUTURE, Cell, amount, day, decision_number, month
from records.domain.text import plain_line

_NOTHING: Final = Decimal("0.00")
_UNKNOWN_DAY: Final = date(1900, 1, 1)


class PaymentEntry(BaseModel):
    """A payment as it was sent. The first three cells name the benefit; the day only if there are several."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Cell = ""
    decision_number: Cell = ""
    from_date: Cell = ""
    paid_on: Cell = ""
    amount: Cell = ""
    method: Cell = ""
    for_month: Cell = ""


class StopEntry(BaseModel):
    """The end of a benefit as it was sent. The first three cells name the benefit, as for a payment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Cell = ""
    decision_number: Cell = ""
    from_date: Cell = ""
    stopped_on: Cell = ""
    reason: Cell = ""


def check_payment(entry: PaymentEntry, *, today: date) -> RowOfBenefit[Payment]:
    """Return the payment of the row, and which benefit it is of.

    Raises:
        RowRefusedError: Names every field that breaks a rule.
    """
    checks = RowChecks()
    reference = _reference(entry, checks)
    payment = Payment(
        paid_on=checks.required("paid_on", entry.paid_on, day, otherwise=_UNKNOWN_DAY),
        amount=checks.required("amount", entry.amount, amount, otherwise=_NOTHING),
        method=checks.required("method", entry.method, pay_method, otherwise="cash"),
        for_month=checks.optional("for_month", entry.for_month, month),
    )
    checks.hold(payment.paid_on <= today, "paid_on", IN_THE_FUTURE)
    checks.close()
    return RowOfBenefit(reference, payment)


def check_stop(entry: StopEntry) -> RowOfBenefit[Stop]:
    """Return the end of the row's benefit; it may lie in the future.

    Raises:
        RowRefusedError: Names every field that breaks a rule.
    """
    checks = RowChecks()
    reference = _reference(entry, checks)
    stop = Stop(
        stopped_on=checks.required("stopped_on", entry.stopped_on, day, otherwise=_UNKNOWN_DAY),
        reason=checks.required("reason", entry.reason, plain_line, otherwise=""),
    )
    checks.close()
    return RowOfBenefit(reference, stop)


def _reference(entry: PaymentEntry | StopEntry, checks: RowChecks) -> BenefitReference:
    return BenefitReference(
        kind=checks.required("kind", entry.kind, benefit_kind, otherwise="lump_sum"),
        decision_number=checks.required("decision_number", entry.decision_number, decision_number, otherwise=""),
        from_date=checks.optional("from_date", entry.from_date, day),
    )
