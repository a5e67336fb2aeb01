"""A gateway hears at once whose access has changed, in whatever way (SES-06, ADR-0015)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from ansinh_contracts.session_check import SESSION_CHECK_PATH, hash_token
from ansinh_contracts.session_news import SESSION_NEWS_PATH
from ansinh_kit.events import Metadata
from ansinh_kit.testing.callers import a_citizen, a_service

from tests.auth.service import TABLET, AuthService

pytestmark = pytest.mark.sec("SES-06")


async def news(auth: AuthService, position: int | None, *, wait_seconds: float = 20.0) -> dict[str, Any]:
    question = {"position": position, "wait_seconds": wait_seconds}
    answer = await auth.post(SESSION_NEWS_PATH, question, caller=a_service())
    assert answer.status == 200, answer.body
    return dict(answer.json())


async def present_position(auth: AuthService) -> int:
    """Return the position after everything so far."""
    position = (await news(auth, None))["position"]
    while (found := await news(auth, position, wait_seconds=0))["position"] > position:
        position = found["position"]
    return int(position)


async def test_a_take_over_ends_the_wait_with_the_accounts_name(auth: AuthService) -> None:
    account_id = await auth.active_account()
    await auth.log_in()
    position = await present_position(auth)
    waiting = asyncio.create_task(news(auth, position))
    code = await auth.ask_for_code(take_over := await auth.second_device(TABLET))
    assert not waiting.done()
    assert (await auth.confirm(take_over, code)).status in (200, 201)
    async with asyncio.timeout(5):
        assert (await waiting)["account_ids"] == [account_id]


async def test_nothing_is_missed_between_two_questions(auth: AuthService) -> None:
    account_id = await auth.active_account()
    position = await present_position(auth)
    session = (await auth.log_in()).json()
    await auth.use_cases.sessions.log_out(account_id, session["epoch"], metadata=Metadata("story"))
    found = await news(auth, position)
    assert found["account_ids"] == [account_id]
    assert found["position"] > position


async def test_without_news_the_answer_comes_when_the_wait_is_over(auth: AuthService) -> None:
    position = await present_position(auth)
    assert await news(auth, position, wait_seconds=0.05) == {"position": position, "account_ids": []}


async def test_a_process_that_ends_lets_its_listeners_go(auth: AuthService) -> None:
    position = await present_position(auth)
    waiting = asyncio.create_task(news(auth, position))
    await asyncio.sleep(0)
    auth.edge.readiness.drain()
    async with asyncio.timeout(5):
        assert (await waiting)["account_ids"] == []


async def test_people_cannot_ask(auth: AuthService) -> None:
    answer = await auth.post(SESSION_NEWS_PATH, {"position": 0}, caller=a_citizen())
    assert answer.status == 403


@pytest.mark.sec("LIM-16")
async def test_looking_on_does_not_keep_a_session_alive(auth: AuthService) -> None:
    await auth.active_account()
    token = (await auth.log_in()).json()["token"]
    question = {"token_hashes": [hash_token(token)], "counts_as_use": False}
    for _ in range(29):
        auth.clock.advance(timedelta(minutes=1))
        answer = await auth.post(SESSION_CHECK_PATH, question, caller=a_service())
        assert answer.json()["sessions"][hash_token(token)]["state"] == "valid"
    auth.clock.advance(timedelta(minutes=1))
    assert (await auth.verdict(token))["state"] == "expired"
