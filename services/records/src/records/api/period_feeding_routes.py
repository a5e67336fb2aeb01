"""The officers' and systems' routes to contribution periods: record, correct, withdraw."""

from ansinh_kit.errors import FieldViolation
from ansinh_kit.http.rules import RuleTexts
from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from records.api.contexts import ParticipantId, RepeatableContext
from records.api.feeding import CellError, RowAnswer, RowsAnswer, RowsBody
from records.api.officers import CurrentOfficer
from records.api.participation_routes import PeriodId
from records.domain.contributions.book import RowOutcome
from records.domain.contributions.entries import Entry, PeriodEntries
from records.handlers.contributing import Fed
from records.handlers.period_feeding import PeriodFeeding


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WithdrawalBody(_Model):
    reason: Entry


class PeriodChanged(_Model):
    participant_id: str
    period_id: str


def period_feeding_routes(*, feeding: PeriodFeeding, texts: RuleTexts) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/participants/{participant_id}/periods", tags=["feeding"])

    @router.post("")
    async def record(
        participant_id: ParticipantId,
        body: RowsBody[PeriodEntries],
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> RowsAnswer:
        """Record rows, each on its own: the answer tells of every row what became of it."""
        fed = await feeding.record(participant_id, body.rows, officer, context, correction=body.correction)
        response.headers["ETag"] = etag(fed.version)
        rows = [_row_answer(index, outcome, texts) for index, outcome in enumerate(fed.outcomes)]
        return RowsAnswer(participant_id=fed.participant_id, rows=rows)

    @router.post("/{period_id}/corrections")
    async def correct(
        *,
        participant_id: ParticipantId,
        period_id: PeriodId,
        body: PeriodEntries,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> PeriodChanged:
        """Let the period be this from now on; what it was before stays readable as of earlier."""
        fed = await feeding.correct(participant_id, period_id, body, officer, context)
        return _changed(fed, period_id, response)

    @router.post("/{period_id}/withdrawal")
    async def withdraw(
        *,
        participant_id: ParticipantId,
        period_id: PeriodId,
        body: WithdrawalBody,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> PeriodChanged:
        """Take back a period that should never have been recorded."""
        fed = await feeding.withdraw(participant_id, period_id, body.reason, officer, context)
        return _changed(fed, period_id, response)

    return router


def _changed(fed: Fed, period_id: str, response: Response) -> PeriodChanged:
    response.headers["ETag"] = etag(fed.version)
    return PeriodChanged(participant_id=fed.participant_id, period_id=period_id)


def _row_answer(index: int, outcome: RowOutcome, texts: RuleTexts) -> RowAnswer:
    broken = outcome.violations
    if outcome.rule is not None:
        broken = (FieldViolation("from_month", outcome.rule.name),)
    errors = [texts.describe(violation.field, violation.rule, violation.limits) for violation in broken]
    return RowAnswer(
        row=index,
        outcome=outcome.verdict,
        id=outcome.period_id,
        errors=[CellError.model_validate(error) for error in errors],
        against=list(outcome.against),
    )
