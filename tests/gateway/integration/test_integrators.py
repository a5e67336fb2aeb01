"""An integrator calls with a token of its own kind, for the routes of its scopes and no others."""

import base64
import secrets
from collections.abc import Callable

import pytest
from ansinh_kit.http.assertion import AssertionVerifier

from tests.gateway.conftest import Edges

OWN = "/api/auth/v1/integrators/current"
TOKEN = "/api/auth/v1/oauth/token"
BASIC = "Basic " + base64.b64encode(b"client:igs_secret").decode()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def integrator(edges: Edges) -> str:
    token = f"igt_{secrets.token_urlsafe(32)}"
    edges.auth.open_session(token, kind="integrator", account_id="client-1", person_id=None, scopes=["profile"])
    return token


async def status_and_code(edges: Edges, path: str, headers: dict[str, str]) -> tuple[int, str | None]:
    async with edges.http.get(edges.url(path), headers=headers) as response:
        return response.status, (await response.json(content_type=None)).get("code")


async def test_a_token_arrives_as_its_integrator_with_its_scopes(
    edges: Edges, integrator: str, verify: Callable[[str], AssertionVerifier]
) -> None:
    assert (await status_and_code(edges, OWN, bearer(integrator)))[0] == 200
    caller = verify("auth").verify(edges.service.last.header("internal-assertion") or "")
    assert (caller.kind, caller.account_id, caller.scopes, caller.roles) == ("integrator", "client-1", ("profile",), ())


@pytest.mark.sec("API-05")
async def test_a_route_of_another_scope_stays_closed(edges: Edges, integrator: str) -> None:
    assert await status_and_code(edges, f"{OWN}/secrets", bearer(integrator)) == (403, "scope_missing")
    assert await status_and_code(edges, "/api/auth/v1/me", bearer(integrator)) == (403, "caller_not_allowed")


@pytest.mark.sec("SES-14")
async def test_a_token_is_no_cookie(edges: Edges, integrator: str) -> None:
    headers = {"Cookie": f"__Host-session={integrator}"}
    assert await status_and_code(edges, OWN, headers) == (401, "session_required")


@pytest.mark.sec("GW-08")
@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        ({"Authorization": BASIC}, BASIC),
        ({"Authorization": "Bearer sit_x"}, None),
        ({"Authorization": "Basic " + "A" * 600}, None),
        ({}, None),
    ],
)
async def test_a_client_secret_reaches_the_token_end_point_only(
    edges: Edges, sent: dict[str, str], arrives: str | None
) -> None:
    headers = {**sent, "Content-Type": "application/x-www-form-urlencoded"}
    for path, expected in ((TOKEN, arrives), ("/api/auth/v1/sessions", None)):
        async with edges.http.post(edges.url(path), data=b"grant_type=client_credentials", headers=headers) as answer:
            assert answer.status == 200
        assert edges.service.last.header("authorization") == expected
