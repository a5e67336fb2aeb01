"""Bound devices and passkeys: who may add and remove them, and what a bound device's session is worth."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from ansinh_kit.errors import DomainError, NotFoundError
from ansinh_kit.events import DomainEvent, EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.access.commands import (
    AccessCommand,
    AddPasskey,
    BindDevice,
    EndSession,
    RemoveDevice,
    RemovePasskey,
)
from auth.domain.access.decider import access_of, decide, fold
from auth.domain.access.devices import MOST_DEVICES
from auth.domain.access.passkeys import MOST_PASSKEYS
from auth.domain.access.refusals import (
    DeviceKeyNeededError,
    DeviceNotBoundError,
    OtherDeviceBoundError,
    PasskeyAlreadyAddedError,
    SessionLiveError,
    SessionOverError,
    StrongerLogInNeededError,
    TooManyDevicesError,
    TooManyPasskeysError,
)
from auth.domain.access.state import Access
from auth.domain.access_events import (
    ACCESS_EVENTS,
    AccessEvent,
    DeviceBound,
    DeviceRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    SessionRevoked,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import ACCOUNT_ID, IDLE, NOW, PERSON_ID, access, activated, open_session, session_opened

KEY, OTHER_KEY = "k" * 43, "o" * 43
PASSKEY = "c" * 32
MONTH = timedelta(days=30)
QUARTER = timedelta(minutes=15)
entry = Scenario(access_of(access()), EventRegistry.of(ACCESS_EVENTS))


def facts(epoch: int, at: datetime = NOW) -> dict[str, Any]:
    return {"account_id": ACCOUNT_ID, "person_id": PERSON_ID, "epoch": epoch, "occurred_at": at}


def bind(key: str | None = KEY, *, now: datetime = NOW, session_epoch: int = 2) -> BindDevice:
    return BindDevice(now=now, session_epoch=session_epoch, proven_by=key, kind="phone", reopens_until=now + MONTH)


def bound(epoch: int = 3, key: str = KEY, *, at: datetime = NOW, session_epoch: int = 2) -> DeviceBound:
    return DeviceBound(
        **facts(epoch, at), thumbprint=key, device_kind="phone", session_epoch=session_epoch, reopens_until=at + MONTH
    )


def add(passkey_id: str = PASSKEY, *, proven_by: str | None = None, now: datetime = NOW) -> AddPasskey:
    return AddPasskey(now=now, session_epoch=2, proven_by=proven_by, passkey_id=passkey_id)


def remove(key: str = KEY, *, proven_by: str | None = None, now: datetime = NOW) -> RemoveDevice:
    return RemoveDevice(now=now, session_epoch=2, proven_by=proven_by, thumbprint=key)


def added(epoch: int = 3, passkey_id: str = PASSKEY) -> PasskeyAdded:
    return PasskeyAdded(**facts(epoch), passkey_id=passkey_id)


def entered(*events: DomainEvent, **session: Any) -> Scenario[AccessCommand, Access, AccessEvent]:  # noqa: ANN401 - fields of the event
    return entry.given(activated(), session_opened(**session), *events)


@pytest.mark.sec("SES-10")
def test_a_device_is_bound_in_the_session_that_shows_its_key() -> None:
    entered().when(bind()).then(bound())
    entered().when(bind(None)).then_raises(DeviceKeyNeededError)
    entered().when(bind(session_epoch=7)).then_raises(SessionOverError)
    entry.given(activated()).when(bind()).then_raises(SessionOverError)


@pytest.mark.sec("LIM-16")
def test_a_device_that_is_bound_again_reopens_for_longer_and_is_still_one_device() -> None:
    later = NOW + timedelta(minutes=5)
    again = bound(4, at=later)
    entered(bound()).when(bind(now=later)).then(again)
    state = fold(access(), [activated(), session_opened(), bound(), again])
    assert [device.reopens_until for device in state.devices] == [later + MONTH]


@pytest.mark.sec("SES-10")
def test_a_session_that_belongs_to_one_device_binds_no_other() -> None:
    entered(bound()).when(bind(OTHER_KEY)).then_raises(OtherDeviceBoundError)


def test_nobody_has_more_devices_or_passkeys_than_they_can_keep_an_eye_on() -> None:
    others = [bound(3 + n, f"{n}" * 43, session_epoch=99) for n in range(MOST_DEVICES)]
    assert entered(*others).when(bind()).then_raises(TooManyDevicesError).most == MOST_DEVICES
    passkeys = [added(3 + n, f"{n:032d}") for n in range(MOST_PASSKEYS)]
    refused = entered(*passkeys, entered_by="code").when(add()).then_raises(TooManyPasskeysError)
    assert refused.most == MOST_PASSKEYS


@pytest.mark.sec("LIM-16")
def test_a_bound_device_reopens_its_own_live_session_without_a_code() -> None:
    reopening = open_session(device_thumbprint=KEY, entered_by="device")
    ended = SessionRevoked(**facts(4), session_epoch=2, reason="reopened")
    opened = session_opened(4, device_thumbprint=KEY, entered_by="device")
    entered(bound()).when(reopening).then(ended, opened)


@pytest.mark.sec("LIM-16")
@pytest.mark.parametrize(
    ("history", "asked"),
    [
        ([bound()], {}),  # no key shown
        ([bound(3, session_epoch=99)], {"device_thumbprint": KEY}),  # the session is another device's
        ([bound(3, at=NOW - MONTH)], {"device_thumbprint": KEY}),  # bound too long ago
    ],
)
def test_nobody_else_gets_past_a_live_session_without_a_take_over(
    history: list[DeviceBound], asked: dict[str, Any]
) -> None:
    entered(*history).when(open_session(**asked)).then_raises(SessionLiveError)


@pytest.mark.sec("SES-10")
def test_a_device_that_was_removed_meanwhile_opens_no_session() -> None:
    entry.given(activated()).when(open_session(device_thumbprint=KEY)).then_raises(DeviceNotBoundError)


@pytest.mark.sec("SES-10")
def test_in_a_bound_session_nothing_that_lets_in_changes_without_a_proof() -> None:
    for command in (remove(), add(), remove(proven_by=OTHER_KEY), add(proven_by=OTHER_KEY)):
        entered(bound()).when(command).then_raises(DeviceKeyNeededError)
    entered(bound()).when(add(proven_by=KEY)).then(added(4))


@pytest.mark.sec("SEC-59")
@pytest.mark.parametrize(
    ("entered_by", "age", "allowed"),
    [
        ("password", timedelta(0), False),
        ("code", QUARTER - timedelta(seconds=1), True),
        ("code", QUARTER, False),
        ("passkey", timedelta(0), True),
        ("time_code", timedelta(0), True),
    ],
)
def test_without_a_key_only_a_fresh_and_strong_log_in_changes_what_lets_in(
    *, entered_by: str, age: timedelta, allowed: bool
) -> None:
    outcome = entered(entered_by=entered_by).when(add(now=NOW + age))
    if allowed:
        outcome.then(PasskeyAdded(**facts(3, NOW + age), passkey_id=PASSKEY))
    else:
        outcome.then_raises(StrongerLogInNeededError)


def test_removing_the_device_one_sits_at_ends_its_session_and_removing_another_does_not() -> None:
    removed = DeviceRemoved(**facts(4), thumbprint=KEY, device_kind="phone")
    ended = SessionRevoked(**facts(4), session_epoch=2, reason="logged_out")
    entered(bound()).when(remove(proven_by=KEY)).then(ended, removed)
    entered(bound(session_epoch=99), entered_by="code").when(remove()).then(removed)
    entered(entered_by="code").when(remove()).then_raises(NotFoundError)


def test_a_passkey_is_added_once_and_removed_once() -> None:
    entered(added(), entered_by="code").when(add()).then_raises(PasskeyAlreadyAddedError)
    gone = RemovePasskey(now=NOW, session_epoch=2, passkey_id=PASSKEY)
    removed = PasskeyRemoved(**facts(4), passkey_id=PASSKEY)
    entered(added(), entered_by="code").when(gone).then(removed)
    entered(added(), removed, entered_by="code").when(gone).then_raises(NotFoundError)


_KEYS = st.sampled_from([KEY, OTHER_KEY, None])
_EPOCHS = st.integers(2, 12)
_MOMENTS = st.integers(0, 40).map(lambda minutes: NOW + timedelta(minutes=minutes))
_COMMANDS: st.SearchStrategy[AccessCommand] = st.one_of(
    st.builds(
        open_session,
        _MOMENTS,
        device_thumbprint=_KEYS,
        entered_by=st.sampled_from(["password", "code", "device", "passkey"]),
        replacing=st.sampled_from([None, "any"]),
    ),
    st.builds(lambda key, now, epoch: bind(key, now=now, session_epoch=epoch), _KEYS, _MOMENTS, _EPOCHS),
    st.builds(RemoveDevice, now=_MOMENTS, session_epoch=_EPOCHS, proven_by=_KEYS, thumbprint=st.just(KEY)),
    st.builds(AddPasskey, now=_MOMENTS, session_epoch=_EPOCHS, proven_by=_KEYS, passkey_id=st.just(PASSKEY)),
    st.builds(RemovePasskey, now=_MOMENTS, session_epoch=_EPOCHS, proven_by=_KEYS, passkey_id=st.just(PASSKEY)),
    st.builds(EndSession, now=_MOMENTS, session_epoch=_EPOCHS, reason=st.just("logged_out")),
)


@pytest.mark.sec("SES-10")
@given(st.lists(_COMMANDS, max_size=14))
def test_whatever_is_asked_no_factor_changes_unproven_and_no_session_is_bound_to_a_foreign_key(
    commands: list[AccessCommand],
) -> None:
    state = fold(access(), [activated()])
    for command in commands:
        try:
            events = decide(command, state)
        except DomainError:
            continue
        before, state = state, fold(state, events)
        if isinstance(command, RemoveDevice | AddPasskey | RemovePasskey):
            session = before.session
            assert session is not None
            proven = session.device_thumbprint is not None and command.proven_by == session.device_thumbprint
            strong = session.device_thumbprint is None and session.entered_by in ("code", "passkey")
            assert proven or (strong and command.now < session.issued_at + QUARTER)
        if state.session is not None and state.session.device_thumbprint is not None:
            assert state.device(state.session.device_thumbprint) is not None
        assert len({device.thumbprint for device in state.devices}) == len(state.devices)
        assert state.epoch == before.epoch + bool(events)


def test_an_idle_session_is_no_obstacle_to_any_device() -> None:
    later = NOW + IDLE
    entered(bound()).when(open_session(later, device_thumbprint=KEY)).then(
        SessionRevoked(**facts(4, later), session_epoch=2, reason="expired"),
        session_opened(4, later, device_thumbprint=KEY),
    )
