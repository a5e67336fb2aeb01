"""A contact changes: password, a code to the present contact, a code to the new one, and one result (V-11)."""

from datetime import timedelta

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.callers import a_citizen, a_guest, an_officer

from tests.auth.contacts import MAIL, NEW_PHONE, NEW_PHONE_STORED, Changing
from tests.auth.service import PHONE, AuthService, at_once


@pytest.fixture
async def changing(auth: AuthService) -> Changing:
    return await Changing.begin(auth)


@pytest.mark.req("V-11")
@pytest.mark.sec("SEC-59")
async def test_a_phone_changes_with_the_password_and_both_codes(changing: Changing) -> None:
    answer = await changing.start()
    assert answer.json()["new"]["masked_target"] == "••• ••• 321"
    assert answer.json()["present"]["masked_target"] == "••• ••• 678"
    change_id = answer.json()["contact_change_id"]
    assert await changing.contacts() == {"phone": PHONE}, "nothing changes before both codes"
    confirmed = await changing.confirm(
        change_id, await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    )
    assert (confirmed.status, confirmed.json()) == (200, {"logged_out": True})
    assert await changing.contacts() == {"phone": NEW_PHONE_STORED}


@pytest.mark.sec("SEC-59")
async def test_without_the_password_nothing_is_sent(changing: Changing) -> None:
    sent = len(changing.auth.secrets.published)
    answer = await changing.start(password="một mật khẩu khác hẳn")
    assert (answer.status, answer.json()["code"]) == (409, "password_wrong")
    await changing.auth.send_secrets()
    assert len(changing.auth.secrets.published) == sent


@pytest.mark.sec("SES-12")
@pytest.mark.sec("SEC-57")
async def test_a_new_phone_ends_the_session_and_a_new_address_does_not(changing: Changing) -> None:
    await changing.changed(MAIL, MAIL, PHONE, slot="email")
    assert (await changing.auth.verdict(changing.token))["state"] == "valid"
    await changing.changed(NEW_PHONE, NEW_PHONE_STORED, PHONE)
    assert (await changing.auth.verdict(changing.token))["state"] == "expired"
    await changing.log_in()


@pytest.mark.parametrize("wrong", ["new", "present", "both"])
@pytest.mark.sec("SEC-01")
@pytest.mark.sec("SEC-47")
async def test_one_wrong_code_changes_nothing_and_is_not_named(changing: Changing, wrong: str) -> None:
    change_id = await changing.started()
    new, present = await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    answer = await changing.confirm(
        change_id,
        new if wrong == "present" else _another(new),
        present if wrong == "new" else _another(present),
    )
    assert (answer.status, answer.json()["code"]) == (409, "code_refused")
    assert await changing.contacts() == {"phone": PHONE}
    assert (await changing.confirm(change_id, new, present)).status == 200, "the right codes still count"


@pytest.mark.sec("LIM-07")
async def test_codes_are_not_guessed_one_after_the_other(changing: Changing) -> None:
    change_id = await changing.started()
    new, present = await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    for _ in range(5):
        await changing.confirm(change_id, new, _another(present))
    assert (await changing.confirm(change_id, new, present)).json()["code"] == "code_refused"


@pytest.mark.sec("I7")
@pytest.mark.sec("F-35")
async def test_right_codes_sent_at_once_change_the_contact_once(changing: Changing) -> None:
    change_id = await changing.started()
    new, present = await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    answers = await at_once(*(changing.confirm(change_id, new, present) for _ in range(4)))
    assert [answer.status for answer in answers].count(200) == 1
    assert (await changing.auth.event_types()).count("contact_changed") == 1


@pytest.mark.sec("OTC-03")
async def test_a_code_sent_to_the_old_phone_is_void_once_it_changed(changing: Changing) -> None:
    take_over_id = await changing.auth.second_device()
    code = await changing.auth.ask_for_code(take_over_id)
    await changing.changed(NEW_PHONE, NEW_PHONE_STORED, PHONE)
    assert (await changing.auth.confirm(take_over_id, code)).json()["code"] == "code_refused"


@pytest.mark.sec("OTC-03")
async def test_of_two_changes_begun_side_by_side_the_later_is_void(changing: Changing) -> None:
    first, second = await changing.started(MAIL, "email"), await changing.started("hoa@outlook.com", "email")
    codes = [await changing.code_to(MAIL), await changing.code_to("hoa@outlook.com"), await changing.code_to(PHONE)]
    later = await changing.confirm(second, codes[1], codes[2])
    assert later.status == 200, later.body
    assert (await changing.confirm(first, codes[0], codes[2])).json()["code"] == "code_refused"
    assert (await changing.contacts())["email"] == "hoa@outlook.com"


@pytest.mark.req("U-06")
async def test_a_second_phone_stands_in_for_a_lost_one(changing: Changing) -> None:
    second = "+84355555555"
    await changing.changed("0355555555", second, PHONE, slot="second_phone")
    await changing.log_in()
    change_id = await changing.started(via="second_phone")
    answer = await changing.confirm(change_id, await changing.code_to(NEW_PHONE_STORED), await changing.code_to(second))
    assert answer.status == 200
    assert await changing.contacts() == {"phone": NEW_PHONE_STORED, "second_phone": second}


@pytest.mark.sec("OTC-08")
async def test_a_mailed_code_never_changes_a_phone(changing: Changing) -> None:
    await changing.changed(MAIL, MAIL, PHONE, slot="email")
    answer = await changing.start(via="email")
    assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "via")


@pytest.mark.req("U-06")
async def test_an_address_from_the_declaration_is_confirmed_by_one_code(auth: AuthService) -> None:
    changing = await Changing.begin(auth, email=MAIL)
    shown = await auth.client.request("GET", "/v1/me/contacts", caller=changing.caller)
    assert [(one["slot"], one["confirmed"]) for one in shown.json()["contacts"]] == [
        ("phone", True),
        ("email", False),
    ]
    answer = await changing.start(MAIL, "email")
    assert answer.json()["present"] is None
    confirmed = await changing.confirm(answer.json()["contact_change_id"], await changing.code_to(MAIL), None)
    assert confirmed.json() == {"logged_out": False}
    assert (await auth.event_types())[-1] == "contact_confirmed"


@pytest.mark.req("U-07")
async def test_an_address_of_an_employer_is_pointed_out(auth: AuthService) -> None:
    changing = await Changing.begin(auth, email="hoa@congty.com.vn")
    shown = await auth.client.request("GET", "/v1/me/contacts", caller=changing.caller)
    assert shown.json()["contacts"][1] == {
        "slot": "email",
        "masked": "h•••@congty.com.vn",
        "confirmed": False,
        "looks_like_a_company": True,
    }
    assert (await changing.start("ketoan@gmail.com", "email")).json()["looks_like_a_company"] is True
    assert (await changing.start(MAIL, "email")).json()["looks_like_a_company"] is False


@pytest.mark.sec("LIM-07")
async def test_a_new_code_voids_the_one_before_and_brings_no_new_tries(changing: Changing) -> None:
    change_id = await changing.started()
    old, present = await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    path = f"/v1/contact-changes/{change_id}/codes/new"
    assert (await changing.auth.post(path, caller=changing.caller)).status == 429
    changing.auth.clock.advance(timedelta(seconds=30))
    assert (await changing.auth.post(path, caller=changing.caller)).status == 202
    new = await changing.code_to(NEW_PHONE_STORED)
    if new != old:
        assert (await changing.confirm(change_id, old, present)).status == 409
    assert (await changing.confirm(change_id, new, present)).status == 200


async def test_a_cancelled_change_is_over(changing: Changing) -> None:
    change_id = await changing.started()
    new, present = await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    cancelled = await changing.auth.post(f"/v1/contact-changes/{change_id}/cancel", caller=changing.caller)
    assert cancelled.status == 204
    assert (await changing.confirm(change_id, new, present)).status == 404


@pytest.mark.sec("SEC-03")
async def test_only_so_many_changes_are_begun_in_a_day(changing: Changing) -> None:
    for number in range(4):
        changing.auth.clock.advance(timedelta(minutes=16))
        await changing.log_in_again()
        await changing.started(f"hoa{number}@gmail.com", "email")
    changing.auth.clock.advance(timedelta(minutes=16))
    await changing.log_in_again()
    assert (await changing.start("hoa9@gmail.com", "email")).status == 429


@pytest.mark.parametrize(("slot", "value"), [("phone", "0212345678"), ("email", "hoa@"), ("second_phone", MAIL)])
async def test_what_is_no_contact_of_its_kind_is_refused(changing: Changing, slot: str, value: str) -> None:
    answer = await changing.start(value, slot)
    assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "value")


async def test_the_contact_one_has_is_no_change(changing: Changing) -> None:
    assert (await changing.start("0912345678")).json()["code"] == "contact_unchanged"


@pytest.mark.sec("API-01")
async def test_a_change_is_there_for_its_own_session_only(changing: Changing) -> None:
    change_id = await changing.started()
    stranger = a_citizen(account_id="f" * 32, epoch=1)
    for path in ("codes/new", "cancel"):
        assert (await changing.auth.post(f"/v1/contact-changes/{change_id}/{path}", caller=stranger)).status == 404
    body = {"new_code": "000000", "present_code": "000000"}
    refused = await changing.auth.post(f"/v1/contact-changes/{change_id}/confirm", body, caller=stranger)
    assert refused.json()["code"] == "session_over", "what takes a device's proof asks for the session first"


@pytest.mark.sec("API-05")
@pytest.mark.parametrize(("caller", "status"), [(a_guest(), 401), (an_officer(), 403)])
async def test_only_a_citizen_changes_contacts(auth: AuthService, caller: Caller, status: int) -> None:
    body = {"slot": "phone", "value": NEW_PHONE, "password": "x"}
    assert (await auth.post("/v1/contact-changes", body, caller=caller)).status == status


@pytest.mark.sec("OTC-04")
async def test_neither_contact_nor_code_is_stored_in_the_clear(changing: Changing) -> None:
    await changing.changed(NEW_PHONE, NEW_PHONE_STORED, PHONE)
    stored = await changing.auth.everything_stored()
    (told,) = await changing.told()
    assert told.objection_code is not None
    for secret in ("987654321", told.objection_code, told.objection_code.replace("-", "")):
        assert secret not in stored


def _another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
