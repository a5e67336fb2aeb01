"""News of the own session at once; an open stream is worth no more than a request (SES-06, GW-21)."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from tests.eventually import eventually
from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.event_reader import EVENTS, EventReader, following
from tests.gateway.fake_auth import Behaviour

NewToken = Callable[[], str]


@pytest.fixture
def token(edges: Edges, new_token: NewToken) -> str:
    token = new_token()
    edges.auth.open_session(token)
    return token


async def refused(edges: Edges, token: str) -> tuple[int, str]:
    async with edges.http.get(edges.url(EVENTS), headers={"Authorization": f"Bearer {token}"}) as response:
        return response.status, (await response.json(content_type=None))["code"]


@pytest.mark.sec("SES-06")
@pytest.mark.req("S-52")
async def test_the_first_device_hears_of_the_second_at_once_and_is_closed(edges: Edges, token: str) -> None:
    async with following(edges, token) as events:
        await eventually(lambda: 0 in edges.auth.news_questions)
        edges.auth.replace_session(token)
        edges.auth.tells("account-1")
        name, problem = await events.next()
        assert await events.ended()
    assert (name, problem["code"], problem["new_device_kind"]) == ("session_ended", "session_replaced", "phone")
    assert "điện thoại lúc 09:05 02/03/2026" in problem["message"]["vi"]
    assert edges.gateway.streams.open == 0


@pytest.mark.sec("SES-06")
async def test_news_is_a_hint_and_the_answer_to_the_check_decides(edges: Edges, token: str) -> None:
    async with following(edges, token) as events:
        await eventually(lambda: 0 in edges.auth.news_questions)
        edges.auth.tells("account-1")
        assert (await events.next())[0] == "heartbeat"


@pytest.mark.sec("SES-06")
async def test_news_of_one_account_wakes_no_other(edges: Edges, token: str, new_token: NewToken) -> None:
    other = new_token()
    edges.auth.open_session(other, account_id="account-2")
    async with following(edges, token) as events, following(edges, other):
        await eventually(lambda: 0 in edges.auth.news_questions)
        asked = len(edges.auth.questions)
        edges.auth.tells("account-1")
        await events.next()
        assert len(edges.auth.questions) == asked + 1


@pytest.mark.sec("SES-06")
@pytest.mark.sec("GW-21")
async def test_without_any_news_each_heartbeat_is_checked(start_gateway: StartGateway, new_token: NewToken) -> None:
    """The session ran out, or the news was lost."""
    async with start_gateway(event_heartbeat_seconds=0.1) as edges:
        token = new_token()
        edges.auth.open_session(token)
        async with following(edges, token) as events:
            assert [(await events.next())[0] for _ in range(3)] == ["heartbeat"] * 3
            edges.auth.knows(token, state="expired")
            assert await _skipping_heartbeats(events) == ("session_ended", "session_required")
            assert await events.ended()


@pytest.mark.sec("LIM-16")
async def test_a_stream_never_counts_as_use_of_the_session(edges: Edges, token: str) -> None:
    async with following(edges, token):
        assert edges.auth.uses
        assert not any(edges.auth.uses)


@pytest.mark.sec("SES-07")
@pytest.mark.parametrize("behaviour", ["hangs", "garbled", "fails", "silent_on_all"])
async def test_without_auth_a_stream_is_closed_and_none_is_opened(
    start_gateway: StartGateway, new_token: NewToken, behaviour: Behaviour
) -> None:
    async with start_gateway(event_heartbeat_seconds=0.1) as edges:
        token = new_token()
        edges.auth.open_session(token)
        async with following(edges, token) as events:
            edges.auth.behaviour = behaviour
            assert await _skipping_heartbeats(events) == ("closing", "session_check_unavailable")
            assert await events.ended()
        assert await refused(edges, token) == (503, "session_check_unavailable")


@pytest.mark.sec("SES-06")
async def test_what_changed_while_auth_was_away_is_heard_when_it_is_back(edges: Edges, token: str) -> None:
    async with following(edges, token) as events:
        await eventually(lambda: edges.auth.news_questions[-1:] == [0])
        edges.auth.behaviour = "fails"
        edges.auth.tells("account-2")
        await eventually(lambda: edges.auth.news_questions.count(1) >= 2)
        edges.auth.replace_session(token)
        edges.auth.tells("account-1")
        edges.auth.behaviour = "answers"
        assert (await events.next())[0] == "session_ended"


@pytest.mark.sec("GW-21")
async def test_a_session_has_three_streams_and_gets_a_place_back(edges: Edges, token: str, new_token: NewToken) -> None:
    other = new_token()
    edges.auth.open_session(other)
    async with AsyncExitStack() as open_streams:
        for _ in range(3):
            await open_streams.enter_async_context(following(edges, token))
        assert await refused(edges, token) == (429, "too_many_requests")
        async with following(edges, other):
            assert edges.gateway.streams.open == 4
    await eventually(lambda: edges.gateway.streams.open == 0)
    async with following(edges, token):
        pass


@pytest.mark.sec("GW-21")
async def test_a_gateway_holds_no_more_streams_than_it_is_allowed_to(
    start_gateway: StartGateway, new_token: NewToken
) -> None:
    async with start_gateway(event_streams=1) as edges:
        first, second = new_token(), new_token()
        edges.auth.open_session(first)
        edges.auth.open_session(second)
        async with following(edges, first):
            assert await refused(edges, second) == (503, "overloaded")


@pytest.mark.sec("SES-06")
@pytest.mark.parametrize("state", ["replaced", "expired", "unknown"])
async def test_a_session_that_is_over_opens_none(edges: Edges, new_token: NewToken, state: str) -> None:
    token = new_token()
    edges.auth.knows(token, state=state, replaced_at="2026-03-02T02:05:00Z", new_device_kind="phone")
    assert (await refused(edges, token))[0] == 401


@pytest.mark.sec("GW-18")
async def test_at_the_end_of_the_process_streams_are_asked_to_come_back(edges: Edges, token: str) -> None:
    async with following(edges, token) as events:
        edges.gateway.streams.drain()
        assert (await events.next())[0] == "closing"
        assert await events.ended()
        assert await refused(edges, token) == (503, "overloaded")


async def test_a_gateway_without_listeners_asks_for_no_news(edges: Edges, token: str) -> None:
    assert edges.auth.news_questions == []
    async with following(edges, token):
        await eventually(lambda: edges.auth.news_questions)


async def _skipping_heartbeats(events: EventReader) -> tuple[str, str]:
    async with asyncio.timeout(10):
        while (event := await events.next())[0] == "heartbeat":
            pass
    return event[0], event[1]["code"]
