"""An administrator ends every session there is: after a leak of tokens, or before a change that takes a new log-in."""

from ansinh_kit.errors import ForbiddenError
from ansinh_kit.http.idempotency import CommitId
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter
from pydantic import BaseModel

from auth.api.staff_members import Administrator, ReasonBody
from auth.handlers.session_endings import AllSessions
from auth.handlers.staff_members import Act


class SessionsEnded(BaseModel):
    """How many sessions were live until now."""

    ended: int


def session_ending_routes(sessions: AllSessions) -> APIRouter:
    routes = APIRouter(prefix="/v1/staff", tags=["staff"])

    @routes.post("/session-endings")
    async def end_all_sessions(
        body: ReasonBody, caller: Administrator, commit_id: CommitId, metadata: RequestMetadata
    ) -> SessionsEnded:
        """End every session and every token of integrators; this session, too, is over with the answer."""
        if caller.account_id is None:
            raise ForbiddenError
        act = Act(actor_id=caller.account_id, reason=body.reason, commit_id=commit_id, metadata=metadata)
        return SessionsEnded(ended=await sessions.end(act, caller.account_id))

    return routes
