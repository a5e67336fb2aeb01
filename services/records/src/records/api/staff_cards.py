"""The officers' and systems' routes to health cards: rows in, an outcome per row out; one corrected, one withdrawn."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from records.api.counter import Counter, OpenCounter, checked_reason
from records.api.feeding import ReasonBody, Reinstated, RowChanged, RowId, RowsAnswer, RowsBody, Withdrawn
from records.domain.cards.entry import CardEntry
from records.domain.feeding.values import Cell, day
from records.domain.rules import Checks
from records.domain.text import plain_line
from records.handlers.cards import CardBook


class CardWithdrawalBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    withdrawn_on: Cell
    reason: Cell


def staff_card_routes(*, open_counter: OpenCounter, cards: CardBook) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/participants/{participant_id}/cards", tags=["feeding"])
    at_counter = Annotated[Counter, Depends(open_counter)]

    @router.post("")
    async def record_cards(body: RowsBody[CardEntry], counter: at_counter) -> RowsAnswer:
        """Take in cards as they were issued, or changes of them."""
        return counter.told(await cards.record(await counter.whose(), body.sent(), context=counter.context))

    @router.post("/{card_id}/corrections")
    async def correct_card(card_id: RowId, body: CardEntry, counter: at_counter) -> RowChanged:
        """Let the card read like this from now on; what it said before stays readable as of earlier."""
        fed = await cards.correct(await counter.whose(), card_id, body, context=counter.context)
        return counter.changed(fed, card_id)

    @router.post("/{card_id}/withdrawal")
    async def withdraw_card(card_id: RowId, body: CardWithdrawalBody, counter: at_counter) -> Withdrawn:
        """Let a card be worth nothing from a day on."""
        withdrawn_on, reason = _withdrawal(body)
        handled = await cards.withdraw(
            await counter.whose(), card_id, withdrawn_on=withdrawn_on, reason=reason, context=counter.context
        )
        return counter.withdrawn(handled.version)

    @router.post("/{card_id}/reinstatement")
    async def reinstate_card(card_id: RowId, body: ReasonBody, counter: at_counter) -> Reinstated:
        """Take back a withdrawal that was a mistake, unless another card took the place of this one."""
        reason = checked_reason(body.reason)
        handled = await cards.reinstate(await counter.whose(), card_id, reason=reason, context=counter.context)
        return counter.reinstated(handled.version)

    return router


def _withdrawal(body: CardWithdrawalBody) -> tuple[date, str]:
    checks = Checks()
    withdrawn_on = checks.value("withdrawn_on", body.withdrawn_on, day)
    reason = checks.value("reason", body.reason, plain_line)
    return checks.passed(withdrawn_on), checks.passed(reason)
