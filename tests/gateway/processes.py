"""The gateway as a process of its own, in front of a fake auth and one service that plays all others."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from ansinh_kit.http.assertion import AssertionVerifier
from ansinh_kit.key_list import KeyList
from devtools.servers.ports import LOOPBACK

from tests.gateway.fake_auth import FakeAuth
from tests.gateway.fake_service import FakeService
from tests.gateway.servers import free_port, served

START_SECONDS = 45.0  # interpreters start slowly on a machine that is busy with other tests


class RunningProcess:
    def __init__(self, process: asyncio.subprocess.Process, port: int, operations_port: int) -> None:
        self.process = process
        self.port = port
        self.public = f"http://{LOOPBACK}:{port}"
        self.operations = f"http://{LOOPBACK}:{operations_port}"

    async def status(self, http: aiohttp.ClientSession, url: str) -> int | None:
        try:
            async with http.get(url) as response:
                return response.status
        except aiohttp.ClientConnectionError:
            return None

    async def is_ready(self, http: aiohttp.ClientSession) -> bool:
        return await self.status(http, f"{self.public}/health/ready") == 200


@asynccontextmanager
async def gateway_process(**settings: str | int) -> AsyncIterator[RunningProcess]:
    port, operations_port = free_port(), free_port()
    own = {"PORT": port, "OPERATIONS_PORT": operations_port, **settings}
    environment = {**os.environ, **{f"GATEWAY_{name}": str(value) for name, value in own.items()}}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "serve", env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield RunningProcess(process, port, operations_port)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def keys_for(assertion_keys: dict[str, KeyList]) -> dict[str, str]:
    return {f"{service.upper()}_ASSERTION_KEYS": keys.to_text() for service, keys in assertion_keys.items()}


@asynccontextmanager
async def whole(
    assertion_keys: dict[str, KeyList], verifier: AssertionVerifier, service: FakeService, **more: str | int
) -> AsyncIterator[RunningProcess]:
    async with served(FakeAuth(verifier, service)) as auth, served(service) as others:
        settings = {
            **keys_for(assertion_keys),
            "AUTH_URL": f"http://{LOOPBACK}:{auth}",
            "REGISTRATION_URL": f"http://{LOOPBACK}:{others}",
            "NOTIFICATIONS_URL": f"http://{LOOPBACK}:{others}",
            "RECORDS_URL": f"http://{LOOPBACK}:{others}",
            **more,
        }
        async with gateway_process(**settings) as running:
            yield running
