from datetime import timedelta

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.access.commands import AccessCommand, Activate, EndSession, Lock
from auth.domain.access.decider import access_of, decide, fold
from auth.domain.access.refusals import AlreadyActiveError, NotActiveError, SessionLiveError, SessionMovedOnError
from auth.domain.access_events import ACCESS_EVENTS, AccessEvent, AccountLocked, SessionRevoked
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, IDLE, NOW, PERSON_ID, WHOLE, access, activated, open_session, session_opened

entry = Scenario(access_of(access()), EventRegistry.of(ACCESS_EVENTS))
activate = Activate(now=NOW, declaration_id="d" * 32)


def revoked(epoch: int, session_epoch: int, reason: str, **changes: object) -> SessionRevoked:
    facts = {
        "account_id": ACCOUNT_ID,
        "person_id": PERSON_ID,
        "epoch": epoch,
        "occurred_at": NOW,
        "session_epoch": session_epoch,
        "reason": reason,
    }
    return SessionRevoked.model_validate(facts | changes)


def test_an_opened_account_is_activated_once() -> None:
    entry.when(activate).then(activated())
    entry.given(activated()).when(activate).then_raises(AlreadyActiveError)


@pytest.mark.req("S-10")
def test_an_account_that_was_not_activated_cannot_be_entered() -> None:
    entry.when(open_session()).then_raises(NotActiveError)


@pytest.mark.req("S-48")
def test_a_second_device_cannot_enter_while_the_first_is_in() -> None:
    entry.given(activated(), session_opened()).when(open_session(device_kind="tablet")).then_raises(SessionLiveError)


@pytest.mark.req("S-51")
@pytest.mark.sec("SES-11")
def test_a_take_over_ends_the_first_session_and_opens_the_second_in_one_change() -> None:
    entry.given(activated(), session_opened()).when(open_session(device_kind="tablet", replacing=2)).then(
        revoked(3, 2, "replaced", new_device_kind="tablet"),
        session_opened(3, device_kind="tablet"),
    )


@pytest.mark.req("S-53")
def test_a_take_over_of_a_session_that_was_already_replaced_is_lost() -> None:
    entry.given(activated(), session_opened(), revoked(3, 2, "replaced"), session_opened(3)).when(
        open_session(replacing=2)
    ).then_raises(SessionMovedOnError)


def test_a_take_over_is_lost_if_the_first_device_logged_out_meanwhile() -> None:
    entry.given(activated(), session_opened(), revoked(3, 2, "logged_out")).when(open_session(replacing=2)).then_raises(
        SessionMovedOnError
    )


def test_an_expired_session_is_no_obstacle_and_is_said_to_have_expired() -> None:
    later = NOW + IDLE
    entry.given(activated(), session_opened()).when(open_session(later)).then(
        revoked(3, 2, "expired", occurred_at=later), session_opened(3, later)
    )


def test_a_locked_account_has_no_session_and_cannot_be_entered() -> None:
    locked = AccountLocked(account_id=ACCOUNT_ID, person_id=PERSON_ID, epoch=3, occurred_at=NOW, reason="fraud")
    entry.given(activated(), session_opened()).when(Lock(now=NOW, reason="fraud")).then(revoked(3, 2, "locked"), locked)
    entry.given(activated(), locked).when(open_session()).then_raises(NotActiveError)


@pytest.mark.sec("SES-12")
def test_a_log_out_ends_its_own_session_and_no_other() -> None:
    entered = entry.given(activated(), session_opened())
    entered.when(EndSession(now=NOW, session_epoch=2, reason="logged_out")).then(revoked(3, 2, "logged_out"))
    entered.when(EndSession(now=NOW, session_epoch=1, reason="logged_out")).then()


@pytest.mark.sec("LIM-16")
@pytest.mark.parametrize(
    ("after", "live"),
    [(IDLE - timedelta(seconds=1), True), (IDLE, False), (IDLE + timedelta(seconds=1), False)],
)
def test_a_session_is_live_until_its_idle_time_is_over(after: timedelta, *, live: bool) -> None:
    session = fold(access(), [activated(), session_opened()]).session
    assert session is not None
    assert session.is_live(NOW + after) is live


@pytest.mark.sec("LIM-16")
def test_a_session_never_outlives_its_whole_time() -> None:
    session = fold(access(), [activated(), session_opened(idle_until=NOW + WHOLE + IDLE)]).session
    assert session is not None
    assert session.is_live(NOW + WHOLE - timedelta(seconds=1))
    assert not session.is_live(NOW + WHOLE)


commands = st.one_of(
    st.just(activate),
    st.just(Lock(now=NOW, reason="fraud")),
    st.builds(open_session, replacing=st.one_of(st.none(), st.just("any"), st.integers(0, 6))),
    st.builds(EndSession, now=st.just(NOW), session_epoch=st.integers(0, 6), reason=st.just("logged_out")),
)


@given(st.lists(commands, max_size=12))
@pytest.mark.sec("SES-02")
def test_every_change_moves_the_epoch_by_one_and_at_most_one_session_is_open(history: list[AccessCommand]) -> None:
    state = access()
    recorded: list[AccessEvent] = []
    for command in history:
        try:
            events = decide(command, state)
        except DomainError:
            continue
        after = fold(state, events)
        assert after.epoch == state.epoch + bool(events)
        assert {event.epoch for event in events} <= {after.epoch}
        recorded += events
        state = after
    assert state.version == len(recorded)
    opened = [event.epoch for event in recorded if event.event_type == "session_opened"]
    ended = [event.session_epoch for event in recorded if isinstance(event, SessionRevoked)]
    present = [state.session.epoch] if state.session else []
    assert opened == [*ended, *present]
