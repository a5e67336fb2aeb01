import asyncio
import unicodedata
from datetime import timedelta

import pytest
from ansinh_kit.errors import NotFoundError
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.throttling.rules import Window, Windows
from auth.handlers.log_in_guard import GuessLimits

from tests.auth.builders import PASSWORD
from tests.auth.service import NUMBER, AuthService, at_once
from tests.eventually import eventually

WRONG = "không phải mật khẩu này"
SECOND = timedelta(seconds=1)
UNKNOWN = "9999999999"
CITIZEN_NUMBER = "066185000001"


def seen(answer: HttpAnswer) -> tuple[object, ...]:
    return answer.status, dict(answer.headers), answer.body


@pytest.mark.req("S-09")
@pytest.mark.sec("OTC-10")
async def test_unknown_wrong_not_activated_and_locked_are_answered_alike(auth: AuthService) -> None:
    await auth.open_account()
    answers = [await auth.log_in(user_name=UNKNOWN), await auth.log_in()]
    await auth.activate()
    answers.append(await auth.log_in(password=WRONG))
    await auth.use_cases.sessions.lock(await auth.account_id(), "fraud", metadata=Metadata("story"))
    answers.append(await auth.log_in())
    assert answers[0].status == 401
    assert answers[0].json()["code"] == "log_in_refused"
    assert all(seen(answer) == seen(answers[0]) for answer in answers)
    assert auth.password_comparisons() == 4, "every one of them costs the same hash"


@pytest.mark.sec("LIM-13")
@pytest.mark.parametrize("user_name", ["0123456789", UNKNOWN])
async def test_after_five_wrong_passwords_everyone_waits_thirty_seconds(auth: AuthService, user_name: str) -> None:
    await auth.active_account()
    for _ in range(5):
        assert (await auth.log_in(user_name=user_name, password=WRONG)).status == 401
    compared = auth.password_comparisons()
    waiting = await auth.log_in(user_name=user_name)
    assert (waiting.status, waiting.headers["retry-after"]) == (429, "30")
    auth.clock.advance(29 * SECOND)
    assert (await auth.log_in(user_name=user_name)).status == 429
    assert auth.password_comparisons() == compared
    auth.clock.advance(SECOND)
    assert (await auth.log_in(user_name=user_name)).status == (401 if user_name == UNKNOWN else 201)


@pytest.mark.sec("LIM-13")
async def test_a_stranger_elsewhere_does_not_make_the_holder_wait(auth: AuthService) -> None:
    await auth.active_account()
    for _ in range(6):
        await auth.log_in(password=WRONG, address="198.51.100.7")
    assert (await auth.log_in(address="203.0.113.1")).status == 201


@pytest.mark.sec("LIM-13")
async def test_the_21st_wrong_password_of_one_address_within_a_minute_waits(auth: AuthService) -> None:
    for number in range(20):
        assert (await auth.log_in(user_name=f"{number:010d}", password=WRONG)).status == 401
    assert (await auth.log_in(user_name="0000000099", password=WRONG)).status == 429
    auth.clock.advance(60 * SECOND)
    assert (await auth.log_in(user_name="0000000099", password=WRONG)).status == 401


@pytest.mark.sec("LIM-13")
async def test_right_passwords_do_not_fill_the_addresss_window(auth: AuthService) -> None:
    await auth.active_account()
    first = await auth.log_in()
    assert first.status == 201
    for _ in range(25):
        assert (await auth.log_in()).json()["code"] == "session_exists"


@pytest.mark.sec("LIM-14")
async def test_after_a_hundred_wrong_passwords_in_a_row_the_right_one_counts_no_more(database: Database) -> None:
    generous = Windows((Window(1000, timedelta(seconds=60)),))
    limits = GuessLimits(per_account_and_address=generous, per_address=generous, in_a_row=10)
    auth = AuthService(database, guesses=limits)
    await auth.use_cases.prepare()
    await auth.active_account()
    for _ in range(9):
        await auth.log_in(password=WRONG)
    assert (await auth.log_in()).status == 201, "the tenth is heard, and clears the row"
    wrong = [await auth.log_in(password=WRONG) for _ in range(10)]
    assert seen(await auth.log_in()) == seen(wrong[-1])


async def _with_ten_guesses_in_a_row(database: Database) -> AuthService:
    generous = Windows((Window(1000, timedelta(seconds=60)),))
    limits = GuessLimits(per_account_and_address=generous, per_address=generous, in_a_row=10)
    auth = AuthService(database, guesses=limits)
    await auth.use_cases.prepare()
    await auth.active_account()
    return auth


@pytest.mark.sec("LIM-14")
async def test_the_row_is_the_accounts_whichever_of_its_numbers_is_typed(database: Database) -> None:
    auth = await _with_ten_guesses_in_a_row(database)
    for user_name in (NUMBER, CITIZEN_NUMBER) * 5:
        assert (await auth.log_in(user_name=user_name, password=WRONG)).status == 401
    assert (await auth.log_in(user_name=NUMBER)).status == 401
    assert (await auth.log_in(user_name=CITIZEN_NUMBER)).status == 401


@pytest.mark.sec("OTC-10")
async def test_the_waits_do_not_tell_that_two_numbers_are_one_persons(auth: AuthService) -> None:
    await auth.active_account()
    for _ in range(6):
        await auth.log_in(user_name=NUMBER, password=WRONG)
    assert (await auth.log_in(user_name=CITIZEN_NUMBER, password=WRONG)).status == 401


@pytest.mark.sec("LIM-14")
@pytest.mark.parametrize("typed", [NUMBER, CITIZEN_NUMBER])
async def test_the_operator_lets_in_again_whom_a_stranger_locked_out(database: Database, typed: str) -> None:
    auth = await _with_ten_guesses_in_a_row(database)
    for number in range(10):
        await auth.log_in(password=WRONG, address=f"198.51.100.{number}")
    assert (await auth.log_in()).status == 401
    assert await auth.use_cases.log_ins.lift_lock_out(typed, kind="citizen") == await auth.account_id()
    assert (await auth.log_in()).status == 201


async def test_nobody_is_let_in_under_a_number_nobody_has(auth: AuthService) -> None:
    with pytest.raises(NotFoundError):
        await auth.use_cases.log_ins.lift_lock_out(UNKNOWN, kind="citizen")


@pytest.mark.sec("LIM-13")
async def test_another_address_of_the_same_ipv6_subscriber_is_no_other_guesser(auth: AuthService) -> None:
    await auth.active_account()
    for host in range(5):
        assert (await auth.log_in(password=WRONG, address=f"2001:db8:1:2::{host}")).status == 401
    assert (await auth.log_in(password=WRONG, address="2001:db8:1:2:ffff::9")).status == 429
    assert (await auth.log_in(password=WRONG, address="2001:db8:1:3::1")).status == 401


@pytest.mark.sec("LIM-02")
async def test_a_password_of_129_characters_is_refused_before_any_hashing(auth: AuthService) -> None:
    assert (await auth.log_in(password="ấ" * 128)).status == 401
    assert (await auth.log_in(password=unicodedata.normalize("NFD", "ấ" * 128))).status == 401
    before = auth.password_comparisons()
    (error,) = (await auth.log_in(password="ấ" * 129)).json()["errors"]
    assert (error["field"], error["rule"]) == ("password", "too_long")
    assert "128" in error["message"]["vi"]
    assert auth.password_comparisons() == before


@pytest.mark.sec("OTC-06")
async def test_fifty_guesses_at_once_are_compared_five_times_at_most_unless_the_right_one_is_among_them(
    auth: AuthService,
) -> None:
    await auth.active_account()
    before = auth.password_comparisons()
    guesses = [f"{WRONG} {number}" for number in range(49)]
    answers = await at_once(*(auth.log_in(password=guess) for guess in [*guesses[:20], PASSWORD, *guesses[20:]]))
    statuses = {answer.status for answer in answers}
    # The right one takes the wrong ones before it back: whoever knows it may have five more.
    assert auth.password_comparisons() - before <= (10 if 201 in statuses else 5)
    assert statuses <= {201, 401, 429}


@pytest.mark.sec("SEC-50")
@pytest.mark.req("S-48")
@pytest.mark.sec("F-35")
async def test_of_twenty_log_ins_at_once_one_gets_in_and_the_others_are_warned(database: Database) -> None:
    generous = Windows((Window(1000, timedelta(seconds=60)),))
    auth = AuthService(database, guesses=GuessLimits(per_account_and_address=generous, per_address=generous))
    await auth.use_cases.prepare()
    await auth.active_account()
    answers = await at_once(*(auth.log_in() for _ in range(20)))
    statuses = [answer.status for answer in answers]
    assert statuses.count(201) == 1
    assert {answer.json()["code"] for answer in answers if answer.status != 201} == {"session_exists"}
    valid = [answer for answer in answers if answer.status == 201]
    assert (await auth.verdict(valid[0].json()["token"]))["state"] == "valid"


@pytest.mark.req("S-09")
@pytest.mark.parametrize("user_name", ["012345678", "01234567890", "0123456789a", "", "٠١٢٣٤٥٦٧٨٩"])
async def test_a_number_that_is_not_10_or_12_digits_is_refused_in_the_form(auth: AuthService, user_name: str) -> None:
    answer = await auth.log_in(user_name=user_name)
    (error,) = answer.json()["errors"]
    assert (answer.status, error["field"], error["rule"]) == (422, "user_name", "user_name")
    assert auth.password_comparisons() == 0


@pytest.mark.req("S-11")
async def test_only_the_first_log_in_advises_to_change_the_password(auth: AuthService) -> None:
    await auth.active_account()
    first = await auth.log_in()
    assert first.json()["first_log_in"] is True
    take_over_id = await auth.second_device()
    second = await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))
    assert second.json()["first_log_in"] is False


@pytest.mark.sec("LIM-05")
async def test_too_many_passwords_at_once_are_told_to_come_back(auth: AuthService) -> None:
    await auth.active_account()
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    def block() -> None:
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result()

    blocked = [asyncio.create_task(auth.pool.run(block)) for _ in range(8 + 64)]
    await eventually(lambda: auth.pool._waiting == 64)
    answer = await auth.log_in()
    release.set()
    await asyncio.gather(*blocked)
    assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.sec("SEC-37")
async def test_a_password_of_ten_years_lets_in_as_it_did_on_its_first_day(auth: AuthService) -> None:
    await auth.active_account()
    assert (await auth.log_in()).status == 201
    answers = []
    for waited in (timedelta(days=1, seconds=1), timedelta(days=3_653)):
        auth.clock.advance(waited)
        answers.append(await auth.log_in())
    assert [answer.status for answer in answers] == [201, 201]
    soon, late = (answer.json() for answer in answers)
    assert soon.keys() == late.keys()
    assert (soon["first_log_in"], late["first_log_in"]) == (False, False)
