"""The officers' and systems' routes to contribution periods: record, correct, withdraw."""

from typing import Annotated, Final

from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from records.api.contexts import ParticipantId, RepeatableContext
from records.api.officers import CurrentOfficer
from records.api.participation_models import Words
from records.api.participation_routes import PeriodId
from records.domain.contributions.book import RowOutcome
from records.domain.contributions.entries import Entry, PeriodEntries, RowEntries
from records.domain.feeding.outcome import Verdict
from records.domain.language import Text
from records.handlers.contributing import Fed
from records.handlers.period_feeding import PeriodFeeding

_ROWS_MAX: Final = 200


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PeriodsBody(_Model):
    rows: Annotated[list[RowEntries], Field(min_length=1, max_length=_ROWS_MAX)]


class WithdrawalBody(_Model):
    reason: Entry


class RowAnswer(_Model):
    """What became of the row at `index`. A refusal names its rule, and the periods on record that stand against it."""

    index: int
    outcome: Verdict
    period_id: str | None
    rule: str | None = None
    message: Words | None = None
    way_out: Words | None = None
    against: list[str] = []


class PeriodsFed(_Model):
    """`participant_id` is whose record it went into: another one if the participant was merged since.

    A reader that asks from `position` on sees what was recorded.
    """

    participant_id: str
    position: int
    rows: list[RowAnswer]


class PeriodChanged(_Model):
    participant_id: str
    period_id: str
    position: int


def period_feeding_routes(*, feeding: PeriodFeeding) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/participants/{participant_id}/periods", tags=["feeding"])

    @router.post("")
    async def record(
        participant_id: ParticipantId,
        body: PeriodsBody,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> PeriodsFed:
        """Record rows, each on its own: the answer tells of every row what became of it."""
        fed = await feeding.record(participant_id, body.rows, officer, context)
        response.headers["ETag"] = etag(fed.version)
        rows = [_row_answer(index, outcome) for index, outcome in enumerate(fed.outcomes)]
        return PeriodsFed(participant_id=fed.participant_id, position=fed.position, rows=rows)

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
    return PeriodChanged(participant_id=fed.participant_id, period_id=period_id, position=fed.position)


def _row_answer(index: int, outcome: RowOutcome) -> RowAnswer:
    rule = outcome.rule
    return RowAnswer(
        index=index,
        outcome=outcome.verdict,
        period_id=outcome.period_id,
        rule=None if rule is None else rule.name,
        message=None if rule is None else _words(rule.message),
        way_out=None if rule is None else _words(rule.way_out),
        against=list(outcome.against),
    )


def _words(text: Text) -> Words:
    return Words(vi=text.vi, en=text.en)
