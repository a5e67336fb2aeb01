"""The rule of one session, tried: once the second device holds its answer, the first one's token is dead (SES-04).

All in one process and by one clock: a request counts as begun after the answer only if the answer had been read to
its end before the request was.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp

from tests.auth.prepared import Account, PreparedAccounts

# Its answer depends on nothing but the token: only the gate stands between a replaced one and 200.
ASKED_PATH = "/api/auth/v1/me"
# What an edge answers that cannot know, or that lost what it asked: no yes, and worth another try.
_NOT_NOW = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT})
_BETWEEN_TRIES_SECONDS = 0.05
ROUNDS_OF_AN_ACCOUNT = 5
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, ConnectionError)


@dataclass
class Tally:
    """What the first devices heard. `let_in_after` is the number that must be nought.

    Attributes:
        tries: Take-overs whose second device holds its answer.
        lost: Take-overs whose answer was lost on the way; they prove nothing and are not counted among the tries.
        after: Answers to requests begun after the second device's answer, by what was said.
        before: As `after`, for requests begun earlier; those may still be answered 200.
    """

    tries: int = 0
    lost: int = 0
    after: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)

    @property
    def asked_after(self) -> int:
        return self.after.total()

    @property
    def let_in_after(self) -> int:
        return self.after["200"]

    @property
    def unexpected(self) -> set[str]:
        """Return what was said to a dead token and is neither of the two answers the rule allows."""
        return set(self.after) - {"401 session_replaced", "503", "no answer"}

    def summary(self) -> str:
        told = ", ".join(f"{count} x {said}" for said, count in self.after.most_common())
        return f"{self.tries} take-overs ({self.lost} answers lost); begun after the answer: {told}"


@dataclass
class _FirstDevice:
    """Asks with its token without a pause, at one gateway, until it has asked often enough after the take-over."""

    http: aiohttp.ClientSession
    gateway: str
    token: str
    taken_over: asyncio.Event
    tally: Tally
    asks_after: int

    async def ask_on(self) -> None:
        after = 0
        while after < self.asks_after:
            # Nothing is awaited between this look and the request's beginning.
            is_after = self.taken_over.is_set()
            said = await self._ask()
            (self.tally.after if is_after else self.tally.before)[said] += 1
            after += is_after

    async def _ask(self) -> str:
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            async with self.http.get(f"{self.gateway}{ASKED_PATH}", headers=headers) as response:
                body = await response.json(content_type=None)
        except _NO_ANSWER:
            return "no answer"
        return f"401 {body['code']}" if response.status == HTTPStatus.UNAUTHORIZED else str(response.status)


class Trial:
    """Takes accounts over again and again, while the first device of each asks at every gateway."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        accounts: PreparedAccounts,
        gateways: Sequence[str],
        *,
        asks_after: int = 2,
        patience_seconds: float = 30.0,
    ) -> None:
        self._http = http
        self._accounts = accounts
        self._gateways = gateways
        self._asks_after = asks_after
        self._patience_seconds = patience_seconds
        self.tally = Tally()

    async def run(self, account: Account, rounds: int) -> None:
        """Take the account over so many times; the second device of one round is the first of the next."""
        token = await self._accounts.log_in(account)
        for number in range(rounds):
            taken = await self.once(account, token, self._gateways[number % len(self._gateways)])
            if taken is None:
                return
            token = taken

    async def go_on(self, enough: asyncio.Event) -> None:
        """Take over one account after another, a few times each, until told that it is enough."""
        while not enough.is_set():
            await self.run(await self._accounts.open(), ROUNDS_OF_AN_ACCOUNT)

    async def once(self, account: Account, first_token: str, gateway: str) -> str | None:
        """Take the account over through `gateway`; return the new token, or nothing if the answer was lost."""
        ready = await self._accounts.take_over(account)
        taken_over = asyncio.Event()
        devices = [
            _FirstDevice(self._http, gateway, first_token, taken_over, self.tally, self._asks_after)
            for gateway in self._gateways
        ]
        async with asyncio.TaskGroup() as asking:
            tasks = [asking.create_task(device.ask_on()) for device in devices]
            token = await self._confirm(gateway, ready.take_over_id, ready.code)
            if token is None:
                self.tally.lost += 1
                for task in tasks:
                    task.cancel()
                return None
            taken_over.set()
            self.tally.tries += 1
        return token

    async def _confirm(self, gateway: str, take_over_id: str, code: str) -> str | None:
        """Go on until the second device has an answer that settles it."""
        url = f"{gateway}/api/auth/v1/take-overs/{take_over_id}/confirm"
        deadline = time.monotonic() + self._patience_seconds
        while time.monotonic() < deadline:
            status, body = await self._post(url, {"code": code})
            if status == HTTPStatus.CREATED:
                return str(body["token"])
            if status not in _NOT_NOW:
                # Used up by the request whose answer was lost.
                assert body["code"] in ("code_refused", "take_over_lost"), body
                return None
            await asyncio.sleep(_BETWEEN_TRIES_SECONDS)
        return None

    async def _post(self, url: str, body: object) -> tuple[int, dict[str, Any]]:
        """Return status and body of the answer; without one, what an edge says that has none."""
        try:
            async with self._http.post(url, json=body) as response:
                return response.status, await response.json(content_type=None)
        except _NO_ANSWER:
            return HTTPStatus.SERVICE_UNAVAILABLE, {}
