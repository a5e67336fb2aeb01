"""The officers' and systems' routes to participants: register, correct, find by number, guardians, merge."""

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled
from ansinh_kit.errors import ForbiddenError
from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Response

from records.api import participant_bodies as bodies
from records.api import participant_models as models
from records.api.contexts import OnVersionContext, ParticipantId, RepeatableContext
from records.api.officers import CurrentOfficer
from records.domain.offices import covers
from records.domain.participant.entries import ContactEntries, IdentityEntries
from records.domain.participant.state import Participant
from records.handlers.managing import Managing
from records.handlers.merging import MergeProcess
from records.handlers.registering import Registering


def staff_participant_routes(
    *, registering: Registering, managing: Managing, merging: MergeProcess, clock: Clock
) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/participants", tags=["feeding"])
    _add_registering(router, registering, managing, clock)
    _add_changes(router, registering, managing, clock)
    _add_guardians(router, managing)

    @router.post("/{participant_id}/merge")
    async def merge(
        participant_id: ParticipantId, body: models.MergeBody, officer: CurrentOfficer, context: RepeatableContext
    ) -> models.ParticipantRef:
        """Merge a second record of the person into this one; return the record that goes on."""
        merged = await merging.begin(participant_id, body.duplicate_id, officer, context)
        return models.ParticipantRef(participant_id=merged.into)

    return router


def _add_registering(router: APIRouter, registering: Registering, managing: Managing, clock: Clock) -> None:
    @router.post("", status_code=201)
    async def register(
        body: models.NewParticipantBody, officer: CurrentOfficer, context: RepeatableContext, response: Response
    ) -> models.ParticipantRef:
        """Begin a participant's record under the own agency, or one under it."""
        new = bodies.new_participant(body, officer.agency_code, clock)
        if not covers(officer.agency_code, new.agency_code):
            raise ForbiddenError("another agency's participant")
        return _told(await registering.register(new, "agency", context), response)

    @router.post("/find")
    async def find(body: models.NumberBody, officer: CurrentOfficer) -> models.ParticipantRef:
        """Return the own agency's participant with this number. That somebody else's exists is not told."""
        found = await managing.find(bodies.number_key(body), officer)
        return models.ParticipantRef(participant_id=found.participant_id)


def _add_changes(router: APIRouter, registering: Registering, managing: Managing, clock: Clock) -> None:
    @router.post("/{participant_id}/numbers")
    async def change_numbers(
        participant_id: ParticipantId,
        body: models.NumbersBody,
        officer: CurrentOfficer,
        context: OnVersionContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Replace the numbers, on the version the officer has seen."""
        numbers = bodies.numbers(body.numbers)
        changed = await registering.change_numbers(
            participant_id, numbers, officer, context, dropped_were_mistaken=body.dropped_were_mistaken
        )
        return _told(changed, response)

    @router.post("/{participant_id}/identity")
    async def correct_identity(
        participant_id: ParticipantId,
        body: IdentityEntries,
        officer: CurrentOfficer,
        context: OnVersionContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Replace name, birth date and sex, on the version the officer has seen."""
        identity = bodies.identity(body, clock)
        return _told(await managing.correct_identity(participant_id, identity, officer, context), response)

    @router.post("/{participant_id}/contact")
    async def change_contact(
        participant_id: ParticipantId,
        body: ContactEntries,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Replace all there is to reach the person by; what is left out is no longer on record."""
        contact = bodies.contact(body)
        return _told(await managing.change_contact(participant_id, contact, officer, context), response)

    @router.post("/{participant_id}/agency")
    async def hand_over(
        participant_id: ParticipantId,
        body: models.AgencyBody,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Hand the participant over to another agency, which manages the record from then on."""
        agency_code = bodies.agency(body.agency_code)
        return _told(await managing.hand_over(participant_id, agency_code, officer, context), response)


def _add_guardians(router: APIRouter, managing: Managing) -> None:
    @router.post("/{participant_id}/guardians")
    async def appoint_guardian(
        participant_id: ParticipantId,
        body: models.GuardianBody,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> models.ParticipantRef:
        """Let another participant read this child's record, until the child is of age."""
        appointed = await managing.appoint_guardian(participant_id, body.guardian_id, body.relation, officer, context)
        return _told(appointed, response)

    @router.post("/{participant_id}/guardians/{guardian_id}/end")
    async def end_guardian(
        participant_id: ParticipantId,
        guardian_id: ParticipantId,
        officer: CurrentOfficer,
        context: RepeatableContext,
        response: Response,
    ) -> models.ParticipantRef:
        """End a guardian's charge: the child's record is closed to the guardian at once."""
        return _told(await managing.end_guardian(participant_id, guardian_id, officer, context), response)


def _told(handled: Handled[Participant], response: Response) -> models.ParticipantRef:
    response.headers["ETag"] = etag(handled.version)
    return models.ParticipantRef(participant_id=handled.state.participant_id)
