"""The story of one account, as phones and the gateway would see it."""

import pytest
from ansinh_kit.testing.callers import a_guest

from tests.auth.builders import PASSWORD
from tests.auth.service import TABLET, AuthService, citizen_of


@pytest.mark.req("S-08")
@pytest.mark.req("S-93")
async def test_opened_activated_logged_in_taken_over_logged_out(auth: AuthService) -> None:
    account_id = await auth.open_account()
    assert (await auth.activate()).json() == {"account_id": account_id}

    first = await auth.log_in()
    assert first.status == 201, first.body
    assert first.json()["first_log_in"] is True
    assert (await auth.verdict(first.json()["token"]))["state"] == "valid"

    take_over_id = await auth.second_device()
    assert (await auth.verdict(first.json()["token"]))["state"] == "valid"
    second = await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))
    assert second.status == 201, second.body
    assert second.json()["first_log_in"] is False
    assert (await auth.verdict(second.json()["token"]))["state"] == "valid"
    farewell = await auth.verdict(first.json()["token"])
    assert farewell["state"] == "replaced"
    assert farewell["new_device_kind"] == "tablet"

    shown = await auth.client.request("GET", "/v1/sessions/current", caller=citizen_of(second))
    assert shown.json()["device_name"] == TABLET["name"]
    ended = await auth.client.request("DELETE", "/v1/sessions/current", caller=citizen_of(second))
    assert ended.status == 204
    assert (await auth.verdict(second.json()["token"]))["state"] == "expired"
    assert await auth.event_types() == [
        "account_opened",
        "account_activated",
        "session_opened",
        "session_revoked",
        "session_opened",
        "session_revoked",
    ]


@pytest.mark.req("V-13")
async def test_the_citizen_number_works_as_user_name_too(auth: AuthService) -> None:
    await auth.active_account()
    assert (await auth.log_in(user_name="066185000001")).status == 201


async def test_who_am_i(auth: AuthService) -> None:
    account_id = await auth.active_account()
    session = await auth.log_in()
    answer = await auth.client.request("GET", "/v1/me", caller=citizen_of(session))
    assert answer.json() == {
        "kind": "citizen",
        "account_id": account_id,
        "person_id": "b" * 32,
        "full_name": "Nguyễn Thị Hoa",
        "social_insurance_number": "0123456789",
        "masked_phone": "••• ••• 678",
        "roles": [],
        "agency_code": None,
        "terms_due": True,
    }
    assert (await auth.client.request("GET", "/v1/me", caller=a_guest())).status == 401


@pytest.mark.req("V-24")
async def test_the_e_mailed_link_activates_once_and_no_password_is_ever_sent(auth: AuthService) -> None:
    await auth.open_account(email="hoa@example.vn")
    (message,) = auth.secrets.messages()
    assert message.secret is not None
    assert (message.channel, message.target) == ("email", "hoa@example.vn")
    body = {"token": message.secret, "password": PASSWORD}
    assert (await auth.post("/v1/activation/complete", body)).status == 200
    assert (await auth.post("/v1/activation/complete", body)).json()["code"] == "code_refused"
    assert (await auth.log_in()).status == 201
    assert all(PASSWORD not in str(message.model_dump()) for message in auth.secrets.messages())
