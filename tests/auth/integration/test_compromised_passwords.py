"""An officer marks a password that others may know: it opens nothing, and whoever knows it replaces it with a code."""

from datetime import timedelta

import pytest
from ansinh_contracts.auth import PasswordChangedV1, PasswordMarkedCompromisedV1
from ansinh_kit.testing.asgi_client import HttpAnswer
from auth.domain.access_events import PasswordMarkedCompromised
from auth.messaging.publishing import to_contract

from tests.auth.bound_devices import at_bound_device
from tests.auth.builders import PASSWORD
from tests.auth.contacts import NEW_PHONE, NEW_PHONE_STORED, Changing
from tests.auth.recovering import NEW_PASSWORD, OFFICER, PAPERS, begin, complete, saved_codes
from tests.auth.service import PHONE, TABLET, AuthService, at_once

pytestmark = pytest.mark.sec("OTC-13")

UNKNOWN = "9999999999"


async def mark(auth: AuthService, reason: str = "found_in_leak") -> HttpAnswer:
    body = {**PAPERS, "reason": reason}
    return await auth.post("/v1/staff/accounts/password-compromise", body, caller=OFFICER)


async def marked_account(auth: AuthService) -> None:
    await auth.active_account()
    auth.clock.advance(timedelta(minutes=15))  # the code of the activation no longer counts against the budget
    assert (await mark(auth)).status == 200


async def led_to_change(auth: AuthService) -> str:
    """Log in with the right password; return the id of the change it leads to."""
    answer = await auth.log_in()
    assert (answer.status, answer.json()["code"]) == (409, "password_compromised"), answer.body
    return str(answer.json()["forced_change_id"])


async def code_for(auth: AuthService, change_id: str, query: str = "") -> str:
    answer = await auth.post(f"/v1/forced-password-changes/{change_id}/code{query}")
    assert answer.status == 202, answer.body
    return await auth.code_sent()


async def replace(
    auth: AuthService, change_id: str, code: str, new: str = NEW_PASSWORD, again: str | None = None
) -> HttpAnswer:
    body = {"code": code, "new_password": new, "new_password_again": new if again is None else again}
    return await auth.post(f"/v1/forced-password-changes/{change_id}/confirm", body)


async def outcomes(auth: AuthService, *passwords: str) -> list[str]:
    """Return what comes of a log-in with each of the passwords."""
    answers = [await auth.log_in(password=password, device=TABLET) for password in passwords]
    return [answer.json().get("code", "in") for answer in answers]


@pytest.mark.sec("SES-12")
async def test_whoever_is_in_is_out_at_once_and_the_right_password_opens_no_session(auth: AuthService) -> None:
    await auth.active_account()
    token = (await auth.log_in()).json()["token"]
    assert (await mark(auth)).status == 200
    assert (await auth.verdict(token))["state"] == "expired"
    assert await outcomes(auth, PASSWORD) == ["password_compromised"]
    assert (await auth.event_types()).count("session_opened") == 1


async def test_a_code_and_a_new_password_lift_the_mark(auth: AuthService) -> None:
    await marked_account(auth)
    change_id = await led_to_change(auth)
    code = await code_for(auth, change_id)
    message = auth.secrets.messages()[-1]
    assert (message.purpose, message.channel, message.target) == ("forced_password_change", "sms", PHONE)
    assert (await replace(auth, change_id, code)).status == 204
    assert await outcomes(auth, PASSWORD, NEW_PASSWORD) == ["log_in_refused", "in"]
    told = to_contract([each for each in await auth.events() if each.event.event_type == "password_changed"][-1])
    assert isinstance(told, PasswordChangedV1)
    assert told.contact is not None


@pytest.mark.sec("OTC-10")
@pytest.mark.sec("SEC-42")
async def test_only_the_right_password_learns_of_the_mark(auth: AuthService) -> None:
    await marked_account(auth)
    wrong, unknown = await auth.log_in(password=NEW_PASSWORD), await auth.log_in(user_name=UNKNOWN)
    without_id = [{**answer.json(), "request_id": None} for answer in (wrong, unknown)]
    assert (wrong.status, without_id[0]) == (unknown.status, without_id[1])
    assert wrong.json()["code"] == "log_in_refused"


@pytest.mark.sec("SEC-41")
async def test_the_mark_is_recorded_with_officer_agency_and_reason_and_told_to_the_holder(auth: AuthService) -> None:
    await marked_account(auth)
    recorded = (await auth.events())[-1]
    event = recorded.event
    assert isinstance(event, PasswordMarkedCompromised)
    assert (event.staff_id, event.agency_code, event.reason) == ("s" * 32, "06601", "found_in_leak")
    told = to_contract(recorded)
    assert isinstance(told, PasswordMarkedCompromisedV1)
    assert told.contact is not None
    assert (told.reason, told.contact.phone) == ("found_in_leak", PHONE)


async def test_marking_twice_is_once_and_an_account_without_a_password_is_refused(auth: AuthService) -> None:
    await auth.open_account()
    refused = await mark(auth)
    assert (refused.status, refused.json()["code"]) == (409, "no_password")
    await auth.activate()
    assert [(await mark(auth)).status, (await mark(auth, "other")).status] == [200, 200]
    assert (await auth.event_types()).count("password_marked_compromised") == 1


@pytest.mark.sec("LIM-01")
@pytest.mark.parametrize(
    ("new", "again", "rule"),
    [
        (NEW_PASSWORD, "mưa rào tháng tám trên sông", "passwords_differ"),
        (PASSWORD, None, "same_as_old"),
        ("ngắn quá", None, "too_short"),
        ("Nguyễn Thị Hoa 0912345678", None, "made_of_known_words"),
    ],
)
async def test_what_is_no_new_password_is_refused_and_the_code_still_counts(
    auth: AuthService, new: str, again: str | None, rule: str
) -> None:
    await marked_account(auth)
    change_id = await led_to_change(auth)
    code = await code_for(auth, change_id)
    refused = await replace(auth, change_id, code, new, again)
    assert (refused.status, rule in refused.body.decode()) == (422, True), refused.body
    assert await outcomes(auth, PASSWORD) == ["password_compromised"]
    assert (await replace(auth, change_id, code)).status == 204


@pytest.mark.sec("LIM-07")
@pytest.mark.sec("OTC-03")
async def test_a_wrong_a_used_and_another_purposes_code_change_nothing(auth: AuthService) -> None:
    await auth.active_account()
    auth.clock.advance(timedelta(minutes=15))
    await auth.log_in()
    take_over_id = await auth.second_device()
    of_take_over = await auth.ask_for_code(take_over_id)
    await mark(auth)
    change_id = await led_to_change(auth)
    code = await code_for(auth, change_id)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert (await replace(auth, change_id, wrong)).json()["code"] == "code_refused"
    if of_take_over != code:
        assert (await replace(auth, change_id, of_take_over)).json()["code"] == "code_refused"
    assert (await replace(auth, take_over_id, of_take_over)).json()["code"] == "code_refused"
    assert (await auth.confirm(take_over_id, of_take_over)).status == 409, "warned before the mark, let in by nothing"
    assert (await replace(auth, change_id, code)).status == 204
    assert (await replace(auth, change_id, code)).json()["code"] == "code_refused"


@pytest.mark.sec("F-35")
async def test_of_two_changes_at_once_one_counts(auth: AuthService) -> None:
    await marked_account(auth)
    change_id = await led_to_change(auth)
    code = await code_for(auth, change_id)
    others = "đường làng hai hàng tre xanh"
    answers = await at_once(replace(auth, change_id, code), replace(auth, change_id, code, others))
    assert sorted(answer.status for answer in answers) == [204, 409]
    assert sorted(await outcomes(auth, NEW_PASSWORD, others)) == ["in", "log_in_refused"]


async def test_a_recovery_lifts_the_mark_too_and_voids_the_change_that_was_under_way(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    auth.clock.advance(timedelta(minutes=15))
    await mark(auth)
    change_id = await led_to_change(auth)
    code = await code_for(auth, change_id)
    begun = await begin(auth)
    recovered = await complete(auth, begun, code=await auth.code_sent(), saved_code=codes[0])
    assert recovered.status == 200, recovered.body
    others = "đường làng hai hàng tre xanh"
    assert (await replace(auth, change_id, code, others)).json()["code"] == "code_refused"
    assert await outcomes(auth, PASSWORD, NEW_PASSWORD) == ["log_in_refused", "in"]


async def test_a_cancelled_change_is_over_and_the_password_opens_nothing_as_before(auth: AuthService) -> None:
    await marked_account(auth)
    change_id = await led_to_change(auth)
    code = await code_for(auth, change_id)
    assert (await auth.post(f"/v1/forced-password-changes/{change_id}/cancel")).status == 204
    assert (await replace(auth, change_id, code)).json()["code"] == "code_refused"
    assert await outcomes(auth, PASSWORD) == ["password_compromised"]


@pytest.mark.req("U-03")
async def test_the_code_goes_to_the_other_confirmed_phone_if_the_holder_says_so(auth: AuthService) -> None:
    changing = await Changing.begin(auth)
    await changing.changed(NEW_PHONE, NEW_PHONE_STORED, PHONE, slot="second_phone")
    await mark(auth)
    shown = (await auth.log_in()).json()
    assert (shown["masked_phone"], shown["masked_second_phone"]) == ("••• ••• 678", "••• ••• 321")
    await code_for(auth, shown["forced_change_id"], "?via=second_phone")
    code = await changing.code_to(NEW_PHONE_STORED)
    assert (await replace(auth, shown["forced_change_id"], code)).status == 204


@pytest.mark.sec("OTC-03")
@pytest.mark.sec("SES-10")
async def test_a_bound_devices_key_opens_nothing_either_and_binds_the_change_to_that_device(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    auth.clock.advance(timedelta(minutes=15))
    await mark(auth)
    answer = await auth.log_in(key=here.key)
    assert (answer.status, answer.json()["code"]) == (409, "password_compromised")
    change_id = str(answer.json()["forced_change_id"])
    code = await code_for(auth, change_id)
    assert (await replace(auth, change_id, code)).json()["code"] == "code_refused", "another device"
    path = f"/v1/forced-password-changes/{change_id}/confirm"
    body = {"code": code, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    assert (await auth.post(path, body, proof=auth.proof(here.key, "POST", path))).status == 204
