"""The officers' and systems' routes to benefits: rows in, an outcome per row out; one corrected, one withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Depends

from records.api.counter import Counter, OpenCounter, checked_reason
from records.api.feeding import ReasonBody, RowChanged, RowId, RowsAnswer, RowsBody, Withdrawn
from records.domain.benefits.entry import BenefitEntry
from records.domain.benefits.paying_entry import PaymentEntry, StopEntry
from records.handlers.benefits import BenefitBook


def staff_benefit_routes(*, open_counter: OpenCounter, benefits: BenefitBook) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/participants/{participant_id}/benefits", tags=["feeding"])
    at_counter = Annotated[Counter, Depends(open_counter)]

    @router.post("")
    async def grant_benefits(body: RowsBody[BenefitEntry], counter: at_counter) -> RowsAnswer:
        """Take in benefits as they were decided, or corrections of them."""
        return counter.told(await benefits.grant(await counter.whose(), body.sent(), context=counter.context))

    @router.post("/payments")
    async def pay_benefits(body: RowsBody[PaymentEntry], counter: at_counter) -> RowsAnswer:
        """Take in what was paid of benefits; each row names its benefit by kind and decision."""
        return counter.told(await benefits.pay(await counter.whose(), body.sent(), context=counter.context))

    @router.post("/stops")
    async def stop_benefits(body: RowsBody[StopEntry], counter: at_counter) -> RowsAnswer:
        """End benefits; each row names its benefit by kind and decision."""
        return counter.told(await benefits.stop(await counter.whose(), body.sent(), context=counter.context))

    @router.post("/{benefit_id}/corrections")
    async def correct_benefit(benefit_id: RowId, body: BenefitEntry, counter: at_counter) -> RowChanged:
        """Let the benefit be this from now on; what it was before stays readable as of earlier."""
        fed = await benefits.correct(await counter.whose(), benefit_id, body, context=counter.context)
        return counter.changed(fed, benefit_id)

    @router.post("/{benefit_id}/withdrawal")
    async def withdraw_benefit(benefit_id: RowId, body: ReasonBody, counter: at_counter) -> Withdrawn:
        """Let a benefit, with its payments, stand no longer: it was never granted, or to another person."""
        reason = checked_reason(body.reason)
        handled = await benefits.withdraw(await counter.whose(), benefit_id, reason=reason, context=counter.context)
        return counter.withdrawn(handled.version)

    @router.post("/{benefit_id}/payments/{payment_id}/withdrawal")
    async def withdraw_payment(
        benefit_id: RowId, payment_id: RowId, body: ReasonBody, counter: at_counter
    ) -> Withdrawn:
        """Let one payment stand no longer: it was mistyped, or is another person's."""
        reason = checked_reason(body.reason)
        handled = await benefits.withdraw_payment(
            await counter.whose(), benefit_id, payment_id, reason=reason, context=counter.context
        )
        return counter.withdrawn(handled.version)

    @router.post("/{benefit_id}/stop/withdrawal")
    async def withdraw_stop(benefit_id: RowId, body: ReasonBody, counter: at_counter) -> Withdrawn:
        """Let the benefit go on: its end was said by mistake."""
        reason = checked_reason(body.reason)
        handled = await benefits.withdraw_stop(
            await counter.whose(), benefit_id, reason=reason, context=counter.context
        )
        return counter.withdrawn(handled.version)

    return router
