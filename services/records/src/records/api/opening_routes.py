"""Opening a record with a reason, and what its person sees of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Final

from ansinh_kit.database import Document
from ansinh_kit.errors import DomainError
from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.problems import Answer
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from records.api.access import Access, OpeningId, Who
from records.api.as_of import AsOf
from records.api.contexts import RepeatableContext
from records.api.errors import forbidden, gone
from records.api.officers import CurrentOfficer
from records.domain.free_text import REASON_MAX_CHARACTERS, written_reason
from records.domain.opening import errors
from records.domain.parts import Part, Scope
from records.domain.rules import Checks
from records.handlers.openings import Openings
from records.handlers.record_ids import RecordIds
from records.projections.read_model import ReadModel
from records.projections.readings import openings_seen

OPENING_ERRORS: Final[Mapping[type[DomainError], Answer]] = {
    errors.RecordNotFoundError: gone("Không tìm thấy hồ sơ.", "There is no such record."),
    errors.OpeningRequiredError: forbidden(
        "Hãy mở hồ sơ và ghi lý do trước khi xem.", "Open the record and give a reason before you read it."
    ),
    errors.OpeningNotValidError: forbidden(
        "Lượt mở này không dùng được cho hồ sơ này. Hãy mở hồ sơ và ghi lý do.",
        "This opening is not good for this record. Open the record and give a reason.",
    ),
    errors.OpeningClosedError: forbidden(
        "Lượt mở hồ sơ đã hết thời hạn. Hãy mở lại và ghi lý do.",
        "The opening is over. Open the record again and give a reason.",
    ),
    errors.OpeningTooNarrowError: forbidden(
        "Lượt mở này không bao gồm dữ liệu khám chữa bệnh. Hãy mở riêng và ghi lý do.",
        "This opening does not reach health data. Open it for itself and give a reason.",
    ),
}


class OpeningBody(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    participant_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    scope: Scope
    reason: Annotated[str, Field(max_length=4 * REASON_MAX_CHARACTERS)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OpenedRecord(_Answer):
    """Send `opening_id` as `Record-Opening` with every read until `closes_at`."""

    opening_id: str
    participant_id: str
    scope: Scope
    closes_at: datetime


class ReadingEntry(_Answer):
    part: Part
    at: datetime
    event_id: str


class OpeningEntry(_Answer):
    opened_at: datetime
    closes_at: datetime
    agency_code: str
    office_role: str
    scope: Scope
    reason: str
    event_id: str
    reads: list[ReadingEntry]


class ReadingList(_Answer):
    """Newest first."""

    openings: list[OpeningEntry]


def opening_routes(*, openings: Openings) -> APIRouter:
    router = APIRouter(prefix="/v1/staff", tags=["staff"])

    @router.post("/openings", status_code=201)
    async def open_record(body: OpeningBody, officer: CurrentOfficer, context: RepeatableContext) -> OpenedRecord:
        """Open a record of the own agency with a written reason, for a limited time; its person sees the reason."""
        checks = Checks()
        reason = checks.passed(checks.value("reason", body.reason, written_reason))
        opened = await openings.open(body.participant_id, officer, scope=body.scope, reason=reason, context=context)
        return OpenedRecord(
            opening_id=opened.opening_id,
            participant_id=opened.participant_id,
            scope=opened.scope,
            closes_at=opened.closes_at,
        )

    return router


def reading_routes(*, access: Access, record_ids: RecordIds, readings: ReadModel) -> APIRouter:
    router = APIRouter(prefix="/v1/participants", tags=["records"])

    @router.get("/{who}/readings")
    async def read_readings(who: Who, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None) -> ReadingList:
        """Return who of the staff opened the record, for which reason, and which parts were shown when."""
        participant_id = await access.admit(caller, who, "readings", opening_id)
        documents = [await readings.get(each) for each in await record_ids.of(participant_id)]
        return ReadingList(openings=_newest_first(documents, as_of))

    return router


def _newest_first(documents: Sequence[Document | None], as_of: datetime | None) -> list[OpeningEntry]:
    seen = [opening for document in documents for opening in openings_seen(document, as_of)]
    seen.sort(key=lambda opening: opening.opened_at, reverse=True)
    return [OpeningEntry.model_validate(asdict(opening)) for opening in seen]
