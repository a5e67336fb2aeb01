"""The whole system for a benchmark, with a citizen who has gone the whole way from declaration to log-in."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from unittest.mock import patch

import aiohttp
from ansinh_kit.foundation import Foundation, build_foundation
from ansinh_kit.settings import load_settings
from devtools.errors import ToldError
from devtools.story.people import Officer
from devtools.story.play import OPENING, play
from devtools.story.report import Report
from devtools.system.control import Control
from devtools.system.demo import Demo
from devtools.system.layout import Layout, Ports
from devtools.system.plan import Plan
from devtools.system.topology import Topology
from records.events import EVENTS, UPCASTERS
from records.settings import RecordsSettings

from tests.eventually import eventually

# The embedded database reads what it holds before it answers: with a million people that takes five minutes.
_READY_WITHIN_SECONDS = 900.0
# One citizen asks for everybody here: the limits of one session and one address are not what is measured.
_UNLIMITED = {
    "auth": {"AUTH_CODES_PER_ADDRESS": "1000000"},
    "gateway": {
        "GATEWAY_GUEST_REQUESTS_BURST": "1000000",
        "GATEWAY_GUEST_REQUESTS_PER_SECOND": "100000",
        "GATEWAY_SESSION_REQUESTS_BURST": "1000000",
        "GATEWAY_SESSION_REQUESTS_PER_SECOND": "100000",
    },
}


@dataclass(frozen=True)
class Running:
    """`citizen_headers` carry the session of a citizen whose record is `participant_id`."""

    gateway_url: str
    citizen_headers: dict[str, str]
    participant_id: str
    records: Foundation

    @property
    def api(self) -> str:
        return f"{self.gateway_url}/api/records/v1"


@asynccontextmanager
async def running_system(folder: Path) -> AsyncIterator[Running]:
    """Start a system of its own with its data in `folder`, where it stays for a second start.

    Raises:
        ToldError: The story did not go as told, so there is no citizen to read as.
    """
    async with planned_system(folder) as (layout, plan):
        headers, participant_id = await _citizen(layout, plan)
        async with _records(plan) as records:
            yield Running(layout.gateway_url, headers, participant_id, records)


@asynccontextmanager
async def planned_system(folder: Path) -> AsyncIterator[tuple[Layout, Plan]]:
    """Start a system of its own with its data in `folder`; nobody is registered yet, nobody is held to the limits."""
    layout = Layout(data=folder, ports=Ports.free())
    control = Control(layout)
    plan = Topology(layout, environment={}, overrides=_UNLIMITED).plan()
    await asyncio.to_thread(control.start, plan)
    try:
        await asyncio.to_thread(control.wait_until_ready, within_seconds=_READY_WITHIN_SECONDS)
        yield layout, plan
    finally:
        await asyncio.to_thread(control.stop)


@asynccontextmanager
async def database_alone(folder: Path) -> AsyncIterator[Foundation]:
    """Start only the servers of the system in `folder`, and give what its records service stands on."""
    layout = Layout(data=folder, ports=Ports.free())
    control = Control(layout)
    plan = Topology(layout, environment={}).plan()
    await asyncio.to_thread(control.start, Plan(tuple(plan.of_kind("server"))))
    try:
        await asyncio.to_thread(control.wait_until_ready, within_seconds=_READY_WITHIN_SECONDS)
        async with _records(plan) as records:
            yield records
    finally:
        await asyncio.to_thread(control.stop)


async def _citizen(layout: Layout, plan: Plan) -> tuple[dict[str, str], str]:
    """Return the headers of a session, and the participant whose record it reads."""
    enrolled = await asyncio.to_thread(Demo(layout, plan).officers)
    officer, stranger = (Officer(**asdict(one)) for one in enrolled)
    report = Report(quiet=True)
    cast = await play(
        report,
        gateway_url=layout.gateway_url,
        sandbox_url=layout.sandbox_url,
        officer=officer,
        stranger=stranger,
        chapters=OPENING,
    )
    if not report.passed:
        raise ToldError(f"the story failed: {report.summary()}")
    headers = dict(cast.first_phone.headers)
    async with aiohttp.ClientSession(headers=headers) as http:
        return headers, await eventually(lambda: _own_participant(http, layout), 60, says="the account's record")


async def _own_participant(http: aiohttp.ClientSession, layout: Layout) -> str:
    """Return the participant; nothing while the account is not linked to one yet."""
    async with http.get(f"{layout.gateway_url}/api/records/v1/participants/me/person") as response:
        return str((await response.json())["participant_id"]) if response.status == HTTPStatus.OK else ""


@asynccontextmanager
async def _records(plan: Plan) -> AsyncIterator[Foundation]:
    """Give what the records service stands on, to write to its log as its own processes do."""
    with _variables(plan):
        foundation = build_foundation("records", load_settings(RecordsSettings), EVENTS, UPCASTERS)
    await foundation.log.start()
    yield foundation
    await foundation.log.close()
    foundation.client.close()


@contextmanager
def _variables(plan: Plan) -> Iterator[None]:
    told = plan.named("records").command.environment
    with patch.dict(os.environ, {name: value for name, value in told.items() if name.startswith("RECORDS_")}):
        yield
