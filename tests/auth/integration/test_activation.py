from datetime import timedelta

import pytest
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.auth.builders import PASSWORD
from tests.auth.service import AuthService, at_once

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


async def complete(auth: AuthService, challenge_id: str, code: str, password: str = PASSWORD) -> HttpAnswer:
    body = {"challenge_id": challenge_id, "code": code, "password": password}
    return await auth.post("/v1/activation/complete", body)


async def started(auth: AuthService) -> tuple[str, str]:
    answer = await auth.start_activation()
    assert answer.status == 202, answer.body
    return answer.json()["challenge_id"], await auth.code_sent()


@pytest.mark.sec("OTC-10")
async def test_a_stranger_cannot_tell_from_the_start_who_has_an_account(auth: AuthService) -> None:
    await auth.open_account()
    known = await auth.start_activation()
    unknown = await auth.start_activation(number="9999999999")
    other_dossier = await auth.start_activation(dossier="06601-2026-000099")
    for answer in (unknown, other_dossier):
        assert (answer.status, answer.headers) == (known.status, known.headers)
        assert set(answer.json()) == set(known.json())
        same = ("expires_at", "next_start_at")
        assert [answer.json()[name] for name in same] == [known.json()[name] for name in same]
    again = [
        await auth.start_activation(),
        await auth.start_activation(number="9999999999"),
        await auth.start_activation(dossier="06601-2026-000099"),
    ]
    assert {(answer.status, answer.body) for answer in again} == {(429, again[0].body)}
    await auth.send_secrets()
    assert len(auth.secrets.published) == 1


@pytest.mark.sec("OTC-10")
async def test_a_decoy_refuses_every_code_as_a_real_challenge_refuses_a_wrong_one(auth: AuthService) -> None:
    await auth.open_account()
    real, code = await started(auth)
    decoy = (await auth.start_activation(number="9999999999")).json()["challenge_id"]
    wrong = await complete(auth, real, "000000" if code != "000000" else "000001")
    refused = await complete(auth, decoy, code)
    assert (refused.status, refused.headers, refused.body) == (wrong.status, wrong.headers, wrong.body)


@pytest.mark.sec("LIM-22")
async def test_a_code_a_minute_and_three_a_day_for_one_account(auth: AuthService) -> None:
    await auth.open_account()
    for _ in range(2):
        assert (await auth.start_activation()).status == 202
        auth.clock.advance(59 * SECOND)
        assert (await auth.start_activation()).headers["retry-after"] == "1"
        auth.clock.advance(SECOND)
    assert (await auth.start_activation()).status == 202
    auth.clock.advance(timedelta(hours=24) - 2 * MINUTE - SECOND)
    assert (await auth.start_activation()).headers["retry-after"] == "1"
    auth.clock.advance(SECOND)
    assert (await auth.start_activation()).status == 202


@pytest.mark.sec("LIM-21")
@pytest.mark.parametrize(("after", "status"), [(10 * MINUTE - SECOND, 200), (10 * MINUTE, 409)])
async def test_an_activation_code_lives_ten_minutes_also_after_its_hand_over(
    auth: AuthService, after: timedelta, status: int
) -> None:
    await auth.open_account()
    challenge_id, code = await started(auth)
    await auth.hand_over()
    auth.clock.advance(after)
    assert (await complete(auth, challenge_id, code)).status == status


@pytest.mark.sec("LIM-21")
@pytest.mark.parametrize(("after", "status"), [(timedelta(hours=24) - SECOND, 200), (timedelta(hours=24), 409)])
async def test_the_link_lives_a_day(auth: AuthService, after: timedelta, status: int) -> None:
    await auth.open_account(email="hoa@example.vn")
    token = auth.secrets.messages()[0].secret
    auth.clock.advance(after)
    assert (await auth.post("/v1/activation/complete", {"token": token, "password": PASSWORD})).status == status


@pytest.mark.req("U-06")
@pytest.mark.parametrize("way", ["link", "code"])
async def test_the_link_confirms_the_address_it_went_to_and_a_code_to_the_phone_does_not(
    auth: AuthService, way: str
) -> None:
    account_id = await auth.open_account(email="hoa@example.vn")
    if way == "code":
        assert (await complete(auth, *await started(auth))).status == 200
    else:
        token = auth.secrets.messages()[0].secret
        assert (await auth.post("/v1/activation/complete", {"token": token, "password": PASSWORD})).status == 200
    holder = await auth.use_cases.stored.holders.get(account_id)
    assert (holder.is_confirmed("email"), holder.is_confirmed("phone")) == (way == "link", True)


@pytest.mark.sec("LIM-01")
async def test_a_short_password_is_refused_in_both_languages_and_costs_no_try(auth: AuthService) -> None:
    await auth.open_account()
    challenge_id, code = await started(auth)
    answer = await complete(auth, challenge_id, code, "mười bốn ký tự")
    (error,) = answer.json()["errors"]
    assert (answer.status, error["field"], error["rule"]) == (422, "password", "too_short")
    assert error["message"] == {"vi": "Cần ít nhất 15 ký tự.", "en": "At least 15 characters are needed."}
    assert auth.comparisons("activation") == 0
    assert (await complete(auth, challenge_id, code)).status == 200


@pytest.mark.sec("LIM-02")
async def test_129_characters_are_refused_before_any_hashing(auth: AuthService) -> None:
    await auth.open_account()
    challenge_id, code = await started(auth)
    answer = await complete(auth, challenge_id, code, "ô" * 129)
    assert answer.json()["errors"][0]["rule"] == "too_long"
    assert auth.comparisons("activation") == 0


@pytest.mark.sec("LIM-03")
async def test_a_password_made_of_the_holders_own_name_is_refused_after_the_code_only(auth: AuthService) -> None:
    await auth.open_account()
    challenge_id, code = await started(auth)
    wrong_code = "000000" if code != "000000" else "000001"
    blind = await complete(auth, challenge_id, wrong_code, "Nguyễn Thị Hoa 1985")
    assert blind.json()["code"] == "code_refused"
    told = await complete(auth, challenge_id, code, "Nguyễn Thị Hoa 1985")
    assert told.json()["errors"][0]["rule"] == "made_of_known_words"
    assert (await complete(auth, challenge_id, code)).status == 200


@pytest.mark.sec("I7")
@pytest.mark.sec("OTC-03")
async def test_of_fifty_right_completions_exactly_one_activates(auth: AuthService) -> None:
    await auth.open_account()
    challenge_id, code = await started(auth)
    answers = await at_once(*(complete(auth, challenge_id, code) for _ in range(50)))
    assert [answer.status for answer in answers].count(200) == 1
    assert auth.comparisons("activation") <= 5
    assert (await auth.event_types()).count("account_activated") == 1


async def test_an_active_account_is_not_activated_again_by_the_other_way(auth: AuthService) -> None:
    await auth.open_account(email="hoa@example.vn")
    token = auth.secrets.messages()[0].secret
    assert (await auth.activate()).status == 200
    answer = await auth.post("/v1/activation/complete", {"token": token, "password": PASSWORD + " khác"})
    assert (answer.status, answer.json()["code"]) == (409, "account_already_active")
    assert (await auth.log_in()).status == 201


@pytest.mark.sec("SEC-10")
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"password": PASSWORD}, ["challenge_id", "code"]),
        ({"password": PASSWORD, "code": "123456"}, ["challenge_id"]),
        ({"password": PASSWORD, "code": "12345"}, ["code"]),
        ({"password": PASSWORD, "token": "act_short"}, ["token"]),
        ({"password": PASSWORD, "role": "officer"}, ["role"]),
        ({"code": "123456", "challenge_id": "a" * 32}, ["password"]),
        ({"code": {"$ne": None}, "challenge_id": "a" * 32, "password": PASSWORD}, ["body"]),
    ],
)
async def test_each_malformed_field_is_named(auth: AuthService, body: dict[str, object], fields: list[str]) -> None:
    answer = await auth.post("/v1/activation/complete", body)
    assert answer.status == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields


async def test_a_dossier_of_a_further_declaration_activates_the_same_account(auth: AuthService) -> None:
    account_id = await auth.open_account()
    await auth.open_account(declaration_id="e" * 32, dossier_number="06601-2026-000002")
    answer = await auth.start_activation(dossier="06601-2026-000002")
    completed = await complete(auth, answer.json()["challenge_id"], await auth.code_sent())
    assert completed.json() == {"account_id": account_id}


@pytest.mark.req("U-12")
@pytest.mark.sec("LIM-21")
async def test_a_link_that_did_not_come_is_mailed_again_and_the_newest_counts(auth: AuthService) -> None:
    await auth.open_account(email="hoa@example.vn")
    for _ in range(2):
        assert (await auth.start_activation(channel="email")).status == 202
        await auth.send_secrets()
        auth.clock.advance(MINUTE)
    first, second, third = [message.secret for message in auth.secrets.messages()]
    assert auth.secrets.messages()[-1].target == "hoa@example.vn"
    for dead in (first, second):
        body = {"token": dead, "password": PASSWORD}
        assert (await auth.post("/v1/activation/complete", body)).json()["code"] == "code_refused"
    assert (await auth.post("/v1/activation/complete", {"token": third, "password": PASSWORD})).status == 200


@pytest.mark.req("U-12")
@pytest.mark.sec("OTC-10")
async def test_asking_for_a_link_does_not_tell_who_has_an_account_or_an_address(auth: AuthService) -> None:
    await auth.open_account()
    answers = [
        await auth.start_activation(channel="email"),
        await auth.start_activation(number="9999999999", channel="email"),
        await auth.start_activation(dossier="06601-2026-000099", channel="email"),
    ]
    shown = [{**answer.json(), "challenge_id": ""} for answer in answers]
    assert [answer.status for answer in answers] == [202] * 3
    assert shown[0] == shown[1] == shown[2]
    await auth.send_secrets()
    assert not auth.secrets.published
