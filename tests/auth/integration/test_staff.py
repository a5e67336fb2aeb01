from datetime import timedelta

import pytest
from ansinh_kit.errors import InvalidFieldsError
from ansinh_kit.testing.asgi_client import HttpAnswer
from auth.domain.staff_roster.errors import AlreadyMemberError
from auth.storage.access_documents import AccessDocuments
from pyotp.totp import TOTP

from tests.auth.service import STAFF_PASSWORD, AuthService

STEP = timedelta(seconds=30)


async def enrolled(auth: AuthService, *, user_name: str = "hanh.le", password: str = STAFF_PASSWORD) -> str:
    enrolment = await auth.use_cases.staff.enrol(
        user_name=user_name, role="officer", agency_code="06601", password=password, reason="người đầu tiên"
    )
    assert "otpauth://totp/" in enrolment.totp_uri
    return enrolment.totp_secret


def seen(answer: HttpAnswer) -> tuple[object, ...]:
    return answer.status, dict(answer.headers), answer.body


async def test_an_officer_logs_in_with_password_and_time_code(auth: AuthService) -> None:
    secret = await enrolled(auth)
    answer = await auth.staff_log_in(secret)
    assert answer.status == 201, answer.body
    assert (answer.json()["roles"], answer.json()["agency_code"]) == (["officer"], "06601")
    verdict = await auth.verdict(answer.json()["token"])
    assert (verdict["kind"], verdict["roles"], verdict["agency_code"]) == ("staff", ["officer"], "06601")


@pytest.mark.sec("OTC-10")
@pytest.mark.sec("LIM-17")
async def test_wrong_code_wrong_password_and_unknown_name_are_answered_alike(auth: AuthService) -> None:
    secret = await enrolled(auth)
    unknown = await auth.post(
        "/v1/staff/sessions", {"user_name": "nobody", "password": STAFF_PASSWORD, "totp": "123456"}
    )
    right = TOTP(secret).at(auth.clock.now())
    wrong_code = await auth.staff_log_in(secret, code=f"{(int(right) + 1) % 1_000_000:06d}")
    wrong_password = await auth.staff_log_in(secret, password="một mật khẩu khác hẳn")
    assert unknown.status == 401
    assert seen(unknown) == seen(wrong_code) == seen(wrong_password)


async def test_a_time_code_counts_once(auth: AuthService) -> None:
    secret = await enrolled(auth)
    code = TOTP(secret).at(auth.clock.now())
    assert (await auth.staff_log_in(secret, code=code)).status == 201
    assert (await auth.staff_log_in(secret, code=code)).status == 401
    auth.clock.advance(STEP)
    assert (await auth.staff_log_in(secret)).status == 201


async def test_an_older_code_does_not_count_after_a_newer_one(auth: AuthService) -> None:
    secret = await enrolled(auth)
    older = TOTP(secret).at(auth.clock.now())
    auth.clock.advance(STEP)
    assert (await auth.staff_log_in(secret)).status == 201
    assert (await auth.staff_log_in(secret, code=older)).status == 401


async def test_wrong_time_codes_are_counted_like_wrong_passwords(auth: AuthService) -> None:
    secret = await enrolled(auth)
    right = int(TOTP(secret).at(auth.clock.now()))
    for step in range(1, 6):
        await auth.staff_log_in(secret, code=f"{(right + step) % 1_000_000:06d}")
    assert (await auth.staff_log_in(secret)).status == 429


@pytest.mark.sec("LIM-17")
@pytest.mark.parametrize(("quiet_seconds", "state"), [(15 * 60 - 1, "valid"), (15 * 60, "expired")])
async def test_a_staff_session_ends_after_fifteen_quiet_minutes(
    auth: AuthService, quiet_seconds: int, state: str
) -> None:
    token = (await auth.staff_log_in(await enrolled(auth))).json()["token"]
    auth.clock.advance(timedelta(seconds=quiet_seconds))
    assert (await auth.verdict(token))["state"] == state


@pytest.mark.sec("LIM-17")
async def test_a_busy_staff_session_ends_after_twelve_hours(auth: AuthService) -> None:
    token = (await auth.staff_log_in(await enrolled(auth))).json()["token"]
    for _ in range(60):
        assert (await auth.verdict(token))["state"] == "valid"
        auth.clock.advance(timedelta(minutes=12))
    assert (await auth.verdict(token))["state"] == "expired"


async def test_a_second_log_in_ends_the_first(auth: AuthService) -> None:
    secret = await enrolled(auth)
    first = (await auth.staff_log_in(secret)).json()["token"]
    auth.clock.advance(STEP)
    second = (await auth.staff_log_in(secret)).json()["token"]
    assert (await auth.verdict(first))["state"] == "replaced"
    assert (await auth.verdict(second))["state"] == "valid"


@pytest.mark.sec("SEC-40")
async def test_the_citizens_log_in_lets_no_staff_in(auth: AuthService) -> None:
    await enrolled(auth)
    assert (await auth.log_in(user_name="0000000000", password=STAFF_PASSWORD)).status == 401


@pytest.mark.sec("SEC-39")
async def test_there_is_no_account_before_the_first_enrolment(auth: AuthService) -> None:
    for name in ("admin", "root", "officer"):
        body = {"user_name": name, "password": "admin", "totp": "000000"}
        assert (await auth.post("/v1/staff/sessions", body)).status == 401


async def test_a_user_name_is_enrolled_once_whatever_its_case(auth: AuthService) -> None:
    await enrolled(auth)
    with pytest.raises(AlreadyMemberError):
        await enrolled(auth, user_name="Hanh.Le")


async def test_an_enrolment_killed_half_way_is_finished_by_the_next(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_args: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(AccessDocuments, "create", killed)
        with pytest.raises(RuntimeError, match="killed"):
            await enrolled(auth)
    assert (await auth.staff_log_in(await enrolled(auth))).status == 201
    assert await auth.event_types() == ["member_enrolled", "rights_set", "session_opened"]


@pytest.mark.sec("LIM-01")
async def test_a_weak_password_enrols_nobody(auth: AuthService) -> None:
    with pytest.raises(InvalidFieldsError):
        await enrolled(auth, password="hanh.le2026")
    assert await auth.event_types() == []
