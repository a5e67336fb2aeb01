"""What it takes to replace a forgotten password, to lock and to unlock: the rules, without anything around them."""

from datetime import timedelta

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.access.commands import (
    AccessCommand,
    Activate,
    ApproveRecovery,
    Lock,
    MakeSavedCodes,
    RecoverPassword,
    Unlock,
    WithdrawRecovery,
)
from auth.domain.access.decider import access_of, decide, fold
from auth.domain.access.recoveries import way_of
from auth.domain.access.refusals import NotActiveError, SavedCodeSpentError
from auth.domain.access.state import Access
from auth.domain.access_events import ACCESS_EVENTS, AccessEvent, PasswordRecovered, SavedCodeUsed
from auth.domain.recoveries import RecoveryRefusedError, RecoveryRules, new_reference, normalised_reference
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.builders import NOW, access, activated, open_session, session_opened

RECOVERY = "c" * 32
OTHER = "e" * 32
OFFICER = {"staff_id": "s" * 32, "agency_code": "06601"}
DAY = timedelta(days=1)
WITH_SAVED_CODE: dict[str, object] = {"code_of": 1, "saved_code": 3}
entry = Scenario(access_of(access()), EventRegistry.of(ACCESS_EVENTS))


def approve(recovery_id: str = RECOVERY) -> ApproveRecovery:
    opens_at, ends_at = RecoveryRules().counter_span(NOW)
    return ApproveRecovery.model_validate(
        {
            **OFFICER,
            "now": NOW,
            "recovery_id": recovery_id,
            "reason": "phone_lost",
            "paper": "citizen_id",
            "opens_at": opens_at,
            "ends_at": ends_at,
        }
    )


def recover(after: timedelta, proofs: dict[str, object]) -> RecoverPassword:
    return RecoverPassword.model_validate({"now": NOW + after, "recovery_id": RECOVERY, **proofs})


def state_after(*commands: AccessCommand) -> Access:
    """Return an activated account with a live session, after `commands`."""
    state = fold(access(), [activated(), session_opened()])
    for command in commands:
        state = fold(state, decide(command, state))
    return state


saved = MakeSavedCodes(now=NOW, count=8)
lock_by_holder = Lock(now=NOW, reason="lost_device", by="holder")
lock_by_staff = Lock(now=NOW, reason="fraud", by="staff", **OFFICER)
unlock = Unlock(now=NOW, reason="holder_identified", **OFFICER)


@pytest.mark.sec("OTC-09")
@pytest.mark.sec("SEC-44")
@pytest.mark.parametrize(
    ("proofs", "way"),
    [
        ({}, None),
        ({"code_of": 1}, None),
        ({"saved_code": 3}, None),
        ({"device_key": True}, None),
        ({"saved_code": 3, "device_key": True}, None),
        ({"code_of": 1, "saved_code": 3}, "saved_code"),
        ({"code_of": 1, "device_key": True}, "device_key"),
        ({"code_of": 1, "saved_code": 8}, None),
        ({"code_of": 0, "saved_code": 3}, None),
    ],
)
def test_an_issued_code_needs_a_saved_code_or_the_bound_key_beside_it(proofs: dict[str, object], way: object) -> None:
    assert way_of(recover(timedelta(0), proofs), state_after(saved)) == way


@pytest.mark.sec("OTC-09")
@pytest.mark.parametrize(
    ("after", "proofs", "way"),
    [
        (timedelta(0), {}, None),
        (timedelta(0), {"code_of": 1}, "counter"),
        (DAY - timedelta(seconds=1), {}, None),
        (DAY, {}, "counter"),
        (4 * DAY - timedelta(seconds=1), {}, "counter"),
        (4 * DAY, {}, None),
        (4 * DAY, {"code_of": 1}, None),
    ],
)
def test_an_approval_counts_with_a_code_at_once_and_alone_after_the_time_to_object(
    after: timedelta, proofs: dict[str, object], way: object
) -> None:
    assert way_of(recover(after, proofs), state_after(approve())) == way


def test_an_approval_is_for_one_recovery_and_the_newest_one() -> None:
    assert way_of(recover(DAY, {}), state_after(approve(OTHER))) is None
    assert way_of(recover(DAY, {}), state_after(approve(), approve(OTHER))) is None
    assert decide(approve(), state_after(approve())) == []


@pytest.mark.sec("SEC-57")
def test_a_recovery_ends_the_session_and_uses_the_saved_code_up() -> None:
    before = state_after(saved)
    after = fold(before, decide(recover(timedelta(0), WITH_SAVED_CODE), before))
    assert after.session is None
    assert after.saved_codes == (0, 1, 2, 4, 5, 6, 7)
    assert after.password_epoch == after.epoch == before.epoch + 1


@pytest.mark.sec("F-35")
@pytest.mark.parametrize("proofs", [{"code_of": 1, "saved_code": 4}, {"code_of": 1, "device_key": True}, {}])
def test_what_was_begun_under_an_older_password_is_lost(proofs: dict[str, object]) -> None:
    before = state_after(saved, approve())
    after = fold(before, decide(recover(timedelta(0), WITH_SAVED_CODE), before))
    with pytest.raises(RecoveryRefusedError):
        decide(recover(DAY, proofs), after)


def test_after_the_counter_the_list_of_saved_codes_counts_as_lost() -> None:
    before = state_after(saved, approve())
    assert fold(before, decide(recover(DAY, {}), before)).saved_codes == ()


@pytest.mark.sec("SES-12")
@pytest.mark.sec("SEC-56")
@pytest.mark.parametrize("command", [lock_by_holder, lock_by_staff])
def test_a_lock_ends_the_session_and_the_approval(command: Lock) -> None:
    state = state_after(approve(), command)
    assert (state.status, state.session, state.approval) == ("locked", None, None)


def test_the_holders_own_lock_is_opened_by_a_recovery_and_one_by_staff_is_not() -> None:
    own = state_after(saved, lock_by_holder)
    assert fold(own, decide(recover(timedelta(0), WITH_SAVED_CODE), own)).status == "active"
    with pytest.raises(RecoveryRefusedError):
        decide(recover(timedelta(0), WITH_SAVED_CODE), state_after(saved, lock_by_staff))
    with pytest.raises(RecoveryRefusedError):
        decide(approve(), state_after(lock_by_staff))


def test_staff_may_lock_over_the_holders_lock_and_not_the_other_way_round() -> None:
    assert len(decide(lock_by_staff, state_after(lock_by_holder))) == 1
    assert decide(lock_by_holder, state_after(lock_by_staff)) == []
    assert state_after(lock_by_holder, lock_by_staff, unlock).status == "active"


def test_an_account_is_unlocked_to_what_it_was() -> None:
    never_activated = fold(access(), decide(lock_by_staff, access()))
    assert fold(never_activated, decide(unlock, never_activated)).status == "opened"
    assert decide(unlock, state_after()) == []


def test_an_account_without_a_password_has_none_to_recover() -> None:
    with pytest.raises(RecoveryRefusedError):
        decide(approve(), access())
    with pytest.raises(NotActiveError):
        decide(saved, access())


def test_an_approval_is_withdrawn_once() -> None:
    withdraw = WithdrawRecovery(now=NOW, by="holder")
    assert decide(withdraw, state_after()) == []
    assert state_after(approve(), withdraw).approval is None


@pytest.mark.req("U-14")
def test_a_saved_code_that_lets_a_device_in_is_used_up_by_it() -> None:
    state = state_after(saved)
    events = decide(open_session(replacing=state.epoch, saved_code=3), state)
    assert [event.event_type for event in events] == ["session_revoked", "saved_code_used", "session_opened"]
    after = fold(state, events)
    with pytest.raises(SavedCodeSpentError):
        decide(open_session(replacing=after.epoch, saved_code=3), after)


def test_no_setting_takes_the_time_to_object_away() -> None:
    with pytest.raises(ValueError, match="12 hours"):
        RecoveryRules(counter_wait=timedelta(hours=11))


def test_a_reference_is_read_back_as_people_copy_it() -> None:
    reference = new_reference(lambda bound: bound - 1)
    assert normalised_reference(f" {reference[:4].lower()}-{reference[4:]} ") == reference
    assert normalised_reference("K7QF") is None


commands = st.one_of(
    st.just(Activate(now=NOW, declaration_id="d" * 32)),
    st.sampled_from([saved, lock_by_holder, lock_by_staff, unlock, WithdrawRecovery(now=NOW, by="holder")]),
    st.builds(approve, st.sampled_from([RECOVERY, OTHER])),
    st.builds(open_session, replacing=st.just("any"), saved_code=st.none() | st.integers(0, 8)),
    st.builds(
        recover,
        st.sampled_from([timedelta(0), DAY, 4 * DAY]),
        st.fixed_dictionaries(
            {
                "code_of": st.none() | st.integers(0, 4),
                "saved_code": st.none() | st.integers(0, 8),
                "device_key": st.booleans(),
            }
        ),
    ),
)


@given(st.lists(commands, max_size=14))
@pytest.mark.sec("OTC-09")
@pytest.mark.sec("SES-02")
def test_whatever_happens_no_password_is_replaced_without_its_proofs(history: list[AccessCommand]) -> None:
    state, recorded = access(), list[AccessEvent]()
    for command in history:
        before = state
        try:
            events = decide(command, state)
        except DomainError:
            continue
        state = fold(state, events)
        recorded += events
        assert state.epoch == before.epoch + bool(events)
        assert (state.lock is None) == (state.status != "locked")
        assert state.lock is None or state.session is None
        assert state.lock is None or state.lock.by == "holder" or state.approval is None
        if isinstance(command, RecoverPassword):
            _check_proofs(command, before, state)
    used = [e.saved_code for e in recorded if isinstance(e, PasswordRecovered) and e.saved_code is not None]
    used += [e.place for e in recorded if isinstance(e, SavedCodeUsed)]
    lists = sum(event.event_type == "saved_codes_made" for event in recorded)
    assert all(used.count(place) <= lists for place in used)


def _check_proofs(command: RecoverPassword, before: Access, after: Access) -> None:
    has_code = command.code_of == before.password_epoch
    approved = before.approval is not None and before.approval.recovery_id == command.recovery_id
    assert (has_code and (command.device_key or command.saved_code in before.saved_codes)) or approved
    assert after.session is None
    assert after.approval is None
    assert after.password_epoch == after.epoch
    assert before.lock is None or before.lock.by == "holder"
