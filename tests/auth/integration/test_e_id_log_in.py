"""Log-in by e-ID through the API, with a provider over real HTTP: who gets in, who does not, and who is told what."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from ansinh_kit.testing.asgi_client import HttpAnswer
from auth.domain.access.commands import Unlock

from tests.auth.bound_devices import at_bound_device
from tests.auth.devices import first_device, state
from tests.auth.e_id import CITIZEN_NUMBER, DOWN, LOG_INS, OTHER_NUMBER, REFUSED, WithEId, code_of, with_e_id
from tests.auth.service import PHONE_DEVICE, TABLET, AuthService, at_once, citizen_of


@pytest.fixture
async def e_id(database: Database) -> AsyncIterator[WithEId]:
    async with with_e_id(database) as whole:
        yield whole


@pytest.mark.req("V-12")
async def test_an_e_id_lets_in_without_password_and_without_code(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    sent = len(e_id.auth.secrets.published)
    opened = await e_id.log_in()
    assert opened.status == 201, opened.body
    assert await state(e_id.auth, opened.json()["token"]) == "valid"
    await e_id.auth.send_secrets()
    assert len(e_id.auth.secrets.published) == sent
    session = await e_id.auth.client.request("GET", "/v1/sessions/current", caller=citizen_of(opened))
    assert session.json()["entered_by"] == "e_id"


@pytest.mark.req("V-12")
@pytest.mark.sec("SEC-41")
async def test_the_first_log_in_links_and_tells_the_holder_and_the_next_ones_are_ordinary(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    first = await e_id.log_in()
    await e_id.log_out(citizen_of(first))
    assert (await e_id.log_in()).status == 201
    told = [recorded.event for recorded in await e_id.auth.events() if recorded.event.event_type == "e_id_linked"]
    assert [(event.model_dump()["phone"], event.model_dump()["by"]) for event in told] == [("+84912345678", "log_in")]


@pytest.mark.sec("PII-05")
@pytest.mark.sec("PII-09")
async def test_nothing_stored_tells_who_the_provider_knows_the_person_as(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    started = await e_id.start()
    returned = await e_id.returned(started)
    assert (await e_id.confirm(started, returned)).status == 201
    stored = await e_id.auth.everything_stored()
    (linked,) = [recorded.event for recorded in await e_id.auth.events() if recorded.event.event_type == "e_id_linked"]
    for private in (linked.model_dump()["subject"], CITIZEN_NUMBER, *returned.values()):
        assert private not in stored


# Who does not get in


async def unknown(e_id: WithEId) -> HttpAnswer:
    return await e_id.log_in(OTHER_NUMBER)


async def not_activated(e_id: WithEId) -> HttpAnswer:
    await e_id.auth.open_account(
        declaration_id="e" * 32,
        person_id="c" * 32,
        social_insurance_number="0123456780",
        identity_number="066185000003",
        dossier_number="06601-2026-000002",
        phone="+84912345679",
    )
    return await e_id.log_in("066185000003")


async def locked(e_id: WithEId) -> HttpAnswer:
    account_id = await e_id.auth.account_id()
    await e_id.auth.use_cases.sessions.lock(account_id, "fraud", metadata=Metadata(correlation_id="lock"))
    return await e_id.log_in()


async def of_another_subject(e_id: WithEId) -> HttpAnswer:
    await e_id.log_out(citizen_of(await e_id.log_in()))
    e_id.there.misbehave("other_subject")
    return await e_id.log_in()


async def of_a_low_level(e_id: WithEId) -> HttpAnswer:
    e_id.there.misbehave("low_level")
    return await e_id.log_in()


async def shown_long_ago(e_id: WithEId) -> HttpAnswer:
    e_id.there.misbehave("stale")
    return await e_id.log_in()


async def without_a_number(e_id: WithEId) -> HttpAnswer:
    e_id.there.misbehave("no_number")
    return await e_id.log_in()


async def of_another_client(e_id: WithEId) -> HttpAnswer:
    e_id.there.misbehave("wrong_audience")
    return await e_id.log_in()


_REFUSED = (
    unknown,
    not_activated,
    locked,
    of_another_subject,
    of_a_low_level,
    shown_long_ago,
    without_a_number,
    of_another_client,
)


@pytest.mark.req("V-12")
@pytest.mark.req("S-10")
@pytest.mark.sec("OTC-10")
@pytest.mark.sec("SEC-42")
async def test_whoever_may_not_enter_is_told_the_same_whatever_the_reason(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    answers: list[tuple[int, dict[str, Any]]] = []
    for case in _REFUSED:
        answer = await case(e_id)
        assert code_of(answer) == REFUSED, case.__name__
        answers.append((answer.status, {**answer.json(), "request_id": None}))
        if case is locked:
            await _unlock(e_id)
    assert all(answer == answers[0] for answer in answers)
    assert (await e_id.log_in()).status == 201


async def _unlock(e_id: WithEId) -> None:
    command = Unlock(now=e_id.auth.clock.now(), reason="locked_by_mistake", staff_id="s" * 32, agency_code="06601")
    access = e_id.auth.use_cases.sessions._access
    await access.change(await e_id.auth.account_id(), command, metadata=Metadata(correlation_id="unlock"))


@pytest.mark.sec("OTC-10")
async def test_beginning_tells_nothing_of_anybody(e_id: WithEId) -> None:
    before = await e_id.start()
    await e_id.auth.active_account()
    after = await e_id.start()
    assert before.keys() == after.keys() == {"id", "secret", "authorization_url", "expires_at"}


# One round, one client, one time


@pytest.mark.sec("SEC-48")
@pytest.mark.sec("I7")
async def test_a_round_is_finished_once(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    started = await e_id.start()
    returned = await e_id.returned(started)
    assert (await e_id.confirm(started, returned)).status == 201
    assert code_of(await e_id.confirm(started, returned, replaces_session=True)) == REFUSED


@pytest.mark.sec("I6")
@pytest.mark.sec("F-35")
async def test_of_many_who_come_back_with_the_same_code_at_once_one_gets_in(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    started = await e_id.start()
    returned = await e_id.returned(started)
    answers = await at_once(*(e_id.confirm(started, returned, replaces_session=True) for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [201] + [401] * 19
    assert e_id.there.provider.asked["token"] == 1
    types = await e_id.auth.event_types()
    assert (types.count("session_opened"), types.count("e_id_linked")) == (1, 1)


@pytest.mark.sec("I6")
@pytest.mark.sec("F-35")
async def test_of_many_first_log_ins_at_once_one_links_and_one_is_in(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    rounds = [await e_id.start() for _ in range(6)]
    shown = [await e_id.returned(one) for one in rounds]
    answers = await at_once(*(e_id.confirm(*pair) for pair in zip(rounds, shown, strict=True)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5
    assert (await e_id.auth.event_types()).count("e_id_linked") == 1


@pytest.mark.sec("OTC-03")
async def test_another_client_s_answer_is_refused_and_spoils_nothing(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    mine, thief = await e_id.start(), await e_id.start()
    back = await e_id.returned(mine)
    stolen = await e_id.returned(thief)
    # The thief's answer slipped to me, mine in the thief's hands, and one round's secret with another round's id.
    assert code_of(await e_id.confirm(mine, {**stolen, "secret": mine["secret"]})) == REFUSED
    assert code_of(await e_id.confirm(mine, {**back, "secret": thief["secret"]})) == REFUSED
    assert code_of(await e_id.confirm(thief, back)) == REFUSED
    assert code_of(await e_id.confirm(mine, {**back, "state": "x" * 43})) == REFUSED
    assert (await e_id.confirm(mine, back)).status == 201


@pytest.mark.sec("OTC-03")
async def test_a_code_that_belongs_to_another_round_is_worth_nothing(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    mine, thief = await e_id.start(), await e_id.start()
    stolen = await e_id.returned(thief)
    back = await e_id.returned(mine)
    assert code_of(await e_id.confirm(mine, {**back, "code": stolen["code"]})) == REFUSED


async def test_a_round_ends_after_ten_minutes(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    late, in_time = await e_id.start(), await e_id.start()
    e_id.auth.clock.advance(timedelta(minutes=10) - timedelta(seconds=1))
    assert (await e_id.confirm(in_time, await e_id.returned(in_time))).status == 201
    e_id.auth.clock.advance(timedelta(seconds=1))
    assert code_of(await e_id.confirm(late, await e_id.returned(late))) == REFUSED


@pytest.mark.sec("SEC-01")
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"secret": "x"},
        {"state": ""},
        {"code": ""},
        {"code": "x" * 2049},
        {"code": "a\nb"},
        {"code": {"$ne": None}},
        {"role": "officer"},
    ],
    ids=range(8),
)
async def test_another_form_is_refused_before_anything_is_asked(e_id: WithEId, body: dict[str, object]) -> None:
    good = {"secret": f"eid_{'s' * 43}", "state": "s" * 43, "code": "c", "device": TABLET}
    answer = await e_id.auth.post(f"{LOG_INS}/{'0' * 32}/confirm", {**good, **body} if body else {})
    assert answer.status == 422
    assert e_id.there.provider.asked["token"] == 0


@pytest.mark.sec("SEC-03")
async def test_one_address_begins_only_so_many(e_id: WithEId) -> None:
    limit = e_id.auth.use_cases.e_id.log_in._rounds._rules.per_address
    for _ in range(100):
        await e_id.auth.use_cases.stored.throttles.admit(_address(e_id), limit, e_id.auth.clock.now())
    assert code_of(await e_id.auth.post(LOG_INS))[0] == 429
    assert (await e_id.auth.post(LOG_INS, address="203.0.113.2")).status == 201


def _address(e_id: WithEId) -> str:
    identities = e_id.auth.use_cases.e_id.log_in._identities
    return f"e-id-from:{identities.blind('address', '203.0.113.1')}"


# Another device is in


@pytest.mark.req("S-49")
@pytest.mark.req("S-50")
@pytest.mark.sec("SES-11")
async def test_another_device_is_put_out_by_a_code_as_after_a_password(e_id: WithEId) -> None:
    first = await first_device(e_id.auth)
    warned = await e_id.log_in()
    assert code_of(warned) == (409, "session_exists")
    assert await state(e_id.auth, first) == "valid"
    take_over = warned.json()["take_over_id"]
    confirmed = await e_id.auth.confirm(take_over, await e_id.auth.ask_for_code(take_over))
    assert confirmed.status == 201, confirmed.body
    assert (await e_id.auth.verdict(first))["state"] == "replaced"


@pytest.mark.req("S-49")
@pytest.mark.req("U-14")
@pytest.mark.sec("SES-11")
async def test_without_the_old_sim_the_e_id_is_shown_once_more(e_id: WithEId) -> None:
    first = await first_device(e_id.auth)
    assert code_of(await e_id.log_in()) == (409, "session_exists")
    assert await state(e_id.auth, first) == "valid"
    opened = await e_id.log_in(replaces_session=True)
    assert opened.status == 201
    verdict = await e_id.auth.verdict(first)
    assert (verdict["state"], verdict["new_device_kind"]) == ("replaced", "tablet")


@pytest.mark.sec("SES-10")
async def test_at_a_bound_device_the_session_is_that_device_s(e_id: WithEId) -> None:
    here = await at_bound_device(e_id.auth)
    started = await e_id.start()
    path = f"{LOG_INS}/{started['id']}/confirm"
    body = {**await e_id.returned(started), "device": PHONE_DEVICE}
    opened = await e_id.auth.post(path, body, proof=e_id.auth.proof(here.key, "POST", path))
    assert opened.status == 201, opened.body
    session = await e_id.auth.client.request("GET", "/v1/sessions/current", caller=citizen_of(opened))
    assert session.json()["device_thumbprint"] == here.key.thumbprint


# The provider is down


@pytest.mark.req("U-13")
async def test_while_the_provider_is_down_the_password_lets_in_and_everybody_is_told_so(e_id: WithEId) -> None:
    await e_id.auth.active_account()
    e_id.there.misbehave("server_error", "description", times=0)
    down = await e_id.auth.post(LOG_INS)
    assert code_of(down) == DOWN
    assert down.json()["still_possible"] == ["password", "passkey", "look_ups"]
    assert down.headers["retry-after"] == "60"
    assert (await e_id.auth.log_in()).status == 201
    e_id.there.provider.ways.clear()
    await e_id.start()


@pytest.mark.req("U-13")
@pytest.mark.sec("SEC-04")
@pytest.mark.parametrize(("kind", "place"), [("server_error", "token"), ("oversized", "keys"), ("no_token", "token")])
async def test_a_provider_that_goes_down_half_way_leaves_nothing_half(e_id: WithEId, kind: str, place: str) -> None:
    await e_id.auth.active_account()
    e_id.there.misbehave(kind, place)
    assert code_of(await e_id.log_in()) == DOWN
    assert not {"session_opened", "e_id_linked"} & set(await e_id.auth.event_types())
    assert (await e_id.log_in()).status == 201


@pytest.mark.req("U-13")
async def test_a_service_without_a_provider_says_what_works(database: Database) -> None:
    auth = AuthService(database)
    await auth.use_cases.prepare()
    assert code_of(await auth.post(LOG_INS)) == DOWN
    auth.pool.close()
