"""Who may set a new password, whatever happened before."""

from datetime import timedelta

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.access.commands import AccessCommand, Activate, ChangePassword, EndSession, Lock
from auth.domain.access.decider import access_of, decide, fold
from auth.domain.access.refusals import NotActiveError, SessionOverError
from auth.domain.access_events import ACCESS_EVENTS, PasswordChanged, SessionRevoked
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, IDLE, NOW, PERSON_ID, WHOLE, access, activated, open_session, session_opened

entry = Scenario(access_of(access()), EventRegistry.of(ACCESS_EVENTS))
SOON = NOW + timedelta(minutes=1)


def change(session_epoch: int = 2) -> ChangePassword:
    return ChangePassword(now=SOON, session_epoch=session_epoch, idle_until=SOON + IDLE, absolute_until=SOON + WHOLE)


@pytest.mark.req("S-23")
@pytest.mark.sec("SEC-57")
def test_the_session_of_before_ends_and_its_device_goes_on_bound_as_it_was() -> None:
    facts = {"account_id": ACCOUNT_ID, "person_id": PERSON_ID, "epoch": 3, "occurred_at": SOON}
    entry.given(activated(), session_opened(device_thumbprint="key")).when(change()).then(
        PasswordChanged.model_validate(facts),
        SessionRevoked.model_validate(facts | {"session_epoch": 2, "reason": "password_changed"}),
        session_opened(3, SOON, device_thumbprint="key", entered_by="code"),
    )


def test_nobody_changes_a_password_from_outside_or_from_a_session_that_is_over() -> None:
    entry.given(activated()).when(change()).then_raises(SessionOverError)
    entry.given(activated(), session_opened()).when(change(1)).then_raises(SessionOverError)
    expired = session_opened(idle_until=SOON)
    entry.given(activated(), expired).when(change()).then_raises(SessionOverError)
    entry.when(change()).then_raises(NotActiveError)


commands = st.one_of(
    st.just(Activate(now=NOW, declaration_id="d" * 32)),
    st.just(Lock(now=NOW, reason="fraud")),
    st.builds(open_session, replacing=st.one_of(st.none(), st.just("any"))),
    st.builds(EndSession, now=st.just(NOW), session_epoch=st.integers(0, 6), reason=st.just("logged_out")),
    st.builds(change, st.integers(0, 8)),
)


@given(history=st.lists(commands, max_size=10), session_epoch=st.integers(0, 12))
@pytest.mark.sec("OTC-13")
def test_a_password_changes_in_its_own_live_session_only_and_takes_that_session_s_place(
    history: list[AccessCommand], session_epoch: int
) -> None:
    state = access()
    for command in history:
        try:
            state = fold(state, decide(command, state))
        except DomainError:
            continue
    may = state.status == "active" and state.session is not None and state.session.epoch == session_epoch
    try:
        after = fold(state, decide(change(session_epoch), state))
    except (NotActiveError, SessionOverError):
        assert not may
        return
    assert may
    assert after.epoch == after.password_epoch == state.epoch + 1
    assert after.session is not None
    assert after.session.epoch == after.epoch
