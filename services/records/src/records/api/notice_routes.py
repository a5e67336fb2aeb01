"""Reading the notices of unpaid months (V-26)."""

from collections.abc import Sequence
from datetime import date, datetime

from ansinh_kit.database import Document
from ansinh_kit.http.callers import AnyCaller
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from records.api import participation_models as models
from records.api.access import Access, OpeningId, Who
from records.api.as_of import AsOf
from records.api.participation_views import as_of_text, kind_words, months
from records.domain.amounts import vietnamese
from records.domain.counting.rows import Currency
from records.domain.counting.span import Span
from records.domain.kind import Kind
from records.domain.notices.events import NoticeLine
from records.handlers.record_ids import RecordIds
from records.projections.notices import NoticeSeen, notices_seen
from records.projections.read_model import ReadModel


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticeLineEntry(_Answer):
    """Months one employer owed when the notice went out; `amount` is empty where it is not known as money."""

    kind: Kind
    label: models.Words
    employer_code: str
    employer_name: str | None
    span: models.Months
    amount: str | None
    amount_text: str | None
    currency: Currency | None


class NoticeEntry(_Answer):
    """A notice as it went out; what was paid or corrected since does not change it."""

    month: str
    month_label: str
    judged_on: date
    issued_at: datetime
    event_id: str
    lines: list[NoticeLineEntry]


class NoticeList(_Answer):
    """Newest first."""

    as_of: str | None
    notices: list[NoticeEntry]


def notice_routes(*, access: Access, record_ids: RecordIds, notices: ReadModel) -> APIRouter:
    router = APIRouter(prefix="/v1/participants", tags=["participation"])

    @router.get("/{who}/notices")
    async def read_notices(who: Who, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None) -> NoticeList:
        """Return the monthly notices of contributions that employers are late with."""
        participant_id = await access.admit(caller, who, "participation", opening_id)
        documents = [await notices.get(each) for each in await record_ids.of(participant_id)]
        return NoticeList(as_of=as_of_text(as_of), notices=_newest_first(documents, as_of))

    return router


def _newest_first(documents: Sequence[Document | None], as_of: datetime | None) -> list[NoticeEntry]:
    seen = [notice for document in documents for notice in notices_seen(document, as_of)]
    seen.sort(key=lambda notice: notice.issued_at, reverse=True)
    return [_entry(notice) for notice in seen]


def _entry(notice: NoticeSeen) -> NoticeEntry:
    return NoticeEntry(
        month=notice.month.iso,
        month_label=notice.month.label,
        judged_on=notice.judged_on,
        issued_at=notice.issued_at,
        event_id=notice.event_id,
        lines=[_line(line) for line in notice.lines],
    )


def _line(line: NoticeLine) -> NoticeLineEntry:
    return NoticeLineEntry(
        kind=line.kind,
        label=kind_words(line.kind),
        employer_code=line.employer_code,
        employer_name=line.employer_name,
        span=months(Span(line.from_month, line.to_month)),
        amount=None if line.amount is None else str(line.amount),
        amount_text=None if line.amount is None else vietnamese(line.amount),
        currency=line.currency,
    )
