import asyncio
from datetime import timedelta

import pytest
from ansinh_contracts.session_check import SESSION_CHECK_PATH, hash_token
from ansinh_kit.events import Metadata
from ansinh_kit.testing.callers import a_citizen, a_guest, a_service, an_officer
from ansinh_kit.testing.routes import run_in_threads
from auth.domain.access.commands import OpenSession
from auth.domain.code_subjects import TakeOver
from auth.handlers.sessions import OpenedSession

from tests.auth.service import AuthService, citizen_of
from tests.database_commands import commands_sent

SECOND = timedelta(seconds=1)
STORY = Metadata("story")
DEVICE = TakeOver(epoch=0, device_kind="tablet")


async def opened(auth: AuthService, account_id: str) -> OpenedSession:
    entry = await auth.use_cases.sessions._access.find(account_id)
    assert entry is not None
    return await auth.use_cases.sessions.open(entry, DEVICE, replacing="any", metadata=STORY)


async def states(auth: AuthService, tokens: list[str]) -> list[str]:
    verdicts = await auth.use_cases.stored.lookup.verdicts([hash_token(token) for token in tokens], auth.clock.now())
    return [verdict.state for verdict in verdicts.values()]


@pytest.mark.sec("SES-04")
async def test_a_question_begun_after_the_second_devices_answer_never_finds_the_first_valid(auth: AuthService) -> None:
    account_id = await auth.active_account()
    token = (await opened(auth, account_id)).token
    for _ in range(300):
        during = [asyncio.create_task(states(auth, [token])) for _ in range(2)]
        successor = (await opened(auth, account_id)).token
        assert await states(auth, [token, successor]) == ["replaced", "valid"]
        assert {state for answer in await asyncio.gather(*during) for state in answer} <= {"valid", "replaced"}
        token = successor


@pytest.mark.sec("SES-05")
async def test_no_verdict_comes_without_a_read_that_a_deposed_primary_cannot_answer(auth: AuthService) -> None:
    valid = (await opened(auth, await auth.active_account())).token
    for tokens in ([valid], ["sit_nobodys"], [valid, "sit_nobodys"]):
        with commands_sent() as commands:
            await states(auth, tokens)
        assert commands[-1]["readConcern"] == {"level": "linearizable"}


async def test_the_session_of_most_requests_is_found_with_one_question(auth: AuthService) -> None:
    token = (await opened(auth, await auth.active_account())).token
    with commands_sent() as commands:
        assert await states(auth, [token]) == ["valid"]
    assert [command["find"] for command in commands] == ["access"]


def test_no_route_waits_for_a_thread(auth: AuthService) -> None:
    assert not run_in_threads(auth.app)


@pytest.mark.sec("I6")
async def test_never_are_two_sessions_of_an_account_valid(auth: AuthService) -> None:
    account_id = await auth.active_account()
    rivals = await asyncio.gather(*(opened(auth, account_id) for _ in range(15)))
    verdicts = await states(auth, [rival.token for rival in rivals])
    assert verdicts.count("valid") == 1
    assert len({rival.epoch for rival in rivals}) == len(rivals)


@pytest.mark.req("S-52")
async def test_the_first_device_is_told_when_and_by_what_it_was_replaced(auth: AuthService) -> None:
    account_id = await auth.active_account()
    first = (await auth.log_in()).json()["token"]
    auth.clock.advance(90 * SECOND)
    await opened(auth, account_id)
    assert await auth.verdict(first) == {
        "state": "replaced",
        "replaced_at": auth.clock.now().isoformat().replace("+00:00", "Z"),
        "new_device_kind": "tablet",
    }


async def test_the_gateway_learns_all_that_the_assertion_says(auth: AuthService) -> None:
    account_id = await auth.active_account()
    session = (await auth.log_in()).json()
    assert await auth.verdict(session["token"]) == {
        "state": "valid",
        "kind": "citizen",
        "account_id": account_id,
        "person_id": "b" * 32,
        "roles": [],
        "agency_code": None,
        "epoch": session["epoch"],
        "scopes": [],
    }


@pytest.mark.sec("LIM-16")
@pytest.mark.parametrize(("quiet", "state"), [(1800 * SECOND - SECOND, "valid"), (1800 * SECOND, "expired")])
async def test_a_session_ends_after_thirty_quiet_minutes(auth: AuthService, quiet: timedelta, state: str) -> None:
    await auth.active_account()
    token = (await auth.log_in()).json()["token"]
    auth.clock.advance(quiet)
    assert (await auth.verdict(token))["state"] == state


@pytest.mark.sec("LIM-16")
async def test_a_busy_session_ends_after_a_day_in_any_case(auth: AuthService) -> None:
    account_id = await auth.active_account()
    token = (await auth.log_in()).json()["token"]
    for _ in range(60):
        assert (await auth.verdict(token))["state"] == "valid"
        auth.clock.advance(timedelta(minutes=24))
    assert (await auth.verdict(token))["state"] == "expired"
    entry = await auth.use_cases.sessions._access.find(account_id)
    assert entry is not None
    assert entry.access.session is not None
    assert entry.access.session.idle_until == entry.access.session.absolute_until


@pytest.mark.sec("SES-12")
async def test_activity_is_written_at_most_once_a_minute(auth: AuthService) -> None:
    account_id = await auth.active_account()
    token = (await auth.log_in()).json()["token"]

    async def idle_until() -> object:
        entry = await auth.use_cases.sessions._access.find(account_id)
        assert entry is not None
        assert entry.access.session is not None
        return entry.access.session.idle_until

    before = await idle_until()
    auth.clock.advance(59 * SECOND)
    await auth.verdict(token)
    assert await idle_until() == before
    auth.clock.advance(SECOND)
    await auth.verdict(token)
    assert await idle_until() == auth.clock.now() + timedelta(minutes=30)


@pytest.mark.sec("SEC-54")
async def test_an_expired_session_gives_way_without_a_code(auth: AuthService) -> None:
    await auth.active_account()
    first = (await auth.log_in()).json()["token"]
    auth.clock.advance(timedelta(minutes=30))
    assert (await auth.log_in()).status == 201
    assert (await auth.verdict(first))["state"] == "expired"


@pytest.mark.req("S-17")
@pytest.mark.sec("SEC-55")
async def test_a_log_out_is_final_and_may_come_twice(auth: AuthService) -> None:
    await auth.active_account()
    session = await auth.log_in()
    for _ in range(2):
        ended = await auth.client.request("DELETE", "/v1/sessions/current", caller=citizen_of(session))
        assert ended.status == 204
    assert (await auth.verdict(session.json()["token"]))["state"] == "expired"
    shown = await auth.client.request("GET", "/v1/sessions/current", caller=citizen_of(session))
    assert shown.status == 404


async def test_a_late_log_out_of_the_first_device_does_not_end_the_second(auth: AuthService) -> None:
    account_id = await auth.active_account()
    first = await auth.log_in()
    second = await opened(auth, account_id)
    await auth.client.request("DELETE", "/v1/sessions/current", caller=citizen_of(first))
    assert await states(auth, [second.token]) == ["valid"]


@pytest.mark.sec("SEC-56")
async def test_a_lock_ends_the_session(auth: AuthService) -> None:
    account_id = await auth.active_account()
    token = (await auth.log_in()).json()["token"]
    await auth.use_cases.sessions.lock(account_id, "fraud", metadata=STORY)
    assert (await auth.verdict(token))["state"] == "expired"


@pytest.mark.sec("SEC-53")
async def test_every_session_has_a_new_token(auth: AuthService) -> None:
    account_id = await auth.active_account()
    tokens = {(await opened(auth, account_id)).token for _ in range(5)}
    assert len(tokens) == 5
    assert all(token.startswith("sit_") and len(token) == 47 for token in tokens)


async def test_what_was_never_a_session_is_unknown(auth: AuthService) -> None:
    assert await auth.verdict("sit_" + "x" * 43) == {"state": "unknown", "reason": None, "ended_at": None}


@pytest.mark.sec("SEC-40")
async def test_only_a_service_may_ask_about_sessions(auth: AuthService) -> None:
    question = {"token_hashes": [hash_token("sit_x")]}
    assert (await auth.post(SESSION_CHECK_PATH, question, caller=a_guest())).status == 401
    assert (await auth.post(SESSION_CHECK_PATH, question, caller=a_citizen())).status == 403
    assert (await auth.post(SESSION_CHECK_PATH, question, caller=an_officer())).status == 403
    unsigned = await auth.client.request("POST", SESSION_CHECK_PATH, json_body=question)
    assert unsigned.status == 401


@pytest.mark.sec("LIM-19")
async def test_256_tokens_are_answered_and_257_refused(auth: AuthService) -> None:
    await auth.active_account()
    valid = hash_token((await auth.log_in()).json()["token"])
    hashes = [valid, *(hash_token(f"sit_{number}") for number in range(255))]
    answer = await auth.post(SESSION_CHECK_PATH, {"token_hashes": hashes}, caller=a_service())
    found = answer.json()["sessions"]
    assert (len(found), found[valid]["state"]) == (256, "valid")
    too_many = await auth.post(SESSION_CHECK_PATH, {"token_hashes": [*hashes, hash_token("x")]}, caller=a_service())
    assert too_many.status == 422


async def test_a_command_that_opens_a_session_cannot_forget_its_token(auth: AuthService) -> None:
    account_id = await auth.active_account()
    now = auth.clock.now()
    command = OpenSession(now=now, device_kind="phone", idle_until=now, absolute_until=now)
    with pytest.raises(ValueError, match="opened with its token"):
        await auth.use_cases.sessions._access.change(account_id, command, metadata=STORY)
