"""OTC-11: neither the words nor the time of an answer tells who has an account (OTC-10 says it for each case once).

One case after the other, over and over, so that whatever else the machine does falls on all of them alike.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

import pytest
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest
from ansinh_kit.throttling.rules import Window, Windows
from auth.handlers.log_in_guard import GuessLimits

from tests.auth import recovering
from tests.auth.mann_whitney import p_value
from tests.auth.service import DOSSIER, NUMBER, STAFF_PASSWORD, AuthService

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.sec("OTC-11"), pytest.mark.sec("SEC-42")]

WARM_UP, SAMPLES, MORE_SAMPLES = 10, 300, 1_000
# More than a start takes here by itself, less than the service's own, for the sake of a thousand samples.
ACTIVATION_SECONDS = 0.1
UNKNOWN, NOT_ACTIVATED, LOCKED = "9999999999", "0123456780", "0123456781"
WRONG = "không phải mật khẩu này"
UNLIMITED = Windows((Window(1_000_000, timedelta(days=1)),))
# Whatever differs from one answer to the next one of the very same case.
IDS_AND_DATES = re.compile(
    rb'[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)|(?<="token":")[^"]+|(?<="counter_reference":")[^"]+'
)

Ask = Callable[[], Awaitable[HttpAnswer]]


async def nothing_before() -> None:
    """Prepare nothing."""


@dataclass
class Case:
    """What is asked again and again; `before` is done first each time, and not timed."""

    ask: Ask
    before: Callable[[], Awaitable[None]] = nothing_before
    milliseconds: list[float] = field(default_factory=list)
    seen: set[tuple[object, ...]] = field(default_factory=set)

    async def sample(self, *, counts: bool) -> None:
        await self.before()
        began = time.perf_counter()
        answer = await self.ask()
        taken = (time.perf_counter() - began) * 1000
        headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "x-request-id"))
        self.seen.add((answer.status, headers, IDS_AND_DATES.sub(b"*", answer.body)))
        if counts:
            self.milliseconds.append(taken)


async def sampled(cases: Mapping[str, Case], samples: int) -> None:
    for number in range(WARM_UP + samples):
        for case in cases.values():
            await case.sample(counts=number >= WARM_UP)


def told_apart(cases: Mapping[str, Case]) -> dict[str, str]:
    """Return the cases whose times differ from those of the first, by both measures."""
    first, *others = cases
    base = cases[first].milliseconds
    found = {}
    for name in others:
        times = cases[name].milliseconds
        p, off = p_value(base, times), abs(median(times) / median(base) - 1)
        if p <= 0.01 and off > 0.03:
            found[name] = f"median {median(times):.2f} ms against {median(base):.2f} ms, p = {p:.2g}"
    return found


async def assert_alike(cases: Mapping[str, Case]) -> None:
    """A difference in time counts if it is still there when looked at again with more samples."""
    await sampled(cases, SAMPLES)
    if told_apart(cases):
        for case in cases.values():
            case.milliseconds.clear()
        await sampled(cases, MORE_SAMPLES)
    assert len({answer for case in cases.values() for answer in case.seen}) == 1, {
        name: case.seen for name, case in cases.items()
    }
    assert not told_apart(cases)


@pytest.fixture
async def auth(database: Database) -> AuthService:
    """A service without limits, for they would answer instead of it, and with three people of whom one may log in."""
    unlimited = GuessLimits(per_account_and_address=UNLIMITED, per_address=UNLIMITED)
    service = AuthService(database, guesses=unlimited, activation_seconds=ACTIVATION_SECONDS)
    await service.use_cases.prepare()
    await service.active_account()
    for serial, number in enumerate((NOT_ACTIVATED, LOCKED)):
        identity = f"06618500000{serial + 2}"
        await service.open_account(
            social_insurance_number=number,
            identity_number=identity,
            declaration_id=f"{serial}" * 32,
            person_id="c" * 32,
        )
    locked = await service.account_id(LOCKED)
    await service.use_cases.sessions.lock(locked, "fraud", metadata=Metadata("story"))
    return service


async def test_log_in_does_not_tell_who_has_an_account(auth: AuthService) -> None:
    def with_wrong_password(user_name: str) -> Case:
        return Case(lambda: auth.log_in(user_name=user_name, password=WRONG))

    await assert_alike(
        {
            "wrong password": with_wrong_password(NUMBER),
            "unknown": with_wrong_password(UNKNOWN),
            "not activated": with_wrong_password(NOT_ACTIVATED),
            "locked": with_wrong_password(LOCKED),
        }
    )


async def test_the_start_of_an_activation_does_not_tell_who_has_an_account(auth: AuthService) -> None:
    async def start(number: str) -> HttpAnswer:
        # A day later for everybody: an account gets three codes a day.
        auth.clock.advance(timedelta(hours=25))
        return await auth.start_activation(number, DOSSIER)

    await assert_alike(
        {
            "waiting for it": Case(lambda: start(NOT_ACTIVATED)),
            "unknown": Case(lambda: start(UNKNOWN)),
            "active already": Case(lambda: start(NUMBER)),
        }
    )


async def test_the_start_of_a_recovery_does_not_tell_who_has_an_account(auth: AuthService) -> None:
    proofs: list[str] = []

    async def solve() -> None:
        auth.clock.advance(timedelta(hours=25))
        proofs.append(await recovering.proof(auth))

    def starting(number: str, identity: str = recovering.IDENTITY) -> Case:
        body = {"social_insurance_number": number, "identity_number": identity}

        async def start() -> HttpAnswer:
            headers = {"Human-Proof": proofs.pop(), "X-Forwarded-For": "203.0.113.1"}
            return await auth.client.request(
                "POST", "/v1/recoveries", caller=a_guest(), json_body=body, headers=headers
            )

        return Case(start, solve)

    await assert_alike(
        {
            "somebody": starting(NUMBER),
            "unknown": starting(UNKNOWN),
            "another paper": starting(NUMBER, "066185999999"),
            "locked": starting(LOCKED, "066185000003"),
        }
    )


async def test_the_log_in_of_staff_does_not_tell_who_is_one(auth: AuthService) -> None:
    await auth.use_cases.staff.enrol(
        user_name="hanh.le", role="officer", agency_code="06601", password=STAFF_PASSWORD, reason="thử"
    )

    def with_wrong_code(user_name: str, password: str) -> Case:
        body = {"user_name": user_name, "password": password, "totp": "000000"}
        return Case(lambda: auth.post("/v1/staff/sessions", body))

    await assert_alike(
        {"wrong password": with_wrong_code("hanh.le", WRONG), "unknown": with_wrong_code("ai.do", WRONG)}
    )
