"""Several who want what one may have, at the same instant: who wins, and what the others are told (R-9)."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import aiohttp
from devtools.story.people import Citizen

from tests.auth.prepared import PASSWORD, PreparedAccounts
from tests.faults.citizens import form, photo
from tests.faults.registering import Office

_TOO_BUSY = frozenset({429, 502, 503, 504})
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, ConnectionError)
_PHOTOS = ("portrait", "identity_front", "identity_back")


@dataclass(frozen=True)
class Ask:
    path: str
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contest:
    """What is asked at once, and what those who lose may be told: status and code."""

    asks: Sequence[Ask]
    told: frozenset[tuple[int, str]]


@dataclass(frozen=True)
class Outcome:
    won: int
    lost: frozenset[tuple[int, str]]


@dataclass
class Arena:
    """Makes contests and holds them. Each has an account, or a declaration, that no other has."""

    http: aiohttp.ClientSession
    gateway_url: str
    accounts: PreparedAccounts
    offices: Sequence[Office]
    picture: bytes = field(default_factory=photo)

    async def hold(self, contest: Contest) -> Outcome | None:
        """Ask everything at once; `None` if somebody got no answer: what came of that is not known."""
        answers = await asyncio.gather(*(self._ask(ask) for ask in contest.asks))
        if any(answer is None for answer in answers):
            return None
        told = [answer for answer in answers if answer is not None]
        won = [status for status, _ in told if status < HTTPStatus.BAD_REQUEST]
        return Outcome(len(won), frozenset(answer for answer in told if answer[0] >= HTTPStatus.BAD_REQUEST))

    async def log_ins(self, devices: int) -> Contest:
        account = await self.accounts.open()
        asks = [
            Ask(
                "auth/v1/sessions",
                {
                    "user_name": account.number,
                    "password": PASSWORD,
                    "device": {"kind": "phone", "name": f"Điện thoại {number}"},
                },
            )
            for number in range(devices)
        ]
        return Contest(asks, frozenset({(409, "session_exists")}))

    async def take_overs(self, devices: int) -> Contest:
        account = await self.accounts.open()
        await self.accounts.log_in(account)
        ready = [await self.accounts.take_over(account) for _ in range(devices)]
        asks = [Ask(f"auth/v1/take-overs/{one.take_over_id}/confirm", {"code": one.code}) for one in ready]
        return Contest(asks, frozenset({(409, "take_over_lost")}))

    async def one_code(self, devices: int) -> Contest:
        account = await self.accounts.open()
        await self.accounts.log_in(account)
        ready = await self.accounts.take_over(account)
        ask = Ask(f"auth/v1/take-overs/{ready.take_over_id}/confirm", {"code": ready.code})
        return Contest([ask] * devices, frozenset({(409, "code_refused")}))

    async def submits(self, citizen: Citizen) -> Contest:
        declaration, headers = await self._drafted(citizen)
        asks = [Ask(f"registration/v1/declarations/{declaration}/submit", headers=headers | _once()) for _ in range(2)]
        return Contest(asks, frozenset({(409, "declaration_already_submitted"), (409, "concurrency_conflict")}))

    async def claims(self, citizen: Citizen) -> Contest:
        declaration = await self._submitted(citizen)
        asks = [
            Ask(f"registration/v1/officer/declarations/{declaration}/claim", headers=_officer(office) | _once())
            for office in self.offices
        ]
        return Contest(asks, frozenset({(409, "declaration_claimed_by_another"), (409, "concurrency_conflict")}))

    async def decisions(self, citizen: Citizen) -> Contest:
        """One says yes and no at once, in two windows; both have seen the same version."""
        declaration = await self._submitted(citizen)
        path, headers = f"registration/v1/officer/declarations/{declaration}", _officer(self.offices[0])
        version = await self._must(Ask(f"{path}/claim", headers=headers | _once()))
        reasons = [{"field": "phone", "code": "other", "text": "Xin xem lại số điện thoại."}]
        bodies = ({"decision": "valid"}, {"decision": "rejected", "reasons": reasons})
        asks = [Ask(f"{path}/decision", body, headers | {"If-Match": version} | _once()) for body in bodies]
        return Contest(asks, frozenset({(412, "concurrency_conflict"), (409, "declaration_already_decided")}))

    async def _submitted(self, citizen: Citizen) -> str:
        declaration, headers = await self._drafted(citizen)
        await self._must(Ask(f"registration/v1/declarations/{declaration}/submit", headers=headers | _once()))
        return declaration

    async def _drafted(self, citizen: Citizen) -> tuple[str, dict[str, str]]:
        url = f"{self.gateway_url}/api/registration/v1/declarations"
        async with self.http.post(url, json={"language": "vi"}) as answer:
            started = await answer.json()
        headers = {"Declaration-Token": started["declaration_token"]}
        path = f"{url}/{started['declaration_id']}"
        entries = form(citizen, self.offices[0].officer.agency_code)
        async with self.http.put(path, json=entries, headers=headers) as answer:
            assert answer.ok, await answer.text()
        for kind in _PHOTOS:
            jpeg = {"Content-Type": "image/jpeg", **headers}
            async with self.http.put(f"{path}/photos/{kind}", data=self.picture, headers=jpeg) as answer:
                assert answer.ok, await answer.text()
        return str(started["declaration_id"]), headers

    async def _must(self, ask: Ask) -> str:
        """Ask, and return the version that came of it."""
        url = f"{self.gateway_url}/api/{ask.path}"
        async with self.http.post(url, json=ask.body, headers=ask.headers) as answer:
            assert answer.ok, await answer.text()
            return answer.headers["ETag"]

    async def _ask(self, ask: Ask) -> tuple[int, str] | None:
        url = f"{self.gateway_url}/api/{ask.path}"
        try:
            async with self.http.post(url, json=ask.body, headers=ask.headers) as answer:
                content = await answer.json(content_type=None)
        except _NO_ANSWER:
            return None
        return None if answer.status in _TOO_BUSY else (answer.status, str((content or {}).get("code")))


def _once() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_hex(16)}


def _officer(office: Office) -> dict[str, str]:
    return {"Authorization": f"Bearer {office.token}"}
