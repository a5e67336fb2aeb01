"""In a session bound to a device, what matters changes with that device's signature only (SES-10)."""

from datetime import timedelta

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.auth.bound_devices import AtDevice, at_bound_device, at_device, code_of
from tests.auth.builders import PASSWORD
from tests.auth.device_keys import DeviceKey
from tests.auth.service import AuthService


async def short_password(here: AtDevice, *, signed: bool = True) -> HttpAnswer:
    new = "ba vì mùa hè"
    body = {"old_password": PASSWORD, "new_password": new, "new_password_again": new}
    return await here.ask("POST", "/v1/password-changes", body, signed=signed)


@pytest.mark.sec("LIM-01")
async def test_twelve_characters_may_be_chosen_at_a_bound_device_and_nowhere_else(auth: AuthService) -> None:
    here = await at_device(auth)
    assert "too_short" in (await short_password(here)).body.decode()
    await here.bind()
    started = await short_password(here)
    path = f"/v1/password-changes/{started.json()['password_change_id']}/confirm"
    answer = await here.ask("POST", path, {"code": await auth.code_sent()})
    assert answer.status == 201, answer.body
    assert (await auth.log_in(password="ba vì mùa hè", key=here.key)).status == 201
    auth.clock.advance(timedelta(hours=25))
    assert code_of(await auth.log_in(password="ba vì mùa hè")) == (409, "code_needed")


@pytest.mark.sec("SES-10")
async def test_in_a_bound_session_the_password_changes_with_a_proof_only(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    assert code_of(await short_password(here, signed=False)) == (403, "device_key_needed")
    started = await short_password(here)
    path = f"/v1/password-changes/{started.json()['password_change_id']}/confirm"
    code = await auth.code_sent()
    assert code_of(await here.ask("POST", path, {"code": code}, signed=False)) == (403, "device_key_needed")
    assert (await here.ask("POST", path, {"code": code})).status == 201


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/contact-changes", {"slot": "phone", "value": "0987654321", "password": PASSWORD}),
        (f"/v1/contact-changes/{'c' * 32}/confirm", {"new_code": "123456", "present_code": "123456"}),
        ("/v1/me/saved-codes", {"password": PASSWORD}),
    ],
)
async def test_in_a_bound_session_nothing_that_matters_changes_without_a_proof(
    auth: AuthService, path: str, body: dict[str, str]
) -> None:
    here = await at_bound_device(auth)
    assert code_of(await here.ask("POST", path, body, signed=False)) == (403, "device_key_needed")
    assert code_of(await here.ask("POST", path, body, key=DeviceKey())) == (403, "device_key_needed")
    assert (await here.ask("POST", path, body)).status != 403


@pytest.mark.sec("LIM-14")
async def test_strangers_guesses_do_not_keep_the_holder_from_using_the_password_at_the_own_device(
    auth: AuthService,
) -> None:
    here = await at_bound_device(auth)
    for guess in range(100):
        await auth.log_in(password="một mật khẩu khác hẳn", address=f"198.51.100.{guess}")
    change = {"slot": "second_phone", "value": "0987654321", "password": PASSWORD}
    assert (await here.ask("POST", "/v1/contact-changes", change)).status == 202
    assert (await here.ask("POST", "/v1/me/saved-codes", {"password": PASSWORD})).status == 201
