"""Staff and integrators through the real gateway: what an administrator says counts from the next request."""

import base64
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from devtools.system.demo import Demo
from pyotp.totp import TOTP

from tests.eventually import eventually
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow]

REASON = "Theo quyết định điều động số 12"
PASSWORD = "bến sông có con đò nhỏ"


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


@dataclass
class Auth:
    """The auth service as its users reach it."""

    http: aiohttp.ClientSession
    url: str

    async def ask(
        self, method: str, path: str, *, token: str | None = None, body: Mapping[str, object] | None = None
    ) -> Answer:
        headers = {"Idempotency-Key": secrets.token_urlsafe(24)}
        headers |= {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.http.request(method, f"{self.url}{path}", json=body, headers=headers) as answer:
            content = await answer.read()
            return Answer(answer.status, await answer.json() if content else {})

    async def act(self, token: str, path: str, **body: object) -> Answer:
        return await self.ask("POST", path, token=token, body={"reason": REASON, **body})

    async def log_in(self, user_name: str, password: str, totp_secret: str, *, step: int = 0) -> Answer:
        """Log in with the authenticator's present code, or the one after `step` more."""
        totp = TOTP(totp_secret).at(int(time.time()), counter_offset=step)
        body = {"user_name": user_name, "password": password, "totp": totp}
        return await self.ask("POST", "/v1/staff/sessions", body=body)


@pytest.fixture
async def auth(system: RunningSystem) -> AsyncIterator[Auth]:
    async with aiohttp.ClientSession() as http:
        yield Auth(http, f"{system.gateway_url}/api/auth")


@pytest.fixture
async def administrator(system: RunningSystem, auth: Auth) -> str:
    """Return the token of an administrator's session."""
    known = Demo(system.layout, system.plan).enrol(f"quantri.{uuid.uuid4().hex[:8]}", "000", "administrator")
    opened = await auth.log_in(known.user_name, known.password, known.totp_secret)
    assert opened.status == 201, opened.body
    return str(opened.body["token"])


@pytest.mark.sec("SEC-43")
@pytest.mark.sec("SEC-56")
@pytest.mark.sec("SES-12")
async def test_an_invited_officer_works_until_suspended(auth: Auth, administrator: str) -> None:
    name = f"canbo.{uuid.uuid4().hex[:8]}"
    invited = await auth.act(administrator, "/v1/staff/members", user_name=name, role="officer", agency_code="06601")
    assert invited.status == 201, invited.body
    token = {"token": invited.body["token"]}
    secret = (await auth.ask("POST", "/v1/staff/invitations/look", body=token)).body["totp_secret"]
    code = TOTP(secret).at(int(time.time()))
    acceptance = {**token, "password": PASSWORD, "totp": code}
    assert (await auth.ask("POST", "/v1/staff/invitations/acceptance", body=acceptance)).status == 204
    officer = (await auth.log_in(name, PASSWORD, secret, step=1)).body["token"]
    assert (await auth.ask("GET", "/v1/me", token=officer)).body["roles"] == ["officer"]
    assert (await auth.ask("GET", "/v1/staff/members", token=officer)).status == 403
    suspended = await auth.act(administrator, f"/v1/staff/members/{invited.body['staff_id']}/suspension")
    assert suspended.body["standing"] == "suspended"
    refused = await auth.ask("GET", "/v1/me", token=officer)
    assert (refused.status, refused.body["code"], refused.body["reason"]) == (401, "session_ended", "suspended")


@pytest.mark.sec("SEC-65")
async def test_an_act_is_listed_soon(auth: Auth, administrator: str) -> None:
    name = f"canbo.{uuid.uuid4().hex[:8]}"
    invited = await auth.act(administrator, "/v1/staff/members", user_name=name, role="officer", agency_code="06601")
    path = f"/v1/staff/acts?subject_id={invited.body['staff_id']}"

    async def acts() -> list[dict[str, Any]]:
        return list((await auth.ask("GET", path, token=administrator)).body["acts"])

    async def is_listed() -> bool:
        return bool(await acts())

    await eventually(is_listed, 20.0, says="the invitation among the acts")
    assert [(act["act"], act["reason"]) for act in await acts()] == [("member_invited", REASON)]


async def test_an_integrator_calls_for_its_scopes_until_suspended(auth: Auth, administrator: str) -> None:
    made = await auth.act(administrator, "/v1/staff/integrators", name="Bệnh viện Thử Nghiệm", scopes=["profile"])
    assert made.status == 201, made.body
    client_id = made.body["client_id"]
    pair = base64.b64encode(f"{client_id}:{made.body['client_secret']}".encode()).decode()
    form, basic = {"grant_type": "client_credentials"}, {"Authorization": f"Basic {pair}"}
    async with auth.http.post(f"{auth.url}/v1/oauth/token", data=form, headers=basic) as answer:
        assert answer.status == 200, await answer.text()
        token = (await answer.json())["access_token"]
    assert (await auth.ask("GET", "/v1/integrators/current", token=token)).body["client_id"] == client_id
    assert (await auth.ask("GET", "/v1/integrators/current/secrets", token=token)).body["code"] == "scope_missing"
    assert (await auth.ask("GET", "/v1/me", token=token)).body["code"] == "caller_not_allowed"
    assert (await auth.act(administrator, f"/v1/staff/integrators/{client_id}/suspension")).status == 200
    assert (await auth.ask("GET", "/v1/integrators/current", token=token)).status == 401
    async with auth.http.post(f"{auth.url}/v1/oauth/token", data=form, headers=basic) as answer:
        assert (answer.status, (await answer.json())["error"]) == (401, "invalid_client")
