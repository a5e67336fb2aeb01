"""A person with an e-ID, our service in this process, and the sandbox's provider over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import aiohttp
from aiohttp import web
from ansinh_kit.http.assertion import Caller
from ansinh_kit.mongo import Database
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.clock import FixedClock
from auth.domain.e_id.claims import IdentityClaims
from auth.domain.e_id.hand_over import HandOver
from auth.providers.addresses import ProviderAddresses
from auth.providers.openid_connect import OpenIdConnect, OpenIdConnectRules
from devtools.sandbox.e_id.provider import EIdClient, EIdProvider
from devtools.sandbox.e_id.ways import Way
from devtools.servers.ports import LOOPBACK, free_ports

from tests.auth.bound_devices import AtDevice, entered
from tests.auth.service import TABLET, AuthService

LOG_INS, LINKS, OWN = "/v1/e-id/log-ins", "/v1/e-id/links", "/v1/me/e-id"
CITIZEN_NUMBER, OTHER_NUMBER = "066185000001", "066185000002"
CLIENT = EIdClient(
    client_id="ansinh & co", client_secret="a made-up: secret/%", redirect_address="http://localhost/e-id/returned"
)
REFUSED, DOWN = (401, "e_id_refused"), (503, "e_id_unavailable")


@dataclass
class RunningProvider:
    """The provider, and how our service asks it. `runner` may be ended: then it is down."""

    provider: EIdProvider
    runner: web.AppRunner
    http: aiohttp.ClientSession

    def misbehave(self, kind: str, place: str = "token", *, times: int = 1, seconds: float = 60.0) -> None:
        way = {"kind": kind, "place": place, "times": times, "seconds": seconds}
        self.provider.ways.add(Way.model_validate(way))

    def adapter(self, clock: FixedClock, **rules: Any) -> OpenIdConnect:  # noqa: ANN401 - fields of the rules
        facts: dict[str, Any] = {
            "addresses": ProviderAddresses(issuer=self.provider.issuer, sandbox=True),
            "client_id": CLIENT.client_id,
            "client_secret": CLIENT.client_secret,
            "redirect_address": CLIENT.redirect_address,
            "levels": ("level-2",),
            "citizen_number_claim": "citizen_number",
            "timeout_seconds": 30.0,
            "pause_seconds": 0.0,
        }
        return OpenIdConnect(OpenIdConnectRules(**{**facts, **rules}), clock=clock)

    async def show_e_id(self, authorization_url: str, number: str = CITIZEN_NUMBER) -> dict[str, str]:
        """Return `code` and `state`, as they come back with a person who showed the e-ID of this number."""
        parts = urlsplit(authorization_url)
        form = {**dict(parse_qsl(parts.query)), "citizen_number": number}
        there = parts._replace(query="").geturl()
        async with self.http.post(there, data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            back = urlsplit(answer.headers["Location"])
        assert back._replace(query="").geturl() == CLIENT.redirect_address
        return {name: values[0] for name, values in parse_qs(back.query).items()}


@dataclass
class EveryonesEId:
    """A provider inside this process, for what comes after its answer: whoever returns with a number has shown it."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(datetime.now(UTC).replace(microsecond=0)))

    async def address_of(self, over: HandOver) -> str:
        return f"https://e-id.example/?{urlencode({'state': over.state})}"

    async def redeem(self, code: str, over: HandOver) -> IdentityClaims:
        del over
        return IdentityClaims(
            issuer="https://e-id.example",
            subject=f"subject of {code}",
            citizen_number=code,
            level="level-2",
            authenticated_at=self.clock.now(),
        )

    async def close(self) -> None:
        """Nothing is open."""

    def returned(self, begun: dict[str, Any], citizen_number: str) -> dict[str, Any]:
        """Return what the client sends when the person is back from here."""
        state = parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0]
        return {"secret": begun["secret"], "state": state, "code": citizen_number}


@asynccontextmanager
async def running_provider(clock: FixedClock) -> AsyncIterator[RunningProvider]:
    (port,) = free_ports(1)
    provider = EIdProvider(f"http://{LOOPBACK}:{port}", CLIENT, now=lambda: clock.now().timestamp())
    app = web.Application()
    app.add_routes(provider.routes())
    runner = web.AppRunner(app, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, port).start()
    async with aiohttp.ClientSession() as http:
        yield RunningProvider(provider, runner, http)
    await runner.cleanup()


@dataclass
class WithEId:
    """The whole: people log in through `auth`, and show their e-ID at `there`."""

    auth: AuthService
    there: RunningProvider
    adapter: OpenIdConnect = field(repr=False)

    async def start(self) -> dict[str, Any]:
        answer = await self.auth.post(LOG_INS)
        assert answer.status == 201, answer.body
        return dict(answer.json())

    async def returned(self, started: dict[str, Any], number: str = CITIZEN_NUMBER) -> dict[str, Any]:
        """Return what the client sends when the person is back."""
        return {"secret": started["secret"], **await self.there.show_e_id(started["authorization_url"], number)}

    async def confirm(self, started: dict[str, Any], returned: dict[str, Any], **more: object) -> HttpAnswer:
        body = {"device": TABLET, **returned, **more}
        return await self.auth.post(f"{LOG_INS}/{started['id']}/confirm", body)

    async def log_in(self, number: str = CITIZEN_NUMBER, **more: object) -> HttpAnswer:
        started = await self.start()
        return await self.confirm(started, await self.returned(started, number), **more)

    async def entered(self, **more: object) -> AtDevice:
        """Log in with the e-ID; return the person at that device, whose key is not bound."""
        return entered(self.auth, await self.log_in(**more))  # type: ignore[arg-type] # fields of the body

    async def link(self, here: AtDevice, number: str = CITIZEN_NUMBER) -> HttpAnswer:
        """Link in the session of an unbound device."""
        started = await here.ask("POST", LINKS, signed=False)
        assert started.status == 201, started.body
        body = await self.returned(started.json(), number)
        return await here.ask("POST", f"{LINKS}/{started.json()['id']}/confirm", body, signed=False)

    async def log_out(self, caller: Caller) -> None:
        await self.auth.client.request("DELETE", "/v1/sessions/current", caller=caller)


@asynccontextmanager
async def with_e_id(database: Database, **rules: Any) -> AsyncIterator[WithEId]:  # noqa: ANN401 - as `adapter`
    clock = FixedClock(datetime.now(UTC).replace(microsecond=0))
    async with running_provider(clock) as there:
        adapter = there.adapter(clock, **rules)
        auth = AuthService(database, clock=clock, identity_provider=adapter)
        await auth.use_cases.prepare()
        try:
            yield WithEId(auth, there, adapter)
        finally:
            await adapter.close()
            auth.pool.close()


def code_of(answer: HttpAnswer) -> tuple[int, str]:
    return answer.status, answer.json()["code"]
