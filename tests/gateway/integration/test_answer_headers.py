"""Every answer is safe to open in a browser, and only pages on a fixed list may read it (GW-20, ASVS 3.4)."""

from collections.abc import Callable, Mapping

import pytest
from gateway.asgi import Receive, Send

from tests.gateway.conftest import Edges, StartGateway
from tests.gateway.event_reader import following
from tests.gateway.fake_service import Arrived, answer
from tests.gateway.raw_client import exchange, request

pytestmark = [pytest.mark.sec("GW-20"), pytest.mark.sec("API-08")]

AGENCIES = "/api/registration/v1/agencies"
OURS = "https://ansinh.example"


def assert_safe(headers: Mapping[str, str]) -> None:
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    policy = headers["Content-Security-Policy"]
    for directive in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [AGENCIES, "/nothing", "/api/openapi.json", "/health/live", "/api/auth/v1/me"],
    ids=["a service's", "a refusal", "the document", "a page", "without a session"],
)
async def test_every_answer_has_the_safe_headers_once(edges: Edges, path: str) -> None:
    async with edges.http.get(edges.url(path)) as response:
        assert_safe(response.headers)
        assert len(response.headers.getall("Content-Security-Policy")) == 1


async def test_a_refusal_before_any_application_ran_has_them_too(edges: Edges) -> None:
    answered = await exchange(edges.port, b"GARBAGE\r\n\r\n")
    head = dict(line.split(b": ", 1) for line in answered.raw.split(b"\r\n\r\n")[0].split(b"\r\n")[1:])
    assert_safe({name.decode().title(): value.decode() for name, value in head.items()})


async def test_an_event_stream_has_them_too(edges: Edges, new_token: Callable[[], str]) -> None:
    token = new_token()
    edges.auth.open_session(token)
    async with following(edges, token) as events:
        assert_safe(events.response.headers)


async def test_a_service_may_be_stricter(edges: Edges) -> None:
    async def sandboxed(_arrived: Arrived, _receive: Receive, send: Send) -> None:
        await answer(send, b"{}", headers=[(b"content-security-policy", b"sandbox")])

    edges.service.answers = sandboxed
    async with edges.http.get(edges.url(AGENCIES)) as response:
        assert response.headers.getall("Content-Security-Policy") == ["sandbox"]


class TestOtherOrigins:
    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "https://ansinh.example.evil.example", "http://ansinh.example", "*"]
    )
    async def test_a_page_that_is_not_on_the_list_may_not_read(self, start_gateway: StartGateway, origin: str) -> None:
        async with start_gateway(origins=OURS) as edges:

            async def generous(_arrived: Arrived, _receive: Receive, send: Send) -> None:
                await answer(send, b"{}", headers=[(b"access-control-allow-origin", b"*")])

            edges.service.answers = generous
            async with edges.http.get(edges.url(AGENCIES), headers={"Origin": origin}) as response:
                assert not [name for name in response.headers if name.lower().startswith("access-control-")]
                assert response.headers["Vary"] == "Origin"

    @pytest.mark.parametrize("path", [AGENCIES, "/api/auth/v1/me", "/api/nothing"])
    async def test_a_page_on_the_list_may_read_answers_and_refusals(
        self, start_gateway: StartGateway, path: str
    ) -> None:
        async with (
            start_gateway(origins=OURS) as edges,
            edges.http.get(edges.url(path), headers={"Origin": OURS}) as response,
        ):
            assert response.headers["Access-Control-Allow-Origin"] == OURS
            assert response.headers["Access-Control-Allow-Credentials"] == "true"
            exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
            assert {"X-Request-Id", "DPoP-Nonce", "WWW-Authenticate"} <= set(exposed)

    async def test_a_preflight_is_answered_for_what_exists(self, start_gateway: StartGateway) -> None:
        async with start_gateway(origins=OURS) as edges:
            asked = {"Origin": OURS, "Access-Control-Request-Method": "PUT"}
            async with edges.http.options(
                edges.url("/api/registration/v1/declarations/d-1"), headers=asked
            ) as response:
                assert response.status == 204
                assert response.headers["Access-Control-Allow-Methods"] == "PUT"
                allowed = response.headers["Access-Control-Allow-Headers"]
        assert {"Authorization", "Idempotency-Key", "If-Match", "X-CSRF-Token"} <= set(allowed.split(", "))
        assert "Internal-Assertion" not in allowed
        assert edges.service.arrived == []

    @pytest.mark.parametrize(
        ("origin", "method", "path", "status"),
        [
            ("https://evil.example", "GET", AGENCIES, 405),
            (OURS, "DELETE", AGENCIES, 405),
            (OURS, "TRACE", AGENCIES, 405),
            (OURS, "GET", "/api/nothing", 404),
        ],
    )
    async def test_any_other_preflight_is_refused(
        self, start_gateway: StartGateway, *, origin: str, method: str, path: str, status: int
    ) -> None:
        async with start_gateway(origins=OURS) as edges:
            asked = [f"Origin: {origin}", f"Access-Control-Request-Method: {method}"]
            answered = await exchange(edges.port, request("OPTIONS", path, *asked))
        assert answered.statuses == [status]
        assert b"access-control-allow-methods" not in answered.raw
