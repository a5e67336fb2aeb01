"""The officers' routes to accounts: those that wait to be compared, and the ones that read a record."""

from typing import Annotated, Any, Final

from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Path, Query, Response

from records.api import participant_models as models
from records.api.contexts import ParticipantId, RepeatableContext
from records.api.officers import CurrentOfficer
from records.domain.offices import Officer, provincial_office
from records.handlers.managing import Managing
from records.projections.read_model import ReadModel

_PAGE_DEFAULT: Final = 20
_PAGE_MAX: Final = 100
_SKIP_MAX: Final = 100_000
# Below what the gateway waits for the first byte (LIM-26).
_CLOSED_WITHIN_SECONDS: Final = 3.0

PersonId = Annotated[str, Path(pattern=r"^[0-9a-f-]{1,64}$")]


def staff_link_routes(*, managing: Managing, account_links: ReadModel) -> APIRouter:
    router = APIRouter(prefix="/v1/staff", tags=["feeding"])
    _add_settling(router, managing, account_links)

    @router.get("/links")
    async def read_held_links(
        officer: CurrentOfficer,
        limit: Annotated[int, Query(ge=1, le=_PAGE_MAX)] = _PAGE_DEFAULT,
        skip: Annotated[int, Query(ge=0, le=_SKIP_MAX)] = 0,
    ) -> models.HeldLinks:
        """Return the accounts that wait for the officer's agency, the longest waiting first. It names nobody."""
        waiting = {"status": "held", **_in_charge_of(officer)}
        found = await account_links.find(waiting, sort=[("since", 1)], limit=limit, skip=skip)
        fields = models.HeldLinkEntry.model_fields
        entries = [models.HeldLinkEntry(**{name: document[name] for name in fields}) for document in found]
        return models.HeldLinks(links=entries, total=await account_links.count(waiting))

    return router


def _in_charge_of(officer: Officer) -> dict[str, Any]:
    provincial = officer.agency_code == provincial_office(officer.agency_code)
    return {"province_agency" if provincial else "agency_code": officer.agency_code}


def _add_settling(router: APIRouter, managing: Managing, account_links: ReadModel) -> None:
    @router.post("/participants/{participant_id}/links/{person_id}/confirm")
    async def confirm_link(
        participant_id: ParticipantId,
        person_id: PersonId,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Let the waiting account read the record: declaration and participant are one person."""
        confirmed = await managing.confirm_link(participant_id, person_id, officer, context)
        response.headers["ETag"] = etag(confirmed.version)
        return models.ParticipantRef(participant_id=confirmed.state.participant_id)

    @router.post("/participants/{participant_id}/links/{person_id}/refuse")
    async def refuse_link(
        participant_id: ParticipantId,
        person_id: PersonId,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Refuse the waiting account: it is not this participant's."""
        refused = await managing.refuse_link(participant_id, person_id, officer, context)
        response.headers["ETag"] = etag(refused.version)
        return models.ParticipantRef(participant_id=refused.state.participant_id)

    @router.post("/participants/{participant_id}/links/{person_id}/end")
    async def end_link(
        participant_id: ParticipantId,
        person_id: PersonId,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Take the record away from an account that reads it: once this is answered, it reads nothing any more."""
        ended = await managing.unlink(participant_id, person_id, officer, context)
        # Readers are admitted by the read model. Is it behind, the officer must not believe that the record is closed.
        await account_links.wait_for(ended.position, timeout_seconds=_CLOSED_WITHIN_SECONDS)
        response.headers["ETag"] = etag(ended.version)
        return models.ParticipantRef(participant_id=ended.state.participant_id)
