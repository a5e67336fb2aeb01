"""The load: many short registrations side by side, each from an empty draft to an officer's yes."""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import aiohttp
from devtools.story.browser import Answer
from devtools.story.people import Citizen
from devtools.system.demo import DemoOfficer
from pyotp.totp import TOTP

from tests.eventually import eventually
from tests.faults.citizens import citizens, form, photo
from tests.faults.ledger import Ledger, Step
from tests.faults.patient_client import PATIENCE_SECONDS, PatientClient
from tests.plugins.system import RunningSystem

PLAYERS = 4
_TIMEOUT = aiohttp.ClientTimeout(total=20)
_PHOTOS = ("portrait", "identity_front", "identity_back")


@dataclass(frozen=True)
class Office:
    """An officer at work: who decides, and the session that was opened before anything broke."""

    officer: DemoOfficer
    token: str

    @classmethod
    async def open(cls, system: RunningSystem) -> Self:
        officer, *_ = await asyncio.to_thread(system.new_officers)
        body = {"user_name": officer.user_name, "password": officer.password, "totp": TOTP(officer.totp_secret).now()}
        url = f"{system.gateway_url}/api/auth/v1/staff/sessions"
        async with aiohttp.ClientSession() as http, http.post(url, json=body) as response:
            assert response.status == 201, await response.text()
            return cls(officer, (await response.json())["token"])


@asynccontextmanager
async def registering(system: RunningSystem, office: Office, chance: random.Random) -> AsyncIterator[Ledger]:
    """Play registrations while inside; on leaving, those under way are played to their end.

    Raises:
        WrongAnswerError: A client was told something that is not true, and not to try again either.
    """
    ledger = Ledger()
    enough = asyncio.Event()
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
        people, picture = citizens(chance), photo()

        async def play_on() -> None:
            while not enough.is_set():
                await _Registration(system, http, ledger, office, picture).play(next(people))

        async with asyncio.TaskGroup() as players:
            for _ in range(PLAYERS):
                players.create_task(play_on())
            try:
                yield ledger
            finally:
                enough.set()


class _Registration:
    """One declaration, driven by its declarant and by the officer."""

    def __init__(
        self, system: RunningSystem, http: aiohttp.ClientSession, ledger: Ledger, office: Office, picture: bytes
    ) -> None:
        self._guest = PatientClient(http, system.gateway_url, ledger)
        self._office = PatientClient(http, system.gateway_url, ledger)
        self._office.headers["Authorization"] = f"Bearer {office.token}"
        self._agency_code = office.officer.agency_code
        self._picture = picture
        self._ledger = ledger
        self._declaration_id = ""

    async def play(self, citizen: Citizen) -> None:
        started = (await self._guest.post("/registration/v1/declarations", {"language": "vi"})).body
        self._declaration_id = started["declaration_id"]
        self._ledger.phones[self._declaration_id] = citizen.phone_e164
        self._guest.headers["Declaration-Token"] = started["declaration_token"]
        await self._declare(citizen)
        await self._decide()

    async def _declare(self, citizen: Citizen) -> None:
        path = f"/registration/v1/declarations/{self._declaration_id}"
        self._note("form", await self._guest.put(path, form(citizen, self._agency_code)))
        for kind in _PHOTOS:
            self._note("photo", await self._guest.put_photo(f"{path}/photos/{kind}", self._picture))
        self._note("submit", await self._guest.post(f"{path}/submit", headers=_once()))

    async def _decide(self) -> None:
        path = f"/registration/v1/officer/declarations/{self._declaration_id}"
        claimed = await self._office.post(f"{path}/claim", headers=_once())
        self._note("claim", claimed)
        headers = {"If-Match": claimed.etag, **_once()}
        self._note("valid", await self._office.post(f"{path}/decision", {"decision": "valid"}, headers=headers))

    def _note(self, step: Step, answer: Answer) -> None:
        self._ledger.note(self._declaration_id, step, int(answer.etag.strip('"')))


def _once() -> dict[str, str]:
    """Return an `Idempotency-Key` that goes with every try of one request."""
    return {"Idempotency-Key": secrets.token_hex(16)}


async def some_requests_later(chance: random.Random, ledger: Ledger) -> None:
    """Wait for the moment of the next fault: after a random number of requests, in the midst of registrations."""
    due = ledger.requests + chance.randrange(5, 30)
    await eventually(lambda: ledger.requests >= due, PATIENCE_SECONDS, says="the load")
