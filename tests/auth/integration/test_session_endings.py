"""An administrator ends every session there is (SEC-58): over with the answer, recorded one by one after it."""

from datetime import timedelta

import pytest
from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.callers import a_citizen, a_guest, an_officer
from auth.domain.access_events import SessionRevoked
from auth.handlers.session_news import SessionNews
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_updates import AccessUpdate
from auth.storage.integrator_tokens import IntegratorTokens, StoredToken

from tests.auth.builders import PASSWORD
from tests.auth.integration.test_integrators import registered, token_of
from tests.auth.service import AuthService, citizen_of
from tests.auth.staff_desk import REASON, Person, StaffDesk

PATH = "/session-endings"


@pytest.fixture
def desk(auth: AuthService) -> StaffDesk:
    return StaffDesk(auth)


async def everybody_in(desk: StaffDesk) -> tuple[Person, list[str]]:
    """Let an administrator, an officer and a citizen log in; return the administrator and all three tokens."""
    ada, officer = await desk.enrol("ada", "administrator"), await desk.enrol("hanh.le", "officer")
    await desk.auth.active_account()
    return ada, [ada.token, officer.token, (await desk.auth.log_in()).json()["token"]]


async def states(auth: AuthService, tokens: list[str]) -> set[str]:
    return {(await auth.verdict(token))["state"] for token in tokens}


@pytest.mark.sec("SEC-58")
@pytest.mark.sec("SES-12")
async def test_every_session_is_over_with_the_answer_and_everybody_may_log_in_again(desk: StaffDesk) -> None:
    ada, tokens = await everybody_in(desk)
    answer = await desk.ask(ada.caller, PATH, key="k" * 32)
    assert (answer.status, answer.json()) == (200, {"ended": 3})
    assert await states(desk.auth, tokens) == {"expired"}
    desk.auth.clock.advance(timedelta(seconds=1))
    again = await desk.auth.log_in()
    assert again.status == 201, "nobody is in whose place it would be"
    assert (await desk.ask(ada.caller, PATH, key="k" * 32)).json() == {"ended": 0}
    assert await states(desk.auth, [again.json()["token"]]) == {"valid"}, "the same request ends nothing more"


@pytest.mark.sec("SEC-58")
async def test_integrators_tokens_are_over_too_and_the_secret_gets_new_ones(desk: StaffDesk) -> None:
    ada, _ = await everybody_in(desk)
    credentials = await registered(desk.auth, "profile")
    tokens = [await token_of(desk.auth, credentials) for _ in range(2)]
    assert await states(desk.auth, tokens) == {"valid"}
    await desk.ask(ada.caller, PATH, key="k" * 32)
    assert await states(desk.auth, tokens) == {"expired"}
    desk.auth.clock.advance(timedelta(seconds=1))
    later = await token_of(desk.auth, credentials)
    await desk.ask(ada.caller, PATH, key="k" * 32)
    await desk.auth.use_cases.staff.all_sessions.follow_further()
    assert await states(desk.auth, [later]) == {"valid"}, "the same request ends nothing more"
    assert await states(desk.auth, tokens) == {"expired"}


@pytest.mark.sec("SEC-58")
@pytest.mark.sec("F-35")
async def test_a_token_that_was_on_its_way_when_all_were_ended_counts_for_nothing(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, _ = await everybody_in(desk)
    credentials = await registered(desk.auth, "profile")
    keep = IntegratorTokens.keep

    async def ended_first(tokens: IntegratorTokens, token: StoredToken) -> None:
        await desk.ask(ada.caller, PATH)
        await keep(tokens, token)

    with monkeypatch.context() as patched:
        patched.setattr(IntegratorTokens, "keep", ended_first)
        token = await token_of(desk.auth, credentials)
    assert await states(desk.auth, [token]) == {"expired"}


@pytest.mark.sec("SEC-58")
async def test_who_ended_them_and_why_stands_among_the_acts(desk: StaffDesk) -> None:
    ada, _ = await everybody_in(desk)
    await desk.ask(ada.caller, PATH)
    act = (await desk.see(ada.caller, "/acts")).json()["acts"][0]
    assert (act["act"], act["actor_id"], act["reason"]) == ("all_sessions_ended", ada.staff_id, REASON)
    assert REASON not in await desk.auth.everything_stored()


@pytest.mark.sec("SEC-58")
@pytest.mark.sec("API-05")
@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (a_guest(), 401),
        (a_citizen(), 403),
        (an_officer(), 403),
        (an_officer(roles=("officer", "supervisor")), 403),
        (an_officer(roles=("administrator",)), 403),
    ],
    ids=["guest", "citizen", "officer", "supervisor", "administrator who is none in the roster"],
)
async def test_nobody_but_an_administrator_ends_them(desk: StaffDesk, caller: Caller, status: int) -> None:
    _, tokens = await everybody_in(desk)
    assert (await desk.ask(caller, PATH)).status == status
    assert await states(desk.auth, tokens) == {"valid"}


@pytest.mark.sec("SEC-58")
@pytest.mark.sec("SES-06")
async def test_each_end_is_recorded_once_and_is_news_for_the_gateway(desk: StaffDesk) -> None:
    ada, tokens = await everybody_in(desk)
    news = SessionNews(desk.auth.log, is_ending=lambda: False)
    before = await desk.auth.log.last_position()
    await desk.ask(ada.caller, PATH)
    all_sessions = desk.auth.use_cases.staff.all_sessions
    assert (await all_sessions.follow_further(), await all_sessions.follow_further()) == (3, 0)
    ended = [each.event for each in await desk.auth.events() if isinstance(each.event, SessionRevoked)]
    assert [event.reason for event in ended] == ["ended_by_staff"] * 3
    heard = (await news.after(before, wait_seconds=0)).account_ids
    assert set(heard) == {event.account_id for event in ended}
    verdict = await desk.auth.verdict(tokens[2])
    assert (verdict["state"], verdict["reason"]) == ("expired", "ended_by_staff")


@pytest.mark.sec("SEC-58")
@pytest.mark.sec("SEC-04")
async def test_killed_before_the_first_session_was_over_the_worker_ends_them(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, tokens = await everybody_in(desk)

    async def killed(*_args: object) -> int:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(AccessDocuments, "expire_sessions", killed)
        assert (await desk.ask(ada.caller, PATH)).status == 500
    assert await states(desk.auth, tokens) == {"valid"}
    assert await desk.auth.use_cases.staff.all_sessions.follow_further() == 3
    assert await states(desk.auth, tokens) == {"expired"}


@pytest.mark.sec("SEC-58")
@pytest.mark.sec("F-35")
async def test_a_change_that_read_the_session_before_it_was_ended_does_not_bring_it_back(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth = desk.auth
    await auth.active_account()
    session = await auth.log_in()
    apply = AccessDocuments._apply
    ended: list[int] = []

    async def ended_meanwhile(documents: AccessDocuments, update: AccessUpdate) -> bool:
        if not ended:
            ended.append(await documents.expire_sessions(auth.clock.now()))
        return await apply(documents, update)

    monkeypatch.setattr(AccessDocuments, "_apply", ended_meanwhile)
    await auth.post("/v1/me/saved-codes", {"password": PASSWORD}, caller=citizen_of(session))
    assert ended == [1]
    assert await states(auth, [session.json()["token"]]) == {"expired"}
