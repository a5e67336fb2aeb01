"""HTTP/2 at the door, HTTP/1.1 behind it: the same rules, and a hundred streams (GW-22)."""

import asyncio

import pytest
from gateway.asgi import Receive, Send
from h2.errors import ErrorCodes

from tests.gateway.fake_service import Arrived, answer_ok
from tests.gateway.integration.edge_proxy.http2_client import http2
from tests.gateway.integration.edge_proxy.proxy import EdgeProxy

AGENCIES = "/api/registration/v1/agencies"


@pytest.mark.sec("GW-22")
async def test_a_hundred_streams_are_served_and_the_next_is_refused(proxy: EdgeProxy) -> None:
    released = asyncio.Event()

    async def when_released(arrived: Arrived, receive: Receive, send: Send) -> None:
        await released.wait()
        await answer_ok(arrived, receive, send)

    proxy.edges.service.answers = when_released
    async with http2(proxy) as client:
        asked = [await client.ask(AGENCIES) for _ in range(101)]
        await client.read_until(lambda: asked[100].ended)
        assert (asked[100].status, asked[100].reset) == (None, ErrorCodes.REFUSED_STREAM)
        assert client.most_streams == 100
        released.set()
        await client.read_until(lambda: all(answer.ended for answer in asked))
    assert {answer.status for answer in asked[:100]} == {200}
    assert len(proxy.edges.service.arrived) == 100


@pytest.mark.sec("GW-22")
@pytest.mark.parametrize(
    ("path", "header", "status", "code"),
    [
        (AGENCIES, ("x_user_id", "1"), 400, b'"header_invalid"'),
        ("/api/registration/v1%2fagencies", ("accept", "*/*"), 400, b'"request_invalid"'),
        ("/api/registration/v1/x/../agencies", ("accept", "*/*"), 400, b'"request_invalid"'),
    ],
    ids=["underscore", "escaped slash", "dots"],
)
async def test_the_form_of_a_request_is_judged_as_in_http_1(
    proxy: EdgeProxy, path: str, header: tuple[str, str], status: int, code: bytes
) -> None:
    async with http2(proxy) as client:
        answer = await client.ask(path, header)
        await client.read_until(lambda: answer.ended)
    assert answer.status == status
    assert code in answer.body
    assert proxy.edges.service.arrived == []


@pytest.mark.sec("GW-22")
async def test_a_head_has_32_kib_in_all(proxy: EdgeProxy) -> None:
    async with http2(proxy) as client:
        answer = await client.ask(AGENCIES, *((f"x-filler-{n}", "x" * 11 * 1024) for n in range(3)))
        await client.read_until_closed()
    assert answer.status is None
    assert proxy.edges.service.arrived == []


async def test_a_session_whose_cookie_came_in_crumbs_is_found(proxy: EdgeProxy) -> None:
    """HTTP/2 sends a cookie header in pieces; the gateway must not see two."""
    async with http2(proxy) as client:
        answer = await client.ask(AGENCIES, ("cookie", "a=1"), ("cookie", "b=2"))
        await client.read_until(lambda: answer.ended)
    assert answer.status == 200
