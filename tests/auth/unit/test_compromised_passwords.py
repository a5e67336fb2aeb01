"""A password that others may know opens nothing until it is another one (OTC-13): its rules."""

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.access.commands import (
    AccessCommand,
    Activate,
    ChangePassword,
    EndSession,
    Lock,
    MakeSavedCodes,
    MarkPasswordCompromised,
    RecoverPassword,
    ReplaceCompromisedPassword,
    Unlock,
)
from auth.domain.access.decider import access_of, decide, fold
from auth.domain.access.refusals import NoPasswordError, NotActiveError, ShownNoMoreError
from auth.domain.access_events import (
    ACCESS_EVENTS,
    AccessEvent,
    AccountLocked,
    PasswordChanged,
    PasswordMarkedCompromised,
    SessionOpened,
    SessionRevoked,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, IDLE, NOW, PERSON_ID, WHOLE, access, activated, open_session, session_opened

pytestmark = pytest.mark.sec("OTC-13")

OFFICER = {"staff_id": "s" * 32, "agency_code": "06601"}
FACTS = {"account_id": ACCOUNT_ID, "person_id": PERSON_ID, "occurred_at": NOW}
SETS_A_PASSWORD = {"account_activated", "password_changed", "password_recovered"}
entry = Scenario(access_of(access()), EventRegistry.of(ACCESS_EVENTS))
mark = MarkPasswordCompromised(now=NOW, reason="phishing", **OFFICER)


def marked(epoch: int) -> PasswordMarkedCompromised:
    return PasswordMarkedCompromised.model_validate({**FACTS, **OFFICER, "epoch": epoch, "reason": "phishing"})


def changed(epoch: int) -> PasswordChanged:
    return PasswordChanged.model_validate({**FACTS, "epoch": epoch})


def revoked(epoch: int, session_epoch: int) -> SessionRevoked:
    return SessionRevoked.model_validate(
        {**FACTS, "epoch": epoch, "session_epoch": session_epoch, "reason": "ended_by_staff"}
    )


def replace(password_epoch: int) -> ReplaceCompromisedPassword:
    return ReplaceCompromisedPassword(now=NOW, password_epoch=password_epoch)


def test_marking_ends_the_session_in_the_same_change_and_once() -> None:
    entry.given(activated(), session_opened()).when(mark).then(revoked(3, 2), marked(3))
    entry.given(activated(), marked(2)).when(mark).then()


def test_an_account_that_was_never_activated_has_no_password_to_mark() -> None:
    entry.when(mark).then_raises(NoPasswordError)


def test_a_locked_account_is_marked_too_and_is_so_when_it_is_unlocked() -> None:
    locked = AccountLocked.model_validate({**FACTS, "epoch": 2, "reason": "fraud"})
    entry.given(activated(), locked).when(mark).then(marked(3))
    entry.given(activated(), locked, marked(3)).when(replace(1)).then_raises(NotActiveError)


@pytest.mark.parametrize("way", ["password", "code", "device", "time_code"])
def test_no_way_in_by_the_marked_password_opens_a_session(way: str) -> None:
    entry.given(activated(), marked(2)).when(open_session(entered_by=way, replacing="any")).then_raises(
        ShownNoMoreError
    )


@pytest.mark.parametrize("way", ["passkey", "e_id"])
def test_a_way_in_without_the_password_is_left_as_it_is(way: str) -> None:
    entry.given(activated(), marked(2)).when(open_session(entered_by=way)).then(session_opened(3, entered_by=way))


def test_the_replaced_password_opens_sessions_again() -> None:
    entry.given(activated(), marked(2)).when(replace(1)).then(changed(3))
    entry.given(activated(), marked(2), changed(3)).when(open_session(password_epoch=3)).then(session_opened(4))


def test_only_the_password_that_is_marked_is_replaced_so() -> None:
    entry.given(activated()).when(replace(1)).then_raises(ShownNoMoreError)
    entry.given(activated(), marked(2), changed(3)).when(replace(1)).then_raises(ShownNoMoreError)
    entry.given(activated(), marked(2), changed(3), marked(4)).when(replace(1)).then_raises(ShownNoMoreError)


epochs = st.integers(0, 8)
commands = st.one_of(
    st.just(Activate(now=NOW, declaration_id="d" * 32)),
    st.just(mark),
    st.just(Lock(now=NOW, reason="fraud", by="staff", **OFFICER)),
    st.just(Unlock(now=NOW, reason="other", **OFFICER)),
    st.just(MakeSavedCodes(now=NOW, count=8)),
    st.builds(replace, epochs),
    st.builds(
        open_session,
        replacing=st.one_of(st.none(), st.just("any"), epochs),
        entered_by=st.sampled_from(["password", "code", "device", "passkey", "time_code", "e_id"]),
        saved_code=st.one_of(st.none(), st.integers(0, 7)),
    ),
    st.builds(EndSession, now=st.just(NOW), session_epoch=epochs, reason=st.just("logged_out")),
    st.builds(
        ChangePassword,
        now=st.just(NOW),
        session_epoch=epochs,
        idle_until=st.just(NOW + IDLE),
        absolute_until=st.just(NOW + WHOLE),
    ),
    st.builds(
        RecoverPassword, now=st.just(NOW), recovery_id=st.just("c" * 32), code_of=epochs, saved_code=st.integers(0, 7)
    ),
)


def recorded_of(history: list[AccessCommand]) -> list[AccessEvent]:
    """Return what happens when all of it is tried, after the account was activated."""
    recorded: list[AccessEvent] = [activated()]
    state = fold(access(), recorded)
    for command in history:
        try:
            events = decide(command, state)
        except DomainError:
            continue
        recorded += events
        state = fold(state, events)
    return recorded


@given(st.lists(commands, max_size=20))
def test_between_its_mark_and_the_next_password_nobody_comes_in_by_it_or_stays_in(history: list[AccessCommand]) -> None:
    is_marked, is_in = False, False
    for event in recorded_of(history):
        if isinstance(event, PasswordMarkedCompromised):
            assert not is_marked, "marked once"
            assert not is_in, "whoever was in is out with it"
            is_marked = True
        elif event.event_type in SETS_A_PASSWORD:
            is_marked = False
        elif isinstance(event, SessionOpened):
            assert not is_marked or event.entered_by in ("passkey", "e_id")
            is_in = True
        elif isinstance(event, SessionRevoked):
            is_in = False
