"""Bodies go on as they come, event streams at once, and the bounds agree with the gateway's (GW-22, LIM-24, LIM-26)."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from gateway.asgi import Receive, Scope, Send
from gateway.routes import ROUTES
from gateway.routing import Route

from tests.eventually import eventually
from tests.gateway.event_reader import EVENTS, EventReader
from tests.gateway.fake_service import Arrived, answer
from tests.gateway.integration.edge_proxy.proxy import PATIENCE_SECONDS, EdgeProxy
from tests.gateway.raw_client import request

AGENCIES = "/api/registration/v1/agencies"
DECLARATIONS = "/api/registration/v1/declarations"
PHOTO = f"{DECLARATIONS}/d-1/photos/portrait"
KIB, MIB = 1024, 1024 * 1024
# The longest body of each class, as the settings of the gateway have it.
BOUNDS = {"small": 256 * KIB, "upload": 26 * MIB, "bulk": 64 * MIB}
LARGE = [route for route in ROUTES if route.body in {"upload", "bulk"}]


@pytest.mark.sec("GW-22")
async def test_events_pass_at_once_and_a_stream_ends_with_its_session(
    proxy: EdgeProxy, new_token: Callable[[], str]
) -> None:
    edges, token = proxy.edges, new_token()
    edges.auth.open_session(token)
    async with proxy.get(EVENTS, headers={"Authorization": f"Bearer {token}"}) as response:
        events = EventReader(response)
        assert (await events.next())[0] == "open"
        await eventually(lambda: 0 in edges.auth.news_questions)
        edges.auth.replace_session(token)
        edges.auth.tells("account-1")
        assert (await events.next())[0] == "session_ended"
        assert await events.ended()


@pytest.mark.sec("GW-22")
async def test_a_photo_reaches_the_service_while_it_is_still_being_sent(proxy: EdgeProxy) -> None:
    rest_may_come = asyncio.Event()

    async def in_two_halves() -> AsyncIterator[bytes]:
        yield b"x" * 300 * KIB
        await rest_may_come.wait()
        yield b"x" * 300 * KIB

    sending = asyncio.create_task(_put(proxy, in_two_halves()))
    await eventually(lambda: bool(proxy.edges.service.arrived), PATIENCE_SECONDS)
    assert not proxy.edges.service.last.complete
    rest_may_come.set()
    assert await sending == 200
    assert proxy.edges.service.last.body_bytes == 600 * KIB


async def _put(proxy: EdgeProxy, body: AsyncIterator[bytes]) -> int:
    async with proxy.edges.http.put(proxy.url(PHOTO), data=body, ssl=proxy.tls) as response:
        return response.status


@pytest.mark.sec("GW-22")
@pytest.mark.sec("LIM-24")
@pytest.mark.parametrize("route", LARGE, ids=lambda route: route.public_path)
async def test_what_the_gateway_lets_pass_passes_here_and_no_byte_more(
    proxy: EdgeProxy, new_token: Callable[[], str], route: Route
) -> None:
    """The head is enough: what it declares is judged before the body comes."""

    async def refuse(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, b"{}", status=418)

    proxy.edges.service.refuses_at_once = refuse
    token = new_token()
    proxy.edges.auth.open_session(token, kind="staff", roles=["officer"])
    path = route.public_path.replace("{declaration_id}", "d-1").replace("{kind}", "portrait")

    async def declared(length: int) -> int:
        more = (f"Content-Length: {length}", f"Authorization: Bearer {token}")
        return (await proxy.exchange(request(route.method, path, *more))).status

    assert await declared(BOUNDS[route.body]) == 418
    assert await declared(BOUNDS[route.body] + 1) == 413
    assert len(proxy.edges.service.arrived) == 1
    assert (await proxy.logged(2))[-1]["gateway_status"] == "", "nginx alone has refused it"


@pytest.mark.sec("LIM-24")
@pytest.mark.parametrize("hidden", [False, True], ids=["declared", "chunked"])
async def test_a_json_body_has_256_kib(proxy: EdgeProxy, *, hidden: bool) -> None:
    async def post(length: int) -> int:
        body = _in_pieces(length) if hidden else b"x" * length
        async with proxy.edges.http.post(proxy.url(DECLARATIONS), data=body, ssl=proxy.tls) as response:
            return response.status

    assert await post(BOUNDS["small"]) == 200
    assert proxy.edges.service.last.body_bytes == BOUNDS["small"]
    assert await post(BOUNDS["small"] + 1) == 413
    assert len([arrived for arrived in proxy.edges.service.arrived if arrived.complete]) == 1


async def _in_pieces(length: int) -> AsyncIterator[bytes]:
    for start in range(0, length, 64 * KIB):
        yield b"x" * min(64 * KIB, length - start)


@pytest.mark.sec("GW-22")
@pytest.mark.sec("LIM-26")
async def test_slow_heads_slow_bodies_and_slow_readers_are_cut(proxy: EdgeProxy) -> None:
    """The gateway behind has all the time in the world, so it was nginx. All at once: each takes ten seconds."""
    proxy.edges.service.answers = _much
    head = f"GET {AGENCIES} HTTP/1.1\r\nHost: localhost\r\nX-Filler: ".encode()
    body = f"POST {DECLARATIONS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{".encode()
    async with asyncio.timeout(PATIENCE_SECONDS):
        cut_head, cut_body, _ = await asyncio.gather(
            proxy.exchange(head), proxy.exchange(body), _never_reading_is_cut(proxy)
        )
    assert (cut_head.closed, cut_head.raw) == (True, b"")
    assert cut_body.closed
    assert 200 not in cut_body.statuses
    assert [arrived.target for arrived in proxy.edges.service.arrived if arrived.complete] == ["/v1/agencies"]


async def _much(_arrived: Arrived, _receive: Receive, send: Send) -> None:
    """Answer with more than the buffers of two sockets and nginx hold."""
    await answer(send, b"x" * 32 * MIB)


async def _never_reading_is_cut(proxy: EdgeProxy) -> None:
    _reader, writer = await asyncio.open_connection(
        "127.0.0.1", proxy.https_port, ssl=proxy.tls, server_hostname="localhost", limit=1024
    )
    writer.write(request("GET", AGENCIES))
    given_up = [200]
    await eventually(lambda: [line["status"] for line in _answered(proxy)] == given_up, PATIENCE_SECONDS)
    assert _answered(proxy)[0]["sent_bytes"] < 32 * MIB
    writer.transport.abort()


def _answered(proxy: EdgeProxy) -> list[dict[str, int]]:
    return [line for line in proxy.log_lines() if line["status"] == 200]
