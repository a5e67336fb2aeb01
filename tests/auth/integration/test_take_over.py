from datetime import timedelta

import pytest
from ansinh_kit.mongo import Database
from ansinh_kit.throttling.rules import Window, Windows
from auth.domain.one_time_codes import CodeRules

from tests.auth.builders import PASSWORD
from tests.auth.devices import first_device, state
from tests.auth.service import NUMBER, AuthService, citizen_of

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
GENEROUS = CodeRules(budget=Windows((Window(1000, timedelta(hours=24)),)))


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.req("S-49")
async def test_a_second_device_is_warned_and_nothing_is_sent_yet(auth: AuthService) -> None:
    first = await first_device(auth)
    sent_before = len(auth.secrets.published)
    answer = await auth.log_in(device={"kind": "desktop", "name": "Chrome"})
    assert answer.status == 409
    body = answer.json()
    assert (body["code"], body["masked_phone"]) == ("session_exists", "••• ••• 678")
    assert "thiết bị khác" in body["message"]["vi"]
    assert "another device" in body["message"]["en"]
    await auth.send_secrets()
    assert len(auth.secrets.published) == sent_before
    assert await state(auth, first) == "valid"


@pytest.mark.req("S-50")
async def test_the_code_goes_to_the_phone_on_file(auth: AuthService) -> None:
    await first_device(auth)
    answer = await auth.post(f"/v1/take-overs/{await auth.second_device()}/code")
    assert answer.json()["masked_phone"] == "••• ••• 678"
    await auth.send_secrets()
    message = auth.secrets.messages()[-1]
    assert (message.purpose, message.channel, message.target) == ("take_over", "sms", "+84912345678")


@pytest.mark.req("S-49")
async def test_cancel_leaves_the_first_device_alone_and_kills_the_code(auth: AuthService) -> None:
    first = await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    assert (await auth.post(f"/v1/take-overs/{take_over_id}/cancel")).status == 204
    assert (await auth.confirm(take_over_id, code)).json()["code"] == "code_refused"
    assert await state(auth, first) == "valid"


@pytest.mark.sec("OTC-03")
async def test_cancelling_a_take_over_cannot_end_an_activation(auth: AuthService) -> None:
    await auth.open_account()
    challenge_id = (await auth.start_activation()).json()["challenge_id"]
    code = await auth.code_sent()
    assert (await auth.post(f"/v1/take-overs/{challenge_id}/cancel")).status == 204
    body = {"challenge_id": challenge_id, "code": code, "password": PASSWORD}
    assert (await auth.post("/v1/activation/complete", body)).status == 200


@pytest.mark.sec("LIM-07")
@pytest.mark.sec("SEC-49")
async def test_after_five_wrong_codes_no_further_code_is_sent_that_could_not_be_right(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    for _ in range(5):
        await auth.confirm(take_over_id, other_than(code))
    auth.clock.advance(MINUTE)
    sent_before = len(auth.secrets.published)
    assert (await auth.post(f"/v1/take-overs/{take_over_id}/code")).status == 404
    await auth.send_secrets()
    assert len(auth.secrets.published) == sent_before


@pytest.mark.req("S-53")
async def test_a_wrong_code_leaves_the_first_device_alone(auth: AuthService) -> None:
    first = await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    assert (await auth.confirm(take_over_id, other_than(code))).json()["code"] == "code_refused"
    assert await state(auth, first) == "valid"
    assert (await auth.confirm(take_over_id, code)).status == 201


@pytest.mark.sec("LIM-07")
@pytest.mark.sec("SEC-49")
async def test_the_sixth_try_is_not_compared_even_if_it_is_right(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    before = auth.comparisons("take_over")
    for _ in range(5):
        await auth.confirm(take_over_id, other_than(code))
    assert (await auth.confirm(take_over_id, code)).json()["code"] == "code_refused"
    assert auth.comparisons("take_over") - before == 5


@pytest.mark.sec("LIM-07")
@pytest.mark.sec("SEC-49")
async def test_tries_are_kept_across_a_resend(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    old = await auth.ask_for_code(take_over_id)
    for _ in range(4):
        await auth.confirm(take_over_id, other_than(old))
    auth.clock.advance(30 * SECOND)
    new = await auth.ask_for_code(take_over_id)
    await auth.confirm(take_over_id, other_than(new))
    assert (await auth.confirm(take_over_id, new)).json()["code"] == "code_refused"


@pytest.mark.req("U-02")
@pytest.mark.sec("LIM-09")
async def test_a_new_code_voids_the_old_one_and_comes_no_sooner_than_after_30_seconds(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    old = await auth.ask_for_code(take_over_id)
    auth.clock.advance(29 * SECOND)
    too_soon = await auth.post(f"/v1/take-overs/{take_over_id}/code")
    assert (too_soon.status, too_soon.headers["retry-after"]) == (429, "1")
    auth.clock.advance(SECOND)
    new = await auth.ask_for_code(take_over_id)
    if old != new:
        assert (await auth.confirm(take_over_id, old)).json()["code"] == "code_refused"
    assert (await auth.confirm(take_over_id, new)).status == 201


@pytest.mark.sec("LIM-09")
async def test_five_codes_in_fifteen_minutes_however_many_take_overs_are_begun(auth: AuthService) -> None:
    await first_device(auth)  # its activation took the first code
    for _ in range(4):
        await auth.ask_for_code(await auth.second_device())
    answer = await auth.post(f"/v1/take-overs/{await auth.second_device()}/code")
    assert (answer.status, answer.headers["retry-after"]) == (429, "900")


@pytest.mark.req("U-01")
@pytest.mark.sec("LIM-06")
@pytest.mark.parametrize(
    ("handed_over_after", "tried_at", "status"),
    [
        (0 * MINUTE, 5 * MINUTE - SECOND, 201),
        (0 * MINUTE, 5 * MINUTE + SECOND, 409),
        (8 * MINUTE, 10 * MINUTE - SECOND, 201),
        (8 * MINUTE, 10 * MINUTE + SECOND, 409),
        (None, 10 * MINUTE - SECOND, 201),
        (None, 10 * MINUTE + SECOND, 409),
    ],
)
async def test_a_code_lives_from_its_hand_over(
    auth: AuthService, handed_over_after: timedelta | None, tried_at: timedelta, status: int
) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    if handed_over_after is not None:
        auth.clock.advance(handed_over_after)
        await auth.hand_over()
    auth.clock.advance(tried_at - (handed_over_after or timedelta(0)))
    assert (await auth.confirm(take_over_id, code)).status == status


async def test_a_hand_over_of_the_code_before_does_not_touch_the_new_one(auth: AuthService) -> None:
    await first_device(auth)
    take_over_id = await auth.second_device()
    await auth.ask_for_code(take_over_id)
    old_message = auth.secrets.published[-1]
    auth.clock.advance(30 * SECOND)
    code = await auth.ask_for_code(take_over_id)
    auth.secrets.published.append(old_message)
    await auth.hand_over()
    auth.clock.advance(6 * MINUTE)
    assert (await auth.confirm(take_over_id, code)).status == 201


@pytest.mark.sec("LIM-08")
async def test_after_thirty_wrong_codes_in_a_row_no_code_counts(database: Database) -> None:
    auth = AuthService(database, codes=GENEROUS)
    await auth.use_cases.prepare()
    await first_device(auth)
    for _ in range(6):
        take_over_id = await auth.second_device()
        code = await auth.ask_for_code(take_over_id)
        for _ in range(5):
            await auth.confirm(take_over_id, other_than(code))
    before = auth.comparisons("take_over")
    take_over_id = await auth.second_device()
    assert (await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))).status == 409
    assert auth.comparisons("take_over") == before


@pytest.mark.sec("OTC-03")
async def test_a_code_of_one_take_over_fails_in_another(auth: AuthService) -> None:
    await first_device(auth)
    one, other = await auth.second_device(), await auth.second_device()
    code_of_one = await auth.ask_for_code(one)
    code_of_other = await auth.ask_for_code(other)
    if code_of_one != code_of_other:
        assert (await auth.confirm(other, code_of_one)).json()["code"] == "code_refused"
    assert (await auth.confirm(other, code_of_other)).status == 201


@pytest.mark.sec("OTC-03")
async def test_a_code_counts_for_its_own_purpose_only(auth: AuthService) -> None:
    await auth.open_account()
    started = (await auth.start_activation()).json()["challenge_id"]
    code = await auth.code_sent()
    before = auth.comparisons("take_over")
    assert (await auth.confirm(started, code)).json()["code"] == "code_refused"
    assert (await auth.post(f"/v1/take-overs/{started}/code")).status == 404
    assert auth.comparisons("take_over") == before
    body = {"challenge_id": started, "code": code, "password": PASSWORD}
    assert (await auth.post("/v1/activation/complete", body)).status == 200
    await auth.log_in()
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    body = {"challenge_id": take_over_id, "code": code, "password": PASSWORD}
    assert (await auth.post("/v1/activation/complete", body)).json()["code"] == "code_refused"


@pytest.mark.sec("OTC-07")
@pytest.mark.sec("SES-11")
async def test_before_the_right_password_nothing_shows_that_a_session_exists(auth: AuthService) -> None:
    await auth.active_account()
    without = await auth.log_in(password="một mật khẩu khác hẳn")
    await auth.log_in()
    within = await auth.log_in(password="một mật khẩu khác hẳn")
    assert (without.status, without.headers, without.body) == (within.status, within.headers, within.body)


async def test_a_take_over_is_lost_if_the_first_device_logs_out_meanwhile(auth: AuthService) -> None:
    await auth.active_account()
    first = await auth.log_in()
    take_over_id = await auth.second_device()
    code = await auth.ask_for_code(take_over_id)
    await auth.client.request("DELETE", "/v1/sessions/current", caller=citizen_of(first))
    assert (await auth.confirm(take_over_id, code)).json()["code"] == "take_over_lost"
    assert (await auth.log_in(user_name=NUMBER)).status == 201


@pytest.mark.req("S-54")
@pytest.mark.parametrize("kind", ["phone", "tablet", "desktop"])
async def test_phone_tablet_and_desktop_all_count_as_devices(auth: AuthService, kind: str) -> None:
    first = await first_device(auth)
    take_over_id = await auth.second_device({"kind": kind, "name": "Máy thứ hai"})
    assert (await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))).status == 201
    assert (await auth.verdict(first))["new_device_kind"] == kind
