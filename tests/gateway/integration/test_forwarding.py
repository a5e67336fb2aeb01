"""What a service gets of a request, and what a client gets of its answer."""

import gzip
from collections.abc import Callable

import aiohttp
import pytest
from ansinh_kit.clock import SystemClock
from ansinh_kit.http.assertion import AssertionIssuer, AssertionVerifier, Caller, UnauthenticatedError
from ansinh_kit.key_list import KeyList
from gateway.asgi import Receive, Send

from tests.gateway.conftest import Edges
from tests.gateway.fake_service import Arrived, answer
from tests.gateway.raw_client import exchange, request

AGENCIES = "/api/registration/v1/agencies"
DECLARATION = "/api/registration/v1/declarations/d-1"


async def test_the_service_sees_its_own_path_and_the_query_as_it_came(edges: Edges) -> None:
    raw = request("GET", f"{AGENCIES}?near=H%C3%A0%20N%E1%BB%99i&near=2")
    assert (await exchange(edges.port, raw)).status == 200
    assert edges.service.last.target == "/v1/agencies?near=H%C3%A0%20N%E1%BB%99i&near=2"


async def test_the_headers_a_service_needs_arrive_once_each(edges: Edges) -> None:
    sent = {
        "Declaration-Token": "dct_x",
        "Record-Opening": "0" * 32,
        "Idempotency-Key": "key-1",
        "If-Match": '"3"',
        "Content-Type": "application/json",
        "Accept-Language": "vi",
    }
    async with edges.http.put(edges.url(DECLARATION), data=b'{"a":1}', headers=sent) as response:
        assert response.status == 200
    arrived = edges.service.last
    assert {name: arrived.header(name) for name in sent} == sent
    assert arrived.header("content-length") == "7"
    assert arrived.body_bytes == 7


@pytest.mark.sec("GW-07")
@pytest.mark.sec("GW-08")
@pytest.mark.sec("SEC-15")
async def test_what_a_client_says_about_itself_never_arrives(edges: Edges) -> None:
    names = [
        *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "X-User-Id"),
        *("X-User-Roles", "Internal-Assertion", "X-Request-Id", "Traceparent", "Cookie", "Authorization"),
        *("Proxy-Authorization", "TE", "Keep-Alive", "Via", "X-Account-Id", "Secret-Hop"),
    ]
    lines = [f"{name}: forged" for name in names]
    raw = request("GET", AGENCIES, *lines, "Connection: close, Secret-Hop")
    assert (await exchange(edges.port, raw)).status == 200
    assert "forged" not in [value for _, value in edges.service.last.headers]
    assert edges.service.last.header("x-forwarded-for") == "127.0.0.1"


@pytest.mark.sec("SES-08")
async def test_a_guest_arrives_with_an_assertion_for_this_one_service(
    edges: Edges, verify: Callable[[str], AssertionVerifier]
) -> None:
    async with edges.http.get(edges.url(AGENCIES), headers={"Internal-Assertion": "forged"}) as response:
        request_id = response.headers["X-Request-Id"]
    assertion = edges.service.last.header("internal-assertion")
    assert assertion is not None
    caller = verify("registration").verify(assertion)
    assert (caller.kind, caller.account_id, caller.request_id) == ("guest", None, request_id)


@pytest.mark.sec("SES-08")
async def test_what_one_service_can_check_it_cannot_sign_for_another(
    edges: Edges, assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier]
) -> None:
    async with edges.http.get(edges.url(AGENCIES)) as response:
        assert response.status == 200
    with pytest.raises(UnauthenticatedError):
        AssertionVerifier(assertion_keys["auth"], service="registration", clock=SystemClock()).verify(
            edges.service.last.header("internal-assertion") or ""
        )
    forged = AssertionIssuer(assertion_keys["registration"], clock=SystemClock())
    caller = Caller(kind="service", account_id="gateway", request_id="0" * 32)
    with pytest.raises(UnauthenticatedError):
        verify("auth").verify(forged.issue(caller, audience="auth"))


@pytest.mark.sec("GW-14")
async def test_the_request_id_is_ours_and_the_clients_is_not_sent_on(edges: Edges) -> None:
    async with edges.http.get(edges.url(AGENCIES), headers={"X-Request-Id": "theirs"}) as response:
        ours = response.headers["X-Request-Id"]
    assert ours != "theirs"
    assert edges.service.last.header("x-request-id") == ours
    assert edges.service.last.header("traceparent") == f"00-{ours}-{ours[:16]}-01"


@pytest.mark.sec("GW-07")
async def test_hop_by_hop_and_inner_headers_of_an_answer_stay_inside(edges: Edges) -> None:
    async def leaky(_arrived: Arrived, _receive: Receive, send: Send) -> None:
        inner = [
            (b"connection", b"x-hop"),
            (b"x-hop", b"1"),
            (b"server", b"inner/1.0"),
            (b"x-powered-by", b"inner"),
            (b"keep-alive", b"timeout=5"),
            (b"etag", b'"4"'),
        ]
        await answer(send, b"{}", headers=inner)

    edges.service.answers = leaky
    async with edges.http.get(edges.url(AGENCIES)) as response:
        names = {name.lower() for name in response.headers}
    assert not names & {"x-hop", "server", "x-powered-by", "keep-alive", "connection"}
    assert response.headers["ETag"] == '"4"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.sec("GW-10")
async def test_a_packed_answer_is_passed_on_as_it_is(edges: Edges) -> None:
    packed = gzip.compress(b"a" * 1000)

    async def pack(_arrived: Arrived, _receive: Receive, send: Send) -> None:
        await answer(send, packed, headers=[(b"content-encoding", b"gzip")])

    edges.service.answers = pack
    async with aiohttp.ClientSession(auto_decompress=False) as http, http.get(edges.url(AGENCIES)) as response:
        assert await response.read() == packed
        assert response.headers["Content-Encoding"] == "gzip"


@pytest.mark.sec("GW-09")
@pytest.mark.parametrize("status", [204, 304])
async def test_an_answer_without_a_body_stays_one(edges: Edges, status: int) -> None:
    async def bodiless(_arrived: Arrived, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    edges.service.answers = bodiless
    answered = await exchange(edges.port, request("GET", AGENCIES))
    assert answered.status == status
    assert answered.raw.endswith(b"\r\n\r\n")
    assert b"transfer-encoding" not in answered.raw


@pytest.mark.parametrize("status", [301, 409, 422, 500])
async def test_an_answer_of_a_service_is_relayed_whatever_it_says(edges: Edges, status: int) -> None:
    async def say(_arrived: Arrived, _receive: Receive, send: Send) -> None:
        await answer(send, b'{"code":"x"}', status=status, headers=[(b"location", b"http://127.0.0.1:1/inside")])

    edges.service.answers = say
    async with edges.http.get(edges.url(AGENCIES), allow_redirects=False) as response:
        assert response.status == status
        assert await response.json() == {"code": "x"}
    assert len(edges.service.arrived) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/api/registration/internal/x",
        "/api/auth/internal/sessions/check",
        "/api/registration/health/ready",
        "/api/registration/metrics",
        "/api/registration/openapi.json",
        "/api/registration/docs",
        "/internal/sessions/check",
        "/metrics",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/v1/agencies",
        "/api/registration/v2/agencies",
        "/api/registration/v1/agencies/",
        "/api/registration/v1",
        "/api/unknown/v1/x",
        "/",
    ],
)
@pytest.mark.sec("GW-19")
@pytest.mark.sec("SEC-18")
async def test_what_is_not_in_the_table_is_not_there(edges: Edges, path: str) -> None:
    async with edges.http.get(edges.url(path)) as response:
        problem = await response.json(content_type="application/problem+json")
    assert (response.status, problem["code"]) == (404, "route_unknown")
    assert set(problem["message"]) == {"vi", "en"}
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert edges.service.arrived == []


async def test_a_method_the_path_does_not_have_is_answered_405_with_those_it_has(edges: Edges) -> None:
    async with edges.http.delete(edges.url(DECLARATION)) as response:
        assert response.status == 405
        assert response.headers["Allow"] == "GET, PUT"


async def test_a_body_where_none_belongs_is_refused(edges: Edges) -> None:
    async with edges.http.get(edges.url(AGENCIES), data=b"{}") as response:
        assert (response.status, (await response.json(content_type=None))["code"]) == (400, "body_not_allowed")
    assert edges.service.arrived == []
