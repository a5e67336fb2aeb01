"""The officers' routes: the own agency's queue, claim and release, the declaration in charge, the decision."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Protocol

from ansinh_kit.clock import Clock
from ansinh_kit.database import Document
from ansinh_kit.errors import ForbiddenError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import require_staff
from ansinh_kit.http.versions import etag
from fastapi import APIRouter, Depends, Query, Response

from registration.api import models
from registration.api.contexts import DeclarationId, OnceContext, OnVersionContext, RepeatableContext
from registration.domain.access import Purpose
from registration.domain.declaration.commands import Officer
from registration.domain.declaration.state import Declaration
from registration.domain.photos import PhotoKind
from registration.domain.rules.identity import citizen_id_warnings
from registration.handlers.reviewing import Reviewing

_PAGE_DEFAULT: Final = 20
_PAGE_MAX: Final = 100
_SKIP_MAX: Final = 100_000
_PHOTO_HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Queue(Protocol):
    """The read model of the queue; `View` over MongoDB, a list in tests."""

    async def find(
        self, query: Mapping[str, Any], *, sort: Sequence[tuple[str, int]], limit: int, skip: int = 0
    ) -> list[Document]: ...

    async def count(self, query: Mapping[str, Any]) -> int: ...


OfficerCaller = Annotated[Caller, Depends(require_staff("officer"))]


async def officer_of(caller: OfficerCaller) -> Officer:
    """Return the officer the gateway vouches for.

    Raises:
        ForbiddenError: The officer belongs to no agency, and so has no queue.
    """
    if caller.account_id is None or caller.agency_code is None:
        raise ForbiddenError("an officer without an agency")
    return Officer(caller.account_id, caller.agency_code)


CurrentOfficer = Annotated[Officer, Depends(officer_of)]


def officer_routes(*, reviewing: Reviewing, queue: Queue, clock: Clock) -> APIRouter:
    router = APIRouter(prefix="/v1/officer", tags=["officer"])
    _add_queue(router, queue, reviewing)
    _add_reads(router, reviewing, clock)
    _add_decision(router, reviewing)
    return router


def _add_queue(router: APIRouter, queue: Queue, reviewing: Reviewing) -> None:
    @router.get("/queue")
    async def read_queue(
        officer: CurrentOfficer,
        limit: Annotated[int, Query(ge=1, le=_PAGE_MAX)] = _PAGE_DEFAULT,
        skip: Annotated[int, Query(ge=0, le=_SKIP_MAX)] = 0,
    ) -> models.Queue:
        """Return what the officer's agency has to decide, first due first. It names nobody."""
        own = {"agency_code": officer.agency_code}
        found = await queue.find(own, sort=[("due_at", 1), ("_id", 1)], limit=limit, skip=skip)
        fields = models.QueueEntry.model_fields
        entries = [models.QueueEntry(**{name: document[name] for name in fields}) for document in found]
        return models.Queue(declarations=entries, total=await queue.count(own))

    @router.post("/declarations/{declaration_id}/claim")
    async def claim(
        declaration_id: DeclarationId, officer: CurrentOfficer, context: RepeatableContext, response: Response
    ) -> models.ClaimState:
        """Take a waiting declaration into the officer's own charge."""
        claimed = await reviewing.claim(declaration_id, officer, context)
        response.headers["ETag"] = etag(claimed.version)
        return models.ClaimState(status="checking", claimed_by=officer.officer_id)

    @router.post("/declarations/{declaration_id}/release")
    async def release(
        declaration_id: DeclarationId, officer: CurrentOfficer, context: RepeatableContext, response: Response
    ) -> models.ClaimState:
        """Put the declaration back into the queue, undecided."""
        released = await reviewing.release(declaration_id, officer, context)
        response.headers["ETag"] = etag(released.version)
        return models.ClaimState(
            status="resubmitted" if released.state.was_resubmitted else "submitted", claimed_by=None
        )


def _add_reads(router: APIRouter, reviewing: Reviewing, clock: Clock) -> None:
    @router.get("/declarations/{declaration_id}")
    async def read_declaration(
        declaration_id: DeclarationId, officer: CurrentOfficer, context: OnceContext, response: Response
    ) -> models.DeclarationForOfficer:
        """Return the declaration to the officer in charge; the reading is recorded first."""
        loaded = await reviewing.read(declaration_id, officer, context)
        response.headers["ETag"] = etag(loaded.version)
        return _for_officer(loaded.state, clock)

    @router.get("/declarations/{declaration_id}/photos/{kind}", response_class=Response)
    async def read_photo(
        declaration_id: DeclarationId, kind: PhotoKind, purpose: Purpose, officer: CurrentOfficer, context: OnceContext
    ) -> Response:
        """Return a photo as JPEG to the officer in charge; the view is recorded first, with its purpose."""
        photo = await reviewing.view_photo(declaration_id, kind, purpose, officer, context)
        disposition = {"Content-Disposition": f'inline; filename="{photo.kind}.jpg"'}
        return Response(photo.jpeg, media_type="image/jpeg", headers={**_PHOTO_HEADERS, **disposition})


def _add_decision(router: APIRouter, reviewing: Reviewing) -> None:
    @router.post("/declarations/{declaration_id}/decision")
    async def decide(
        declaration_id: DeclarationId,
        body: models.DecisionBody,
        officer: CurrentOfficer,
        context: OnVersionContext,
        response: Response,
    ) -> models.Decided:
        """Find the declaration valid, or reject it with a reason per field; on the version the officer has seen."""
        if isinstance(body, models.Rejected):
            decided = await reviewing.reject(declaration_id, officer, body.reasons, context)
        else:
            decided = await reviewing.find_valid(declaration_id, officer, context)
        response.headers["ETag"] = etag(decided.version)
        return models.Decided(status=body.decision)


def _for_officer(state: Declaration, clock: Clock) -> models.DeclarationForOfficer:
    identity = state.sent_form.identity
    warnings = (
        citizen_id_warnings(identity.number, today=clock.now().date())
        if identity is not None and identity.kind == "citizen_id"
        else ()
    )
    return models.DeclarationForOfficer(
        declaration_id=state.declaration_id,
        status=state.status,
        dossier_number=state.dossier_number or "",
        agency_code=state.agency_code or "",
        form=state.sent_form,
        photos=sorted(state.sent_photos),
        changed_fields=sorted(state.changed_since_rejection()) if state.was_resubmitted else [],
        warnings=list(warnings),
    )
