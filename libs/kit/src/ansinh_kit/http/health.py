"""What orchestrators ask: does the process live, and should requests come here now?"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ansinh_kit.errors import UnavailableError
from ansinh_kit.observability.metrics import Metrics

_TIMEOUT_SECONDS: Final = 2.0

Check = Callable[[], Awaitable[None]]
"""Returns if all is well; raises `NotReadyError` or `UnavailableError` if not."""


class NotReadyError(Exception):
    """A check says no. Its text is shown: the state of a part, never a driver's words."""


class Readiness:
    """Named checks; the process is ready once started, while all of them hold and until it drains.

    Usual names: `mongodb`, `broker`, `consumer`, `projector`.
    """

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}
        self._started = True
        self._draining = False

    @property
    def started(self) -> bool:
        """Say whether requests can be served at all; if not, the edge answers them 503."""
        return self._started

    @property
    def draining(self) -> bool:
        """Say whether the process is about to end: whoever makes a client wait for news lets it go now."""
        return self._draining

    def starting(self) -> None:
        """Be unready until `has_started`: indexes and connections are still being made."""
        self._started = False

    def has_started(self) -> None:
        self._started = True

    def add(self, name: str, check: Check) -> None:
        self._checks[name] = check

    def drain(self) -> None:
        """Be unready from now on, whatever the checks say: the process is about to end."""
        self._draining = True

    async def failures(self) -> Mapping[str, str]:
        """Return what does not hold, by name; empty if ready. No check takes longer than 2 s."""
        if self._draining:
            return {"process": "draining"}
        if not self._started:
            return {"process": "starting", **await self._failed_checks()}
        return await self._failed_checks()

    async def _failed_checks(self) -> dict[str, str]:
        reasons = await asyncio.gather(*(_reason(check) for check in self._checks.values()))
        return {name: reason for name, reason in zip(self._checks, reasons, strict=True) if reason is not None}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._checks)


def ready_when(condition: Callable[[], bool], *, otherwise: str) -> Check:
    """Return a check that holds while `condition` does; `otherwise` is what is shown while it does not."""

    async def check() -> None:
        if not condition():
            raise NotReadyError(otherwise)

    return check


async def _reason(check: Check) -> str | None:
    try:
        await asyncio.wait_for(check(), _TIMEOUT_SECONDS)
    except NotReadyError as error:
        return str(error)
    except UnavailableError as error:
        return f"{error.dependency} is unavailable"
    except TimeoutError:
        return f"no answer within {_TIMEOUT_SECONDS:g} s"
    return None


def health_routes(readiness: Readiness, metrics: Metrics) -> list[Route]:
    """Return `/health/live`, `/health/ready` and `/metrics`: for the inside only, the gateway never routes them."""

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_request: Request) -> Response:
        failures = await readiness.failures()
        checks = {name: failures.get(name, "ok") for name in (*readiness.names, *failures)}
        status = "unready" if failures else "ready"
        return JSONResponse({"status": status, "checks": checks}, status_code=503 if failures else 200)

    async def expose(_request: Request) -> Response:
        text, content_type = metrics.exposition()
        return Response(text, headers={"Content-Type": content_type})

    return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", expose)]
