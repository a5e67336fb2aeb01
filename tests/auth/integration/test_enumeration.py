"""OTC-11: neither the words nor the time of an answer tells who has an account (OTC-10 says it for each case once).

One case after the other, over and over, so that whatever else the machine does falls on all of them alike.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest
from ansinh_kit.throttling.rules import Window, Windows
from auth.handlers.log_in_guard import GuessLimits

from tests.auth import recovering
from tests.auth.e_id import LOG_INS, EveryonesEId
from tests.auth.sampling import Case, assert_alike
from tests.auth.service import DOSSIER, NUMBER, STAFF_PASSWORD, TABLET, AuthService

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.sec("OTC-11"), pytest.mark.sec("SEC-42")]

# More than a start takes here by itself, less than the service's own, for the sake of a thousand samples.
ACTIVATION_SECONDS = 0.1
UNKNOWN, NOT_ACTIVATED, LOCKED = "9999999999", "0123456780", "0123456781"
IDENTITY_OF = {NOT_ACTIVATED: "066185000002", LOCKED: "066185000003"}
WRONG = "không phải mật khẩu này"
UNLIMITED = Windows((Window(1_000_000, timedelta(days=1)),))


@pytest.fixture
def provider() -> EveryonesEId:
    return EveryonesEId()


@pytest.fixture
async def auth(database: Database, provider: EveryonesEId) -> AsyncIterator[AuthService]:
    """A service without limits, for they would answer instead of it, and with three people of whom one may log in."""
    unlimited = GuessLimits(per_account_and_address=UNLIMITED, per_address=UNLIMITED)
    service = AuthService(
        database,
        clock=provider.clock,
        guesses=unlimited,
        activation_seconds=ACTIVATION_SECONDS,
        identity_provider=provider,
    )
    await service.use_cases.prepare()
    await service.active_account()
    for serial, (number, identity) in enumerate(IDENTITY_OF.items()):
        await service.open_account(
            social_insurance_number=number,
            identity_number=identity,
            declaration_id=f"{serial}" * 32,
            person_id="c" * 32,
        )
    locked = await service.account_id(LOCKED)
    await service.use_cases.sessions.lock(locked, "fraud", metadata=Metadata("story"))
    yield service
    service.pool.close()


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


async def test_the_log_in_by_e_id_does_not_tell_who_has_an_account(auth: AuthService, provider: EveryonesEId) -> None:
    """Also to one who has shown an e-ID of that number: what is said of an account is said after it was entered."""
    rounds: list[dict[str, Any]] = []

    async def begin() -> None:
        auth.clock.advance(timedelta(minutes=5))
        rounds.append((await auth.post(LOG_INS)).json())

    def showing(citizen_number: str) -> Case:
        async def confirm() -> HttpAnswer:
            begun = rounds.pop()
            body = provider.returned(begun, citizen_number) | {"device": TABLET}
            return await auth.post(f"{LOG_INS}/{begun['id']}/confirm", body)

        return Case(confirm, begin)

    await assert_alike(
        {
            "unknown": showing("066185999999"),
            "not activated": showing(IDENTITY_OF[NOT_ACTIVATED]),
            "locked": showing(IDENTITY_OF[LOCKED]),
        }
    )
