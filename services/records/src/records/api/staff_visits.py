"""The officers' and systems' routes to visits: rows in, an outcome per row out; one corrected, one withdrawn."""

from typing import Annotated

from fastapi import APIRouter, Depends

from records.api.counter import Counter, OpenCounter, checked_reason
from records.api.feeding import ReasonBody, RowChanged, RowId, RowsAnswer, RowsBody, Withdrawn
from records.domain.visits.entry import VisitEntry
from records.handlers.visits import VisitBook


def staff_visit_routes(*, open_counter: OpenCounter, visits: VisitBook) -> APIRouter:
    router = APIRouter(prefix="/v1/staff/participants/{participant_id}/visits", tags=["feeding"])
    at_counter = Annotated[Counter, Depends(open_counter)]

    @router.post("")
    async def record_visits(body: RowsBody[VisitEntry], counter: at_counter) -> RowsAnswer:
        """Take in visits as facilities reported them, or corrections of them."""
        return counter.told(await visits.record(await counter.whose(), body.sent(), context=counter.context))

    @router.post("/{visit_id}/corrections")
    async def correct_visit(visit_id: RowId, body: VisitEntry, counter: at_counter) -> RowChanged:
        """Let the visit be this from now on; what it was before stays readable as of earlier."""
        fed = await visits.correct(await counter.whose(), visit_id, body, context=counter.context)
        return counter.changed(fed, visit_id)

    @router.post("/{visit_id}/withdrawal")
    async def withdraw_visit(visit_id: RowId, body: ReasonBody, counter: at_counter) -> Withdrawn:
        """Let a visit stand no longer: it did not take place, or was another person's."""
        reason = checked_reason(body.reason)
        handled = await visits.withdraw(await counter.whose(), visit_id, reason=reason, context=counter.context)
        return counter.withdrawn(handled.version)

    return router
