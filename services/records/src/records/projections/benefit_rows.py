"""How each event changes the rows of a tab of benefits: the benefits, their payments, and which are withdrawn."""

from collections.abc import Sequence

from ansinh_kit.database import Document
from ansinh_kit.events import RecordedEvent

from records.domain.benefits import events as happened
from records.domain.benefits.benefit import HeldBenefit, Payment, Stop
from records.projections.versioned_rows import Rows, ended, last_value, revised


def is_erased(event: object) -> bool:
    """Say whether the event is one of a person who was forgotten."""
    match event:
        case happened.BenefitGranted(benefit=None) | happened.BenefitCorrected(benefit=None):
            return True
        case happened.BenefitPaid(payment=None) | happened.BenefitPaymentCorrected(payment=None):
            return True
        case happened.BenefitStopped(stop=None) | happened.BenefitStopCorrected(stop=None):
            return True
        case happened.BenefitsTakenOver(benefits=None):
            return True
        case _:
            return False


def benefits_after(benefits: Rows, tab: str, event: RecordedEvent) -> Rows:
    """Return the tab's benefits, each with its stop, as the event leaves them."""
    match event.event:
        case happened.BenefitsMoved():
            return ended(benefits, benefits, event)
        case happened.BenefitWithdrawn() as withdrawn:
            return ended(benefits, [withdrawn.benefit_id], event)
        case happened.BenefitsTakenOver() as taken:
            for held in _of_tab(taken, tab):
                value = held.model_dump(mode="json", include={"benefit", "stop"})
                benefits = revised(benefits, held.benefit_id, event, value)
        case happened.BenefitGranted() | happened.BenefitCorrected() as said if said.benefit is not None:
            before = last_value(benefits, said.benefit_id) or {"stop": None}
            after = before | {"benefit": said.benefit.model_dump(mode="json")}
            return revised(benefits, said.benefit_id, event, after)
        case happened.BenefitStopped(stop=stop) | happened.BenefitStopCorrected(stop=stop) as stopped:
            return _with_stop(benefits, stopped.benefit_id, event, stop)
        case happened.BenefitStopWithdrawn() as going_on:
            return _with_stop(benefits, going_on.benefit_id, event, None)
        case _:
            pass
    return benefits


def _with_stop(benefits: Rows, benefit_id: str, event: RecordedEvent, stop: Stop | None) -> Rows:
    before = last_value(benefits, benefit_id) or {}
    after = before | {"stop": None if stop is None else stop.model_dump(mode="json")}
    return revised(benefits, benefit_id, event, after)


def payments_after(payments: Rows, tab: str, event: RecordedEvent) -> Rows:
    """Return the payments of the tab's benefits as the event leaves them."""
    match event.event:
        case happened.BenefitsMoved():
            return ended(payments, payments, event)
        case happened.BenefitWithdrawn() as withdrawn:
            return ended(payments, _payments_of(payments, withdrawn.benefit_id), event)
        case happened.BenefitPaymentWithdrawn() as withdrawn_one:
            return ended(payments, [withdrawn_one.payment_id], event)
        case happened.BenefitsTakenOver() as taken:
            for held in _of_tab(taken, tab):
                for payment_id, payment in held.payments.items():
                    payments = revised(payments, payment_id, event, _paid(held.benefit_id, payment))
            return payments
        case happened.BenefitPaid() | happened.BenefitPaymentCorrected() as paid if paid.payment is not None:
            return revised(payments, paid.payment_id, event, _paid(paid.benefit_id, paid.payment))
        case _:
            return payments


def withdrawn_after(withdrawn: Sequence[str], payments: Rows, event: RecordedEvent) -> list[str]:
    """Return the ids of the benefits and payments that were withdrawn and did not come back since.

    Args:
        payments: Those that were noted before the event.
    """
    gone, back = set[str](), set[str]()
    match event.event:
        case happened.BenefitWithdrawn() as benefit:
            gone = {benefit.benefit_id, *_payments_of(payments, benefit.benefit_id)}
        case happened.BenefitPaymentWithdrawn() as payment:
            gone = {payment.payment_id}
        case happened.BenefitGranted() as granted:
            back = {granted.benefit_id}
        case happened.BenefitPaid() as paid:
            back = {paid.payment_id}
        case happened.BenefitsTakenOver() as taken:
            back = {row_id for held in taken.benefits or () for row_id in (held.benefit_id, *held.payments)}
        case _:
            pass
    return sorted({*withdrawn, *gone} - back)


def _payments_of(payments: Rows, benefit_id: str) -> list[str]:
    values = {payment_id: last_value(payments, payment_id) for payment_id in payments}
    return [payment_id for payment_id, value in values.items() if value and value["benefit_id"] == benefit_id]


def _of_tab(taken: happened.BenefitsTakenOver, tab: str) -> list[HeldBenefit]:
    return [held for held in taken.benefits or () if held.tab == tab]


def _paid(benefit_id: str, payment: Payment) -> Document:
    return {"benefit_id": benefit_id, "payment": payment.model_dump(mode="json")}
