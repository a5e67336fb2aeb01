"""The gateway's question. Never routed from outside, and answered to a service only (SES-05)."""

from ansinh_contracts.session_check import SESSION_CHECK_PATH, SessionAnswer, SessionQuestion
from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import ServiceCaller
from fastapi import APIRouter, Response

from auth.storage.session_lookup import SessionLookup


def internal_routes(*, lookup: SessionLookup, clock: Clock) -> APIRouter:
    routes = APIRouter(tags=["internal"], include_in_schema=False)

    @routes.post(SESSION_CHECK_PATH)
    async def check_sessions(question: SessionQuestion, caller: ServiceCaller) -> Response:
        del caller
        answer = SessionAnswer.model_construct(sessions=await lookup.verdicts(question.token_hashes, clock.now()))
        # Every request from outside waits for this one: what we made ourselves is not checked and copied once more.
        return Response(answer.model_dump_json(), media_type="application/json")

    return routes
