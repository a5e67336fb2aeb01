import asyncio
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import an_officer

from tests.auth.authenticator import Authenticator, Ways, b64
from tests.auth.bound_devices import AtDevice, at_bound_device, at_device, code_of, entered
from tests.auth.devices import state
from tests.auth.integration.test_kills import killable, swept
from tests.auth.integration.test_staff import enrolled
from tests.auth.service import PHONE_DEVICE, STAFF_PASSWORD, TABLET, AuthService, citizen_of

REGISTRATIONS, LOG_INS = "/v1/passkey-registrations", "/v1/passkey-log-ins"


async def with_passkey(here: AtDevice, authenticator: Authenticator, ways: Ways | None = None) -> HttpAnswer:
    """Add the authenticator's passkey at a bound device."""
    asked = await here.ask("POST", REGISTRATIONS)
    assert asked.status == 201, asked.body
    return await finish(here, asked.json(), authenticator.create(asked.json()["options"], ways))


async def finish(here: AtDevice, asked: dict[str, Any], credential: dict[str, Any]) -> HttpAnswer:
    body = {"name": "Vân tay của Hoa", "credential": credential}
    return await here.ask("POST", f"{REGISTRATIONS}/{asked['challenge_id']}/confirm", body)


async def ask(auth: AuthService) -> dict[str, Any]:
    return dict((await auth.post(LOG_INS)).json())


async def answer(auth: AuthService, asked: dict[str, Any], credential: dict[str, Any], **more: object) -> HttpAnswer:
    body = {"credential": credential, "device": TABLET, **more}
    return await auth.post(f"{LOG_INS}/{asked['challenge_id']}/confirm", body)


async def log_in(
    auth: AuthService, authenticator: Authenticator, ways: Ways | None = None, **more: object
) -> HttpAnswer:
    asked = await ask(auth)
    return await answer(auth, asked, authenticator.get(asked["options"], ways), **more)


async def nobody_is_in(auth: AuthService) -> Authenticator:
    """Return the passkey of an account that nobody is logged in to."""
    here, authenticator = await at_bound_device(auth), Authenticator()
    assert (await with_passkey(here, authenticator)).status == 201
    await auth.client.request("DELETE", "/v1/sessions/current", caller=here.caller)
    return authenticator


@pytest.mark.req("U-10")
async def test_a_passkey_lets_in_without_password_and_without_code(auth: AuthService) -> None:
    authenticator = await nobody_is_in(auth)
    sent = len(auth.secrets.published)
    opened = await log_in(auth, authenticator)
    assert opened.status == 201, opened.body
    assert await state(auth, opened.json()["token"]) == "valid"
    await auth.send_secrets()
    assert len(auth.secrets.published) == sent
    session = await auth.client.request("GET", "/v1/sessions/current", caller=citizen_of(opened))
    assert session.json()["entered_by"] == "passkey"


@pytest.mark.req("U-10")
@pytest.mark.sec("SEC-41")
async def test_the_holder_is_told_of_a_new_passkey_and_sees_it_by_its_name(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    passkey_id = (await with_passkey(here, Authenticator())).json()["passkey_id"]
    event = (await auth.events())[-1].event
    assert (event.event_type, event.model_dump()["phone"]) == ("passkey_added", "+84912345678")
    shown = (await here.ask("GET", "/v1/me/passkeys")).json()["passkeys"]
    assert [(one["passkey_id"], one["name"]) for one in shown] == [(passkey_id, "Vân tay của Hoa")]
    assert "Vân tay" not in await auth.everything_stored()
    assert (await here.ask("DELETE", f"/v1/me/passkeys/{passkey_id}")).status == 204
    assert (await auth.event_types())[-1] == "passkey_removed"
    assert (await here.ask("DELETE", f"/v1/me/passkeys/{passkey_id}")).status == 404


async def test_a_removed_passkey_lets_nobody_in(auth: AuthService) -> None:
    here, authenticator = await at_bound_device(auth), Authenticator()
    passkey_id = (await with_passkey(here, authenticator)).json()["passkey_id"]
    await here.ask("DELETE", f"/v1/me/passkeys/{passkey_id}")
    assert code_of(await log_in(auth, authenticator, replaces_session=True)) == (401, "passkey_refused")


@pytest.mark.sec("SEC-59")
async def test_a_session_s_token_alone_adds_no_passkey(auth: AuthService) -> None:
    plain = await at_device(auth)
    assert code_of(await plain.ask("POST", REGISTRATIONS, signed=False)) == (403, "stronger_log_in_needed")
    await plain.bind()
    assert code_of(await plain.ask("POST", REGISTRATIONS, signed=False)) == (403, "device_key_needed")
    guest = await auth.post(REGISTRATIONS)
    assert guest.status == 401


@pytest.mark.sec("SEC-59")
async def test_who_came_in_with_a_passkey_may_change_passkeys_for_a_quarter_of_an_hour(auth: AuthService) -> None:
    authenticator = await nobody_is_in(auth)
    here = entered(auth, await log_in(auth, authenticator))
    assert (await here.ask("POST", REGISTRATIONS, signed=False)).status == 201
    auth.clock.advance(timedelta(minutes=15))
    assert code_of(await here.ask("POST", REGISTRATIONS, signed=False)) == (403, "stronger_log_in_needed")


@pytest.mark.sec("SEC-48")
async def test_a_challenge_is_answered_once_right_or_wrong(auth: AuthService) -> None:
    authenticator = await nobody_is_in(auth)
    asked = await ask(auth)
    right = authenticator.get(asked["options"])
    assert (await answer(auth, asked, right)).status == 201
    assert code_of(await answer(auth, asked, right, replaces_session=True)) == (401, "passkey_refused")
    asked = await ask(auth)
    assert (await answer(auth, asked, authenticator.get(asked["options"], Ways(verified=False)))).status == 401
    assert (await answer(auth, asked, authenticator.get(asked["options"]), replaces_session=True)).status == 401


@pytest.mark.sec("SEC-48")
@pytest.mark.sec("F-35")
async def test_of_many_answers_at_once_one_counts(auth: AuthService) -> None:
    authenticator = await nobody_is_in(auth)
    asked = await ask(auth)
    right = authenticator.get(asked["options"])
    answers = await asyncio.gather(*(answer(auth, asked, right, replaces_session=True) for _ in range(10)))
    assert sorted(one.status for one in answers) == [201] + [401] * 9


@pytest.mark.sec("SEC-48")
async def test_a_challenge_dies_after_five_minutes_and_serves_its_own_purpose_only(auth: AuthService) -> None:
    authenticator = await nobody_is_in(auth)
    asked = await ask(auth)
    auth.clock.advance(timedelta(minutes=5))
    assert (await answer(auth, asked, authenticator.get(asked["options"]))).status == 401
    staff = (await auth.post("/v1/staff/passkey-challenges")).json()
    assert (await answer(auth, staff, authenticator.get(staff["options"]))).status == 401


@pytest.mark.req("U-10")
@pytest.mark.parametrize(
    "ways",
    [
        Ways(origin="https://evil.example"),
        Ways(domain="evil.example"),
        Ways(verified=False),
        Ways(challenge=b64(b"x" * 32)),
    ],
    ids=str,
)
async def test_an_answer_made_elsewhere_or_by_nobody_verified_lets_nobody_in(auth: AuthService, ways: Ways) -> None:
    authenticator = await nobody_is_in(auth)
    assert code_of(await log_in(auth, authenticator, ways)) == (401, "passkey_refused")
    assert (await log_in(auth, authenticator)).status == 201


@pytest.mark.sec("API-01")
async def test_a_passkey_opens_its_own_account_whatever_account_it_names(auth: AuthService) -> None:
    authenticator = await nobody_is_in(auth)
    staff = await staff_session(auth, await enrolled(auth))
    for other in ("f" * 32, str(staff.caller.account_id)):
        asked = await ask(auth)
        named = authenticator.get(asked["options"], user_handle=b64(other.encode()))
        assert code_of(await answer(auth, asked, named)) == (401, "passkey_refused")
    unknown = Authenticator(user_handle=authenticator.user_handle)
    assert code_of(await log_in(auth, unknown)) == (401, "passkey_refused")


@pytest.mark.req("U-10")
async def test_a_copied_passkey_is_noticed_by_its_counter(auth: AuthService) -> None:
    authenticator = await nobody_is_in(auth)
    copy = Authenticator(authenticator.key, authenticator.credential_id, authenticator.user_handle)
    for _ in range(3):
        assert (await log_in(auth, authenticator, replaces_session=True)).status == 201
    assert code_of(await log_in(auth, copy, replaces_session=True)) == (401, "passkey_refused")


@pytest.mark.req("S-49")
@pytest.mark.sec("SES-11")
async def test_another_device_is_put_out_only_after_a_warning(auth: AuthService) -> None:
    here, authenticator = await at_bound_device(auth), Authenticator()
    await with_passkey(here, authenticator)
    warned = await log_in(auth, authenticator)
    assert code_of(warned) == (409, "session_exists")
    assert await state(auth, here.token) == "valid"
    assert (await log_in(auth, authenticator, replaces_session=True)).status == 201
    assert (await auth.verdict(here.token))["state"] == "replaced"


@pytest.mark.sec("F-09")
@pytest.mark.sec("SES-03")
@pytest.mark.parametrize("where", ["before", "after"])
async def test_a_registration_killed_around_its_event_is_recorded_once(auth: AuthService, where: str) -> None:
    here, authenticator = await at_bound_device(auth), Authenticator()
    asked = (await here.ask("POST", REGISTRATIONS)).json()
    setattr(killable(auth), where, 1)
    assert (await finish(here, asked, authenticator.create(asked["options"]))).status == 500
    assert (await swept(auth)).count("passkey_added") == 1
    assert (await log_in(auth, authenticator, replaces_session=True)).status == 201


# Staff


async def staff_session(auth: AuthService, secret: str) -> AtDevice:
    opened = await auth.staff_log_in(secret)
    assert opened.status == 201, opened.body
    caller: Caller = an_officer(account_id=opened.json()["account_id"])
    return AtDevice(auth, opened.json()["token"], caller.model_copy(update={"epoch": opened.json()["epoch"]}))


async def staff_passkey(auth: AuthService, secret: str) -> Authenticator:
    here, authenticator = await staff_session(auth, secret), Authenticator()
    asked = (await here.ask("POST", REGISTRATIONS, signed=False)).json()
    body = {"name": "Khóa", "credential": authenticator.create(asked["options"])}
    path = f"{REGISTRATIONS}/{asked['challenge_id']}/confirm"
    assert (await here.ask("POST", path, body, signed=False)).status == 201
    return authenticator


async def staff_log_in(auth: AuthService, authenticator: Authenticator, password: str = STAFF_PASSWORD) -> HttpAnswer:
    asked = (await auth.post("/v1/staff/passkey-challenges")).json()
    passkey = {"challenge_id": asked["challenge_id"], "credential": authenticator.get(asked["options"])}
    return await auth.post("/v1/staff/sessions", {"user_name": "hanh.le", "password": password, "passkey": passkey})


@pytest.mark.sec("LIM-17")
async def test_staff_log_in_with_password_and_passkey(auth: AuthService) -> None:
    authenticator = await staff_passkey(auth, await enrolled(auth))
    opened = await staff_log_in(auth, authenticator)
    assert (opened.status, opened.json()["roles"]) == (201, ["officer"])


@pytest.mark.sec("LIM-17")
async def test_a_staff_passkey_is_nothing_without_the_password_and_opens_no_citizens_session(
    auth: AuthService,
) -> None:
    authenticator = await staff_passkey(auth, await enrolled(auth))
    assert code_of(await staff_log_in(auth, authenticator, "một mật khẩu khác hẳn")) == (401, "log_in_refused")
    assert code_of(await log_in(auth, authenticator)) == (401, "passkey_refused")
    body = {"user_name": "hanh.le", "password": STAFF_PASSWORD}
    assert (await auth.post("/v1/staff/sessions", body)).status == 422


@pytest.mark.sec("LIM-17")
async def test_a_citizens_passkey_is_no_second_factor_of_staff(auth: AuthService) -> None:
    await enrolled(auth)
    authenticator = await nobody_is_in(auth)
    assert code_of(await staff_log_in(auth, authenticator)) == (401, "log_in_refused")


@pytest.mark.sec("LIM-13")
async def test_wrong_passkeys_are_counted_like_wrong_passwords(auth: AuthService) -> None:
    authenticator = await staff_passkey(auth, await enrolled(auth))
    stranger = Authenticator(user_handle=authenticator.user_handle)
    for _ in range(5):
        assert (await staff_log_in(auth, stranger)).status == 401
    assert (await staff_log_in(auth, authenticator)).status == 429


async def test_the_device_s_name_is_kept_as_for_any_log_in(auth: AuthService) -> None:
    opened = await log_in(auth, await nobody_is_in(auth), device=PHONE_DEVICE)
    session = await auth.client.request("GET", "/v1/sessions/current", caller=citizen_of(opened))
    assert session.json()["device_name"] == "Điện thoại của Hoa"
