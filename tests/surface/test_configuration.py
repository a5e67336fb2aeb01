"""How the apps are set up: nothing that helps somebody to look around, and no client with a slow pool (API-08)."""

import subprocess
import sys
from typing import Final

import pytest
from ansinh_kit.testing.callers import a_guest
from starlette.requests import Request
from starlette.responses import Response

from tests.surface.published import SERVICES, published

PROCESSES: Final = ("auth", "registration", "records", "notifications", "gateway")
# One scans every connection of its pool for each request, the others hold up the event loop.
SLOW_CLIENTS: Final = ("httpx", "httpx2", "niquests")
MARK: Final = "what only a developer should see"


@pytest.mark.sec("API-08")
@pytest.mark.parametrize("service", SERVICES)
async def test_no_app_shows_how_it_is_made(service: str) -> None:
    one = published(service)
    assert not one.app.debug
    assert (one.app.docs_url, one.app.redoc_url) == (None, None)
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect", "/debug"):
        assert (await one.client.request("GET", path, caller=a_guest())).status == 404, path


@pytest.mark.sec("API-08")
@pytest.mark.parametrize("service", SERVICES)
async def test_what_went_wrong_inside_is_not_told(service: str) -> None:
    one = published(service)

    async def fails(request: Request) -> Response:
        raise RuntimeError(f"{MARK}: {request.url.path}")

    one.app.add_route("/v1/fails", fails)
    answer = await one.client.request("GET", "/v1/fails", caller=a_guest())
    assert answer.status == 500
    assert MARK.encode() not in answer.body
    assert b"Traceback" not in answer.body


@pytest.mark.sec("GW-23")
@pytest.mark.parametrize("process", PROCESSES)
def test_no_process_loads_a_client_with_a_slow_pool(process: str) -> None:
    """Asked of the process itself, not of our imports: a library of ours may bring one along."""
    look = f"import {process}.__main__, sys; print([name for name in {SLOW_CLIENTS!r} if name in sys.modules])"
    found = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=120
    )
    assert found.stdout.strip() == "[]"
