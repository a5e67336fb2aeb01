"""The gateway's questions. Never routed from outside, and answered to a service only (SES-05, SES-06)."""

from ansinh_contracts.session_check import SESSION_CHECK_PATH, SessionAnswer, SessionQuestion
from ansinh_contracts.session_news import SESSION_NEWS_PATH, NewsAnswer, NewsQuestion
from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import ServiceCaller
from fastapi import APIRouter, Response

from auth.handlers.session_news import SessionNews
from auth.storage.session_lookup import SessionLookup


def internal_routes(*, lookup: SessionLookup, news: SessionNews, clock: Clock) -> APIRouter:
    routes = APIRouter(tags=["internal"], include_in_schema=False)

    @routes.post(SESSION_CHECK_PATH)
    async def check_sessions(question: SessionQuestion, caller: ServiceCaller) -> Response:
        del caller
        verdicts = await lookup.verdicts(question.token_hashes, clock.now(), counts_as_use=question.counts_as_use)
        answer = SessionAnswer.model_construct(sessions=verdicts)
        # Every request from outside waits for this one: what we made ourselves is not checked and copied once more.
        return Response(answer.model_dump_json(), media_type="application/json")

    @routes.post(SESSION_NEWS_PATH)
    async def session_news(question: NewsQuestion, caller: ServiceCaller) -> NewsAnswer:
        del caller
        return await news.after(question.position, wait_seconds=question.wait_seconds)

    return routes
