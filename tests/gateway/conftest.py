import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
import uvloop
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.clock import SystemClock
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList, NamedKey
from devtools.servers.ports import LOOPBACK
from gateway.app import Gateway, build_gateway
from gateway.rate_limits import Monotonic
from gateway.settings import GatewaySettings

from tests.gateway.fake_auth import FakeAuth
from tests.gateway.fake_service import FakeService
from tests.gateway.servers import plain_config, served


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run on the loop the gateway runs on: closing and half-closing differ between loops."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let a hanging test end: a signal does not wake uvloop, a thread does not need to.

    Whoever is first to need the whole system waits for its start, a minute and more on a busy machine.
    """
    seconds = 300 if "system" in getattr(item, "fixturenames", ()) else 60
    item.add_marker(pytest.mark.timeout(seconds, method="thread"))


@pytest.fixture
def assertion_keys() -> dict[str, KeyList]:
    """Keys by service, as the gateway knows them."""
    services = ("auth", "registration", "notifications", "records")
    return {service: KeyList((NamedKey("test", secrets.token_bytes(32)),)) for service in services}


@pytest.fixture
def verify(assertion_keys: dict[str, KeyList]) -> Callable[[str], AssertionVerifier]:
    """Make the verifier a service would have: with its own keys and no other's."""
    return lambda service: AssertionVerifier(assertion_keys[service], service=service, clock=SystemClock())


@pytest.fixture
def new_token() -> Callable[[], str]:
    return lambda: f"sit_{secrets.token_urlsafe(32)}"


@dataclass
class Edges:
    """A gateway at work: its port, what stands behind it, and a client to call it with."""

    port: int
    gateway: Gateway
    auth: FakeAuth
    service: FakeService
    http: aiohttp.ClientSession
    settings: GatewaySettings

    def url(self, path: str) -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"


StartGateway = Callable[..., AbstractAsyncContextManager[Edges]]


@pytest.fixture
def start_gateway(assertion_keys: dict[str, KeyList], verify: Callable[[str], AssertionVerifier]) -> StartGateway:
    """Start a gateway in front of a fake auth and one service that plays all others; settings may be overridden."""

    @asynccontextmanager
    async def start(*, monotonic: Monotonic = time.monotonic, **overrides: object) -> AsyncIterator[Edges]:
        service = FakeService()
        auth = FakeAuth(verify("auth"), service)
        async with served(auth) as auth_port, served(service) as service_port:
            values: dict[str, object] = {
                **{f"{name}_assertion_keys": keys for name, keys in assertion_keys.items()},
                "auth_url": f"http://{LOOPBACK}:{auth_port}",
                "registration_url": f"http://{LOOPBACK}:{service_port}",
                "notifications_url": f"http://{LOOPBACK}:{service_port}",
                "records_url": f"http://{LOOPBACK}:{service_port}",
                "guest_requests_burst": 10_000,
                "session_requests_burst": 10_000,
                "linger_seconds": 0.5,
            }
            settings = GatewaySettings.model_validate(values | overrides)
            gateway = build_gateway(settings, monotonic=monotonic)
            config = plain_config(gateway.door, http=gateway.door.protocol)
            listening = asyncio.create_task(gateway.streams.run())
            try:
                client = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
                async with served(config) as port, client as http:
                    yield Edges(port, gateway, auth, service, http, settings)
            finally:
                await end_tasks([listening])
                await gateway.close()

    return start


@pytest.fixture
async def edges(start_gateway: StartGateway) -> AsyncIterator[Edges]:
    async with start_gateway() as started:
        yield started
