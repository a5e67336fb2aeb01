"""The officers' and systems' routes to benefits, cards and visits: rows in, an outcome per row out."""

from datetime import date
from typing import Annotated, Final

from ansinh_kit.http.rules import RuleTexts
from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict

from records.api.contexts import ParticipantId, RepeatableContext
from records.api.feeding import RowsAnswer, RowsBody, Withdrawn, rows_answer
from records.api.officers import CurrentOfficer
from records.domain.benefits.entry import BenefitEntry
from records.domain.benefits.paying_entry import PaymentEntry, StopEntry
from records.domain.cards.entry import CardEntry
from records.domain.feeding.values import Cell, day
from records.domain.rules import Checks
from records.domain.text import plain_line
from records.domain.visits.entry import VisitEntry
from records.handlers.benefits import BenefitBook
from records.handlers.cards import CardBook
from records.handlers.feeding import Fed
from records.handlers.managed import managed_participant
from records.handlers.participants import Participants
from records.handlers.visits import VisitBook

RowId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_PREFIX: Final = "/v1/staff/participants/{participant_id}"


class CardWithdrawalBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    withdrawn_on: Cell
    reason: Cell


class VisitWithdrawalBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Cell


def staff_benefit_routes(*, participants: Participants, benefits: BenefitBook, texts: RuleTexts) -> APIRouter:
    router = APIRouter(prefix=f"{_PREFIX}/benefits", tags=["feeding"])

    @router.post("")
    async def grant_benefits(
        participant_id: ParticipantId,
        body: RowsBody[BenefitEntry],
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> RowsAnswer:
        """Take in benefits as they were decided, or corrections of them."""
        managed = await managed_participant(participants, participant_id, officer)
        return _told(await benefits.grant(managed, body.sent(), context=context), texts, response)

    @router.post("/payments")
    async def pay_benefits(
        participant_id: ParticipantId,
        body: RowsBody[PaymentEntry],
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> RowsAnswer:
        """Take in what was paid of benefits; each row names its benefit by kind and decision."""
        managed = await managed_participant(participants, participant_id, officer)
        return _told(await benefits.pay(managed, body.sent(), context=context), texts, response)

    @router.post("/stops")
    async def stop_benefits(
        participant_id: ParticipantId,
        body: RowsBody[StopEntry],
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> RowsAnswer:
        """End benefits; each row names its benefit by kind and decision."""
        managed = await managed_participant(participants, participant_id, officer)
        return _told(await benefits.stop(managed, body.sent(), context=context), texts, response)

    return router


def staff_card_routes(*, participants: Participants, cards: CardBook, texts: RuleTexts) -> APIRouter:
    router = APIRouter(prefix=f"{_PREFIX}/cards", tags=["feeding"])

    @router.post("")
    async def record_cards(
        participant_id: ParticipantId,
        body: RowsBody[CardEntry],
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> RowsAnswer:
        """Take in cards as they were issued, or changes of them."""
        managed = await managed_participant(participants, participant_id, officer)
        return _told(await cards.record(managed, body.sent(), context=context), texts, response)

    @router.post("/{card_id}/withdrawal")
    async def withdraw_card(
        *,
        participant_id: ParticipantId,
        card_id: RowId,
        body: CardWithdrawalBody,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> Withdrawn:
        """Let a card be worth nothing from a day on."""
        managed = await managed_participant(participants, participant_id, officer)
        withdrawn_on, reason = _withdrawal(body)
        handled = await cards.withdraw(managed, card_id, withdrawn_on=withdrawn_on, reason=reason, context=context)
        response.headers["ETag"] = etag(handled.version)
        return Withdrawn()

    return router


def staff_visit_routes(*, participants: Participants, visits: VisitBook, texts: RuleTexts) -> APIRouter:
    router = APIRouter(prefix=f"{_PREFIX}/visits", tags=["feeding"])

    @router.post("")
    async def record_visits(
        participant_id: ParticipantId,
        body: RowsBody[VisitEntry],
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> RowsAnswer:
        """Take in visits as facilities reported them, or corrections of them."""
        managed = await managed_participant(participants, participant_id, officer)
        return _told(await visits.record(managed, body.sent(), context=context), texts, response)

    @router.post("/{visit_id}/withdrawal")
    async def withdraw_visit(
        *,
        participant_id: ParticipantId,
        visit_id: RowId,
        body: VisitWithdrawalBody,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> Withdrawn:
        """Let a visit stand no longer: it did not take place, or was another person's."""
        managed = await managed_participant(participants, participant_id, officer)
        handled = await visits.withdraw(managed, visit_id, reason=_reason(body.reason), context=context)
        response.headers["ETag"] = etag(handled.version)
        return Withdrawn()

    return router


def _told(fed: Fed, texts: RuleTexts, response: Response) -> RowsAnswer:
    response.headers["ETag"] = etag(fed.version)
    return rows_answer(fed, texts)


def _withdrawal(body: CardWithdrawalBody) -> tuple[date, str]:
    checks = Checks()
    withdrawn_on = checks.value("withdrawn_on", body.withdrawn_on, day)
    reason = checks.value("reason", body.reason, plain_line)
    return checks.passed(withdrawn_on), checks.passed(reason)


def _reason(raw: str) -> str:
    checks = Checks()
    return checks.passed(checks.value("reason", raw, plain_line))
