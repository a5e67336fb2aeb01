"""The disputes of the own agency, and what an officer does about them."""

from typing import Annotated, Any, Final

from ansinh_kit.database import Document
from fastapi import APIRouter, Query, Response

from records.api import dispute_models as models
from records.api.contexts import OnVersionContext, RepeatableContext
from records.api.dispute_routes import DisputeId, checked_words, dispute_state
from records.api.officers import CurrentOfficer
from records.domain.dispute.matter import Nature
from records.handlers.disputes import Disputes
from records.projections.read_model import ReadModel

_PAGE_DEFAULT: Final = 20
_PAGE_MAX: Final = 100
_SKIP_MAX: Final = 100_000


def staff_dispute_routes(*, disputes: Disputes, overview: ReadModel) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/disputes", tags=["staff"])
    _add_queue(router, overview)
    _add_commands(router, disputes)
    return router


def _add_queue(router: APIRouter, overview: ReadModel) -> None:
    @router.get("")
    async def read_queue(
        officer: CurrentOfficer,
        nature: Nature | None = None,
        limit: Annotated[int, Query(ge=1, le=_PAGE_MAX)] = _PAGE_DEFAULT,
        skip: Annotated[int, Query(ge=0, le=_SKIP_MAX)] = 0,
    ) -> models.DisputeQueue:
        """Return the open disputes of the officer's agency, first due first. It names nobody and quotes nobody.

        What was written is read in the participant's record, under an opening.
        """
        own: dict[str, Any] = {"offices": officer.agency_code, "is_open": True}
        query = own if nature is None else own | {"nature": nature}
        found = await overview.find(query, sort=[("due_at", 1), ("_id", 1)], limit=limit, skip=skip)
        entries = [_queue_entry(document) for document in found]
        return models.DisputeQueue(disputes=entries, total=await overview.count(query))


def _add_commands(router: APIRouter, disputes: Disputes) -> None:
    @router.post("/{dispute_id}/assignment")
    async def assign(
        dispute_id: DisputeId, officer: CurrentOfficer, context: RepeatableContext, response: Response
    ) -> models.DisputeState:
        """Take the dispute into the officer's own charge."""
        return dispute_state(await disputes.assign(dispute_id, officer, context), response)

    @router.post("/{dispute_id}/answer")
    async def answer(
        dispute_id: DisputeId,
        body: models.AnswerBody,
        officer: CurrentOfficer,
        context: OnVersionContext,
        response: Response,
    ) -> models.DisputeState:
        """Write to the person on the version the officer has seen; the dispute stays open."""
        words = checked_words("answer", body.answer)
        return dispute_state(await disputes.answer(dispute_id, officer, words, context), response)

    @router.post("/{dispute_id}/settlement")
    async def settle(
        dispute_id: DisputeId,
        body: models.SettlementBody,
        officer: CurrentOfficer,
        context: OnVersionContext,
        response: Response,
    ) -> models.DisputeState:
        """End the dispute on the version the officer has seen: the record was corrected, or it stands; in words."""
        words = checked_words("answer", body.answer)
        return dispute_state(await disputes.settle(dispute_id, officer, body.outcome, words, context), response)


def _queue_entry(document: Document) -> models.QueueEntry:
    fields = {name: document[name] for name in models.QueueEntry.model_fields if name != "version"}
    # One event, one step: the stream stands at as many events as the dispute has taken steps.
    return models.QueueEntry(**fields, version=len(document["steps"]))
