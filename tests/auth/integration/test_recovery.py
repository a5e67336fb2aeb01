"""A forgotten password by the holder's own means: an issued code, and a saved one beside it."""

from datetime import timedelta

import pytest
from ansinh_kit.testing.callers import a_guest

from tests.auth.builders import PASSWORD
from tests.auth.recovering import NEW_PASSWORD, PAPERS, ask, begin, complete, prepare, proof, saved_codes
from tests.auth.service import PHONE, AuthService, at_once, citizen_of

MINUTE = timedelta(minutes=1)


@pytest.mark.req("V-10")
@pytest.mark.sec("OTC-09")
async def test_a_sent_code_and_a_saved_one_replace_the_password_and_end_the_session(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    session = (await auth.log_in()).json()["token"]
    begun = await begin(auth)
    answer = await complete(auth, begun, code=await auth.code_sent(), saved_code=codes[3].lower().replace("-", " "))
    assert answer.status == 200, answer.body
    assert (await auth.verdict(session))["state"] == "expired"
    assert (await auth.log_in()).status == 401
    assert (await auth.log_in(password=NEW_PASSWORD)).status == 201
    assert (await auth.event_types())[-4:-1] == ["session_opened", "session_revoked", "password_recovered"]


@pytest.mark.sec("OTC-09")
@pytest.mark.sec("SEC-44")
async def test_neither_proof_alone_suffices_and_no_saved_code_is_used_up_by_trying(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    begun = await begin(auth)
    code = await auth.code_sent()
    wrong = "000000" if code != "000000" else "000001"
    for proofs in ({}, {"code": code}, {"saved_code": codes[0]}, {"code": wrong, "saved_code": codes[0]}):
        assert (await complete(auth, begun, **proofs)).json()["code"] == "recovery_refused"
    assert (await complete(auth, begun, code=code, saved_code=codes[0])).status == 200


@pytest.mark.sec("LIM-21")
async def test_a_saved_code_counts_once_and_a_new_list_voids_the_old(auth: AuthService) -> None:
    await auth.active_account()
    old = await saved_codes(auth, PASSWORD)
    new = await saved_codes(auth, PASSWORD)
    begun = await begin(auth)
    code = await auth.code_sent()
    assert (await complete(auth, begun, code=code, saved_code=old[1])).status == 409
    assert (await complete(auth, begun, code=code, saved_code=new[1])).status == 200
    auth.clock.advance(MINUTE)
    again = await begin(auth)
    code = await auth.code_sent()
    assert (await complete(auth, again, code=code, saved_code=new[1])).status == 409
    assert (await complete(auth, again, code=code, saved_code=new[2], password=PASSWORD)).status == 200


@pytest.mark.sec("LIM-21")
async def test_saved_codes_are_stored_as_hashes_only_and_take_the_password_to_make(auth: AuthService) -> None:
    await auth.active_account()
    session = await auth.log_in()
    refused = await auth.post("/v1/me/saved-codes", {"password": NEW_PASSWORD}, caller=citizen_of(session))
    assert (refused.status, refused.json()["code"]) == (409, "password_wrong")
    made = await auth.post("/v1/me/saved-codes", {"password": PASSWORD}, caller=citizen_of(session))
    stored = await auth.everything_stored()
    for code in made.json()["codes"]:
        assert code not in stored
        assert code.replace("-", "") not in stored
    left = await auth.client.request("GET", "/v1/me/saved-codes", caller=citizen_of(session))
    assert left.json() == {"left": 8}
    assert (await auth.event_types())[-1] == "saved_codes_made"


@pytest.mark.req("V-10")
@pytest.mark.sec("OTC-10")
async def test_whoever_asks_gets_the_same_answer_and_nothing_is_looked_up_before_it(auth: AuthService) -> None:
    await auth.active_account()
    known = await ask(auth)
    others = [
        await ask(auth, social_insurance_number="9999999999"),
        await ask(auth, identity_number="066185000002"),
        await ask(auth, contact="email"),
    ]
    assert not [message for message in auth.secrets.messages() if message.purpose == "recovery"]
    for answer in others[:2]:
        assert (answer.status, answer.headers) == (known.status, known.headers)
        assert set(answer.json()) == set(known.json())
        assert answer.json()["expires_at"] == known.json()["expires_at"]
    again = [await ask(auth), await ask(auth, social_insurance_number="9999999999")]
    assert {(answer.status, answer.body) for answer in again} == {(429, again[0].body)}
    await prepare(auth)
    sent = [message for message in auth.secrets.messages() if message.purpose == "recovery"]
    assert [message.target for message in sent] == [PHONE]


@pytest.mark.sec("OTC-10")
async def test_a_decoy_refuses_what_is_shown_as_a_real_recovery_refuses_what_is_wrong(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    real = await begin(auth)
    code = await auth.code_sent()
    decoy = await begin(auth, social_insurance_number="9999999999")
    wrong = "000000" if code != "000000" else "000001"
    before = auth.password_comparisons()
    refused = await complete(auth, real, code=wrong, saved_code=codes[0])
    of_real = auth.password_comparisons() - before
    of_decoy = await complete(auth, decoy, code=code, saved_code=codes[0])
    assert (of_decoy.status, of_decoy.headers, of_decoy.body) == (refused.status, refused.headers, refused.body)
    assert auth.password_comparisons() - before == 2 * of_real == 2


@pytest.mark.sec("OTC-07")
async def test_a_recovery_begins_with_a_proof_of_work_used_once(auth: AuthService) -> None:
    without = await auth.post("/v1/recoveries", PAPERS)
    assert (without.status, without.json()["code"]) == (403, "human_check_required")
    headers = {"Human-Proof": await proof(auth), "X-Forwarded-For": "203.0.113.1"}
    answers = [
        await auth.client.request("POST", "/v1/recoveries", caller=a_guest(), json_body=PAPERS, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [202, 403]


@pytest.mark.sec("LIM-22")
async def test_a_recovery_a_minute_and_three_a_day_for_one_person(auth: AuthService) -> None:
    waits = []
    for _ in range(3):
        assert (await ask(auth)).status == 202
        refused = await ask(auth)
        waits.append((refused.status, refused.headers["retry-after"]))
        auth.clock.advance(MINUTE)
    assert waits == [(429, "60"), (429, "60"), (429, str(24 * 3600 - 120))]
    assert (await ask(auth)).status == 429
    auth.clock.advance(timedelta(hours=24) - 3 * MINUTE)
    assert (await ask(auth)).status == 202


async def test_only_the_device_that_began_it_can_complete_it(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    begun = await begin(auth)
    stolen = {"code": await auth.code_sent(), "saved_code": codes[0], "token": "rec_" + "A" * 43}
    assert (await complete(auth, begun, **stolen)).json()["code"] == "recovery_refused"


@pytest.mark.sec("LIM-21")
@pytest.mark.parametrize(("after", "status"), [(10 * MINUTE - timedelta(seconds=1), 200), (10 * MINUTE, 409)])
async def test_a_code_by_sms_lives_ten_minutes(auth: AuthService, after: timedelta, status: int) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    begun = await begin(auth)
    code = await auth.code_sent()
    auth.clock.advance(after)
    assert (await complete(auth, begun, code=code, saved_code=codes[0])).status == status


@pytest.mark.sec("LIM-01")
async def test_a_password_that_is_not_accepted_costs_neither_try_nor_saved_code(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    begun = await begin(auth)
    proofs = {"code": await auth.code_sent(), "saved_code": codes[0]}
    for bad in ("ngắn quá", "Nguyễn Thị Hoa 0123456789"):
        assert (await complete(auth, begun, **proofs, password=bad)).status == 422
    assert (await complete(auth, begun, **proofs)).status == 200


async def test_ten_tries_an_hour_for_one_recovery(auth: AuthService) -> None:
    await auth.active_account()
    begun = await begin(auth)
    answers = [await complete(auth, begun, saved_code="3F7K-9XQ2-T0BM-W8RD") for _ in range(11)]
    assert [answer.status for answer in answers] == [409] * 10 + [429]


async def test_an_account_that_was_never_activated_has_no_password_to_recover(auth: AuthService) -> None:
    await auth.open_account()
    await begin(auth)
    assert not auth.secrets.messages()


@pytest.mark.sec("F-35")
async def test_of_two_recoveries_at_once_exactly_one_sets_the_password(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    first = await begin(auth)
    first_code = await auth.code_sent()
    auth.clock.advance(MINUTE)
    second = await begin(auth)
    second_code = await auth.code_sent()
    passwords = ["một câu dài của người thứ nhất", "một câu dài của người thứ hai"]
    answers = await at_once(
        complete(auth, first, code=first_code, saved_code=codes[0], password=passwords[0]),
        complete(auth, second, code=second_code, saved_code=codes[1], password=passwords[1]),
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    won = [answer.status for answer in answers].index(200)
    assert (await auth.log_in(password=passwords[1 - won])).status == 401
    assert (await auth.log_in(password=passwords[won])).status == 201
    assert (await auth.event_types()).count("password_recovered") == 1


@pytest.mark.sec("F-35")
@pytest.mark.sec("I7")
async def test_of_ten_completions_of_one_recovery_at_once_one_wins(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    begun = await begin(auth)
    code = await auth.code_sent()
    answers = await at_once(*(complete(auth, begun, code=code, saved_code=codes[0]) for _ in range(10)))
    assert [answer.status for answer in answers].count(200) == 1


@pytest.mark.req("U-14")
async def test_a_take_over_goes_on_with_a_saved_code_when_the_phone_is_lost(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    first = (await auth.log_in()).json()["token"]
    take_over_id = await auth.second_device()
    await auth.ask_for_code(take_over_id)
    auth.clock.advance(6 * MINUTE)
    path = f"/v1/take-overs/{take_over_id}/saved-code"
    wrong = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")
    assert (await auth.post(path, {"saved_code": wrong})).json()["code"] == "code_refused"
    assert (await auth.verdict(first))["state"] == "valid"
    taken = await auth.post(path, {"saved_code": codes[0]})
    assert taken.status == 201, taken.body
    assert (await auth.verdict(first))["state"] == "replaced"
    assert (await auth.verdict(taken.json()["token"]))["state"] == "valid"
    assert "saved_code_used" in await auth.event_types()
    next_id = await auth.second_device()
    again = await auth.post(f"/v1/take-overs/{next_id}/saved-code", {"saved_code": codes[0]})
    assert again.json()["code"] == "code_refused"


@pytest.mark.sec("LIM-07")
async def test_five_saved_codes_are_tried_on_one_take_over(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    await auth.log_in()
    path = f"/v1/take-overs/{await auth.second_device()}/saved-code"
    for _ in range(5):
        await auth.post(path, {"saved_code": "3F7K-9XQ2-T0BM-W8RD"})
    assert (await auth.post(path, {"saved_code": codes[0]})).status == 409
