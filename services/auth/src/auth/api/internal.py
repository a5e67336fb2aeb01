"""The gateway's questions. Never routed from outside, and answered to a service only (SES-05, SES-06)."""

from ansinh_contracts.session_check import SESSION_CHECK_PATH, SessionAnswer, SessionQuestion
from ansinh_contracts.session_news import SESSION_NEWS_PATH, NewsAnswer, NewsQuestion
from ansinh_kit.clock import Clock
from ansinh_kit.http.callers import ServiceCaller
from ansinh_kit.http.internal_questions import internal_question
from fastapi import APIRouter
from starlette.routing import Route

from auth.handlers.session_news import SessionNews
from auth.storage.session_lookup import SessionLookup


def session_question(lookup: SessionLookup, clock: Clock) -> Route:
    """Return the route that every request from outside waits for."""

    async def check_sessions(question: SessionQuestion) -> bytes:
        verdicts = await lookup.verdicts(question.token_hashes, clock.now(), counts_as_use=question.counts_as_use)
        # What we made ourselves is not checked and copied once more.
        return SessionAnswer.model_construct(sessions=verdicts).model_dump_json().encode()

    return internal_question(SESSION_CHECK_PATH, SessionQuestion, check_sessions)


def internal_routes(*, news: SessionNews) -> APIRouter:
    routes = APIRouter(tags=["internal"], include_in_schema=False)

    @routes.post(SESSION_NEWS_PATH)
    async def session_news(question: NewsQuestion, caller: ServiceCaller) -> NewsAnswer:
        del caller
        return await news.after(question.position, wait_seconds=question.wait_seconds)

    return routes
