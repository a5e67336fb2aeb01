"""The gateway's question. Never routed from outside, and answered to a service only (SES-05)."""

from ansinh_contracts.session_check import SESSION_CHECK_PATH, SessionAnswer, SessionQuestion
from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import ServiceCaller
from fastapi import APIRouter

from auth.storage.session_lookup import SessionLookup


def internal_routes(*, lookup: SessionLookup, clock: Clock) -> APIRouter:
    routes = APIRouter(tags=["internal"], include_in_schema=False)

    @routes.post(SESSION_CHECK_PATH)
    async def check_sessions(question: SessionQuestion, caller: ServiceCaller) -> SessionAnswer:
        del caller
        return SessionAnswer(sessions=await lookup.verdicts(question.token_hashes, clock.now()))

    return routes
