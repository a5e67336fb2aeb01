"""F-40: keys of every kind are rotated while people register, log in and ask, and nobody is told anything wrong."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp
import pytest
from ansinh_kit.key_list import KeyList
from devtools.errors import ToldError
from devtools.operations.key_kinds import KINDS
from devtools.operations.rotation import Rotation

from tests.auth.prepared import PASSWORD, Account, PreparedAccounts, prepared_accounts
from tests.eventually import eventually
from tests.faults.conftest import Trial, tell
from tests.faults.registering import Office
from tests.plugins.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.slow, pytest.mark.sec("F-40"), pytest.mark.sec("PII-07")]

# Of each kind the service whose keys of this kind the load needs most. What the commands of the other services do is
# tried in processes of their own (tests/devtools/test_key_commands.py).
ROTATED = (
    ("signing", "auth"),
    ("sealing", "notifications"),
    ("wrapping", "registration"),
    ("blind-index", "auth"),
    ("budget-index", "notifications"),
    ("peppers", "auth"),
    ("codes", "auth"),
    ("card-codes", "records"),
)
# What stands under the old key at the end of this load for sure: a password; perhaps, since nobody counts them, a code.
REFUSED = frozenset({("peppers", "auth"), ("card-codes", "records")})
# What stands under the old key ends by itself, in days: a password with its change, an objection with its time,
# a request that may be repeated.
STAYS_ACCEPTED = frozenset({"peppers", "blind-index"})
_TRY_AGAIN = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, ConnectionError)
_DEVICE = {"kind": "phone", "name": "Điện thoại"}


@pytest.fixture
def trial(own_system: RunningSystem, chance: random.Random, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """A system of its own: other faults count accounts and keys, and these are made and changed here."""
    return Trial(own_system, asyncio.run(Office.open(own_system)), chance, monkeypatch)


@dataclass
class Asking:
    """Somebody who stays logged in and asks, and others who log in and out; `wrong` is what must stay empty."""

    http: aiohttp.ClientSession
    gateway_url: str
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def ask_on(self, token: str, enough: asyncio.Event) -> None:
        while not enough.is_set():
            await self._expect("asked", "GET", "me", HTTPStatus.OK, token=token)

    async def log_in_on(self, account: Account, enough: asyncio.Event) -> None:
        while not enough.is_set():
            token = await self.log_in(account)
            if token is not None:
                await self._expect("logged out", "DELETE", "sessions/current", HTTPStatus.NO_CONTENT, token=token)

    async def log_in(self, account: Account) -> str | None:
        """Return the token; nothing if there was no answer, or a session whose answer was lost is still open."""
        body = {"user_name": account.number, "password": PASSWORD, "device": _DEVICE}
        answer = await self._expect("logged in", "POST", "sessions", HTTPStatus.CREATED, HTTPStatus.CONFLICT, body=body)
        return answer.get("token")

    async def _expect(
        self, what: str, method: str, path: str, *statuses: int, token: str | None = None, body: object = None
    ) -> dict[str, str]:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            async with self.http.request(
                method, f"{self.gateway_url}/api/auth/v1/{path}", headers=headers, json=body
            ) as response:
                content: dict[str, str] = await response.json(content_type=None) if response.content_length else {}
        except _NO_ANSWER:
            return {}
        if response.status in statuses:
            self.right[what] += 1
        elif response.status not in _TRY_AGAIN:
            self.wrong.append(f"{what}: {response.status} {content.get('code')}")
        return content


@asynccontextmanager
async def _asking(system: RunningSystem, accounts: PreparedAccounts) -> AsyncIterator[Asking]:
    enough = asyncio.Event()
    staying, moving = await accounts.open(), await accounts.open()
    token = await accounts.log_in(staying)
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as people:
        asking = Asking(http, system.gateway_url)
        people.create_task(asking.ask_on(token, enough))
        people.create_task(asking.log_in_on(moving, enough))
        try:
            yield asking
        finally:
            enough.set()


@pytest.mark.timeout(1_200)
async def test_every_kind_of_key_is_rotated_under_load_without_an_error(trial: Trial) -> None:
    system = trial.system
    async with (
        prepared_accounts(system.plan) as accounts,
        trial.under_load("rotation of keys"),
        _asking(system, accounts) as asking,
    ):
        for kind, service in ROTATED:
            await _rotate(system, kind, service, asking)
    assert not asking.wrong
    assert min(asking.right[what] for what in ("asked", "logged in")) > len(ROTATED)


async def _rotate(system: RunningSystem, kind: str, service: str, asking: Asking) -> None:
    rotation = Rotation(system.control, kind, service, report=tell)
    old = rotation.keys.newest
    await asyncio.to_thread(rotation.rotate)
    assert rotation.keys.newest != old
    assert rotation.keys.find(old.id) == old, "both are accepted"
    await _goes_on(asking)
    if (kind, service) in REFUSED:
        with pytest.raises(ToldError, match="still in use"):
            await asyncio.to_thread(rotation.retire)
    elif kind not in STAYS_ACCEPTED:
        await asyncio.to_thread(_retire, rotation)
        await _goes_on(asking)


def _retire(rotation: Rotation) -> None:
    rotation.retire()
    assert rotation.keys == KeyList((rotation.keys.newest,))


async def _goes_on(asking: Asking) -> None:
    """Return when somebody has asked and logged in since."""
    due = {what: asking.right[what] + 1 for what in ("asked", "logged in")}
    await eventually(lambda: all(asking.right[what] >= count for what, count in due.items()), 120, says="the load")


def test_there_are_no_other_kinds() -> None:
    assert {kind for kind, _ in ROTATED} == set(KINDS)
