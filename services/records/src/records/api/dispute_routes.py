"""A person's disputes: reporting what is wrong, following it, taking it back (V-27, V-28)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from ansinh_kit.database import Document
from ansinh_kit.decider import Handled
from ansinh_kit.errors import DomainError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import AnyCaller, CitizenCaller
from ansinh_kit.http.problems import Answer
from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Path, Response

from records.api import dispute_models as models
from records.api.access import Access, OpeningId, Who
from records.api.as_of import AsOf
from records.api.contexts import RepeatableContext
from records.api.errors import gone, refused
from records.domain.dispute import errors
from records.domain.dispute.errors import DisputeNotFoundError
from records.domain.dispute.events import DisputeOpened
from records.domain.dispute.matter import Matter
from records.domain.dispute.state import Dispute
from records.domain.free_text import own_words
from records.domain.rules import Checks
from records.handlers.disputes import Disputes
from records.handlers.own_records import OwnRecords
from records.handlers.record_ids import RecordIds
from records.projections.dispute_time_line import TakenStep, time_line
from records.projections.disputes import steps_by
from records.projections.read_model import ReadModel

DisputeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]

DISPUTE_ERRORS: Final[Mapping[type[DomainError], Answer]] = {
    errors.DisputeNotFoundError: gone("Không tìm thấy phản ánh này.", "There is no such dispute."),
    errors.DisputeSettledError: refused("Phản ánh này đã được giải quyết.", "The dispute has been settled."),
    errors.DisputeAlreadyOpenedError: refused("Phản ánh này đã được gửi.", "The dispute has been opened already."),
    errors.DisputeTakenError: refused("Cán bộ khác đã nhận phản ánh này.", "Another officer has taken this dispute."),
    errors.NotInChargeError: refused("Hãy nhận phản ánh này trước.", "Take this dispute first."),
    errors.NotOverdueError: refused("Phản ánh này chưa quá hạn.", "The answer to this dispute is not overdue."),
}
_LISTED_AT_MOST: Final = 200


def dispute_routes(
    *,
    access: Access,
    own_records: OwnRecords,
    record_ids: RecordIds,
    disputes: Disputes,
    overview: ReadModel,
) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}/disputes", tags=["disputes"])
    _add_opening(router, access, own_records, disputes)
    _add_withdrawal(router, access, record_ids, disputes)
    _add_list(router, access, record_ids, overview)
    _add_detail(router, access, record_ids, disputes)
    return router


def _add_opening(router: APIRouter, access: Access, own_records: OwnRecords, disputes: Disputes) -> None:
    @router.post("", status_code=201)
    async def open_dispute(
        who: Who, body: models.DisputeBody, caller: CitizenCaller, context: RepeatableContext, response: Response
    ) -> models.DisputeState:
        """Report what is wrong in the own record or the child's; the managing agency owes an answer in words."""
        participant_id = await access.admit(caller, who, "disputes", None)
        handled = await disputes.open(
            participant_id,
            Matter(body.subject, body.reference),
            words=checked_words("words", body.words),
            opened_by=await _opened_by(own_records, caller, participant_id),
            language=body.language,
            context=context,
        )
        return dispute_state(handled, response)


def _add_withdrawal(router: APIRouter, access: Access, record_ids: RecordIds, disputes: Disputes) -> None:
    @router.post("/{dispute_id}/withdrawal")
    async def withdraw(
        who: Who, dispute_id: DisputeId, caller: CitizenCaller, context: RepeatableContext, response: Response
    ) -> models.DisputeState:
        """Take the dispute back."""
        participant_id = await access.admit(caller, who, "disputes", None)
        ids = await record_ids.of(participant_id)
        return dispute_state(await disputes.withdraw(dispute_id, ids, context), response)


async def _opened_by(
    own_records: OwnRecords, caller: Caller, participant_id: str
) -> Literal["participant", "guardian"]:
    # Who was admitted has a record of the own, or is in charge of the child's and has one too.
    own_id = await own_records.of_holder(caller.person_id or "")
    return "participant" if participant_id == own_id else "guardian"


def _add_list(router: APIRouter, access: Access, record_ids: RecordIds, overview: ReadModel) -> None:
    @router.get("")
    async def list_disputes(
        who: Who, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None
    ) -> models.DisputeList:
        """Return the person's disputes, newest first; what was written stands in each one's detail."""
        participant_id = await access.admit(caller, who, "disputes", opening_id)
        own = {"participant_id": {"$in": await record_ids.of(participant_id)}}
        found = await overview.find(own, sort=[("opened_at", -1)], limit=_LISTED_AT_MOST)
        entries = [dispute_entry(document, as_of) for document in found]
        return models.DisputeList(disputes=[entry for entry in entries if entry is not None])


def _add_detail(router: APIRouter, access: Access, record_ids: RecordIds, disputes: Disputes) -> None:
    @router.get("/{dispute_id}")
    async def read_dispute(
        *,
        who: Who,
        dispute_id: DisputeId,
        caller: AnyCaller,
        as_of: AsOf,
        response: Response,
        opening_id: OpeningId = None,
    ) -> models.DisputeDetail:
        """Return the dispute with what was written and its time line."""
        participant_id = await access.admit(caller, who, "disputes", opening_id)
        opened, loaded = await disputes.of_participant(dispute_id, await record_ids.of(participant_id))
        await _admit_to_words(access, caller, who, opened, opening_id)
        steps = time_line(await disputes.history(dispute_id), as_of)
        response.headers["ETag"] = etag(loaded.version)
        return _detail(opened, steps)


async def _admit_to_words(
    access: Access, caller: Caller, who: str, opened: DisputeOpened, opening_id: str | None
) -> None:
    if Matter(opened.subject, opened.reference).is_health_data:
        await access.admit(caller, who, "visits", opening_id)


def checked_words(field: str, raw: str) -> str:
    """Return what was written in one normal form.

    Raises:
        InvalidFieldsError: It is not text in words.
    """
    checks = Checks()
    return checks.passed(checks.value(field, raw, own_words))


def dispute_entry(document: Document, as_of: datetime | None) -> models.DisputeEntry | None:
    """Return the dispute as it stood at `as_of`; `None` if it did not exist yet."""
    steps = steps_by(document, as_of)
    if not steps:
        return None
    fields = {name: document[name] for name in models.DisputeEntry.model_fields if name != "state"}
    return models.DisputeEntry(**fields, state=steps[-1]["step"])


def dispute_state(handled: Handled[Dispute], response: Response) -> models.DisputeState:
    """Answer a command: the dispute as it became, its version as `ETag`."""
    opened = handled.state.opened
    if opened is None:
        raise DisputeNotFoundError
    response.headers["ETag"] = etag(handled.version)
    return models.DisputeState(
        dispute_id=opened.dispute_id, number=opened.number, state=handled.state.last_step, due_at=opened.due_at
    )


def _detail(opened: DisputeOpened, steps: list[TakenStep]) -> models.DisputeDetail:
    if not steps:  # asked as of a moment before it was opened
        raise DisputeNotFoundError
    entry: dict[str, Any] = {
        "dispute_id": opened.dispute_id,
        "number": opened.number,
        "subject": opened.subject,
        "reference": opened.reference,
        "nature": Matter(opened.subject, opened.reference).nature,
        "agency_code": opened.agency_code,
        "opened_at": opened.occurred_at,
        "due_at": opened.due_at,
    }
    return models.DisputeDetail(
        **entry,
        state=steps[-1].step,
        opened_by=opened.opened_by,
        words=opened.words,
        time_line=[models.TimeLineStep(**asdict(step)) for step in steps],
    )
