"""A code goes to the phone on file, or to another confirmed one if the holder says so (U-03)."""

from datetime import timedelta

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.auth.bound_devices import BINDINGS, AtDevice, at_device
from tests.auth.builders import PASSWORD
from tests.auth.contacts import NEW_PHONE, NEW_PHONE_STORED, Changing
from tests.auth.service import PHONE, TABLET, AuthService

NEW_PASSWORD = "mưa rào tháng bảy trên sông"
CHANGE = {"old_password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
SECOND = "second_phone"


async def with_second_phone(auth: AuthService) -> Changing:
    """Let the holder confirm a second phone, and log in again."""
    changing = await Changing.begin(auth)
    await changing.changed(NEW_PHONE, NEW_PHONE_STORED, PHONE, slot="second_phone")
    await changing.log_in()
    return changing


async def ask(auth: AuthService, take_over_id: str, via: str | None = None) -> HttpAnswer:
    return await auth.post(f"/v1/take-overs/{take_over_id}/code" + ("" if via is None else f"?via={via}"))


@pytest.mark.req("U-03")
async def test_the_second_device_is_told_of_the_choice_and_goes_on_with_the_other_phone(auth: AuthService) -> None:
    changing = await with_second_phone(auth)
    warned = (await auth.log_in(device=TABLET)).json()
    assert (warned["masked_phone"], warned["masked_second_phone"]) == ("••• ••• 678", "••• ••• 321")
    answer = await ask(auth, warned["take_over_id"], SECOND)
    assert (answer.status, answer.json()["masked_phone"]) == (202, "••• ••• 321")
    code = await changing.code_to(NEW_PHONE_STORED)
    assert (await auth.confirm(warned["take_over_id"], code)).status == 201


@pytest.mark.req("U-03")
@pytest.mark.sec("LIM-07")
@pytest.mark.sec("LIM-09")
async def test_choosing_another_phone_kills_the_code_before_and_brings_neither_tries_nor_time(
    auth: AuthService,
) -> None:
    changing = await with_second_phone(auth)
    take_over_id = await auth.second_device()
    first = await auth.ask_for_code(take_over_id)
    assert (await ask(auth, take_over_id, SECOND)).status == 429, "as soon after a code as for the same phone"
    auth.clock.advance(timedelta(seconds=30))
    for _ in range(4):
        await auth.confirm(take_over_id, "000000" if first != "000000" else "111111")
    assert (await ask(auth, take_over_id, SECOND)).status == 202
    code = await changing.code_to(NEW_PHONE_STORED)
    assert (await auth.confirm(take_over_id, first)).status == 409, "the fifth try"
    assert (await auth.confirm(take_over_id, code)).status == 409, "and there is no sixth"


@pytest.mark.req("U-03")
@pytest.mark.sec("OTC-08")
@pytest.mark.parametrize("via", ["second_phone", "email"])
async def test_what_is_no_confirmed_phone_cannot_be_chosen(auth: AuthService, via: str) -> None:
    changing = await Changing.begin(auth, email="hoa@example.vn")
    sent = len(auth.secrets.published)
    take_over_id = await auth.second_device()
    answers = [
        await ask(auth, take_over_id, via),
        await auth.post("/v1/password-changes", {**CHANGE, "via": via}, caller=changing.caller),
    ]
    assert [(answer.status, answer.json()["errors"][0]["field"]) for answer in answers] == [(422, "via")] * 2
    await auth.send_secrets()
    assert len(auth.secrets.published) == sent


@pytest.mark.req("U-03")
async def test_the_password_changes_by_the_other_phone_which_the_next_code_goes_to_as_well(auth: AuthService) -> None:
    changing = await with_second_phone(auth)
    started = (await auth.post("/v1/password-changes", {**CHANGE, "via": SECOND}, caller=changing.caller)).json()
    path = f"/v1/password-changes/{started['password_change_id']}"
    auth.clock.advance(timedelta(seconds=30))
    again = await auth.post(f"{path}/code", caller=changing.caller)
    assert (again.status, again.json()["masked_phone"]) == (202, "••• ••• 321")
    code = await changing.code_to(NEW_PHONE_STORED)
    assert (await auth.post(f"{path}/confirm", {"code": code}, caller=changing.caller)).status == 201


@pytest.mark.sec("OTC-03")
async def test_a_second_phone_that_was_replaced_meanwhile_gets_no_code(auth: AuthService) -> None:
    changing = await with_second_phone(auth)
    auth.clock.advance(timedelta(minutes=15))
    take_over_id = await auth.second_device()
    assert (await ask(auth, take_over_id, SECOND)).status == 202
    await changing.changed("0911111111", "+84911111111", NEW_PHONE_STORED, slot="second_phone")
    auth.clock.advance(timedelta(seconds=30))
    assert (await ask(auth, take_over_id)).status == 404
    assert (await ask(auth, take_over_id, SECOND)).status == 404


@pytest.mark.req("U-03")
@pytest.mark.sec("SES-10")
async def test_the_code_that_binds_a_device_goes_to_the_other_phone_if_asked_for_at_the_start_or_later(
    auth: AuthService,
) -> None:
    changing = await with_second_phone(auth)
    here = AtDevice(auth, changing.token, changing.caller)
    auth.clock.advance(timedelta(minutes=15))  # the codes of the change no longer count against the budget
    started = await here.ask("POST", BINDINGS, {"device": TABLET, "via": SECOND})
    assert (started.status, started.json()["masked_phone"]) == (202, "••• ••• 321"), started.body
    first, binding_id = await changing.code_to(NEW_PHONE_STORED), started.json()["binding_id"]
    auth.clock.advance(timedelta(seconds=30))
    again = await here.ask("POST", f"{BINDINGS}/{binding_id}/code", signed=False)
    assert (again.status, again.json()["masked_phone"]) == (202, "••• ••• 321"), "where the one before went"
    auth.clock.advance(timedelta(seconds=60))
    path = f"{BINDINGS}/{binding_id}/code"
    headers = {"X-Forwarded-For": "203.0.113.1"}
    back = await auth.client.request("POST", f"{path}?via=phone", caller=here.caller, headers=headers)
    assert (back.status, back.json()["masked_phone"]) == (202, "••• ••• 678"), back.body
    newest = await changing.code_to(PHONE)
    if first != newest:
        assert (await here.confirm_binding(binding_id, first)).json()["code"] == "code_refused"
    assert (await here.confirm_binding(binding_id, newest)).status == 201


@pytest.mark.req("U-03")
@pytest.mark.sec("OTC-08")
async def test_a_device_is_bound_over_no_phone_that_was_not_confirmed(auth: AuthService) -> None:
    here = await at_device(auth)
    refused = await here.ask("POST", BINDINGS, {"device": TABLET, "via": SECOND})
    assert (refused.status, "proves_nothing" in refused.body.decode()) == (422, True)
