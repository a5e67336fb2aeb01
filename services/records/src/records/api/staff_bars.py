"""Which members of staff do nothing to a record, because it is their own or of somebody close."""

from typing import Annotated, Final

from ansinh_kit.decider import Handled
from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from records.api.contexts import ParticipantId, RepeatableContext
from records.api.officers import CurrentOfficer
from records.domain.participant.state import Participant
from records.handlers.managing import Managing

_STAFF_ID: Final = r"^[0-9A-Za-z_-]{1,64}$"


class BarBody(BaseModel):
    """`staff_id` is the account of the member of staff: one's own, or a colleague's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff_id: Annotated[str, Field(pattern=_STAFF_ID)]


class BarredStaff(BaseModel):
    """Everybody who is barred from this record, by account."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    participant_id: str
    barred_staff: list[str]


def staff_bar_routes(*, managing: Managing) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/participants/{participant_id}/barred-staff", tags=["participants"])

    @router.post("")
    async def bar(
        participant_id: ParticipantId,
        body: BarBody,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> BarredStaff:
        """Let a member of staff do nothing to this record: it is the own one, or that of somebody close."""
        return _told(await managing.bar_staff(participant_id, body.staff_id, officer, context), response)

    @router.post("/{staff_id}/end")
    async def lift(
        participant_id: ParticipantId,
        staff_id: Annotated[str, Path(pattern=_STAFF_ID)],
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> BarredStaff:
        """Let the member of staff work on the record again. Nobody lifts the own bar."""
        return _told(await managing.lift_bar(participant_id, staff_id, officer, context), response)

    return router


def _told(handled: Handled[Participant], response: Response) -> BarredStaff:
    response.headers["ETag"] = etag(handled.version)
    return BarredStaff(participant_id=handled.state.participant_id, barred_staff=sorted(handled.state.barred_staff))
