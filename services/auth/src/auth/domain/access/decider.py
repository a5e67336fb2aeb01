"""The rules of every subject put together: what a command makes happen, and what follows from it."""

from collections.abc import Sequence
from typing import assert_never

from ansinh_kit.decider import Decider

from auth.domain.access.activation import activate
from auth.domain.access.commands import (
    AccessCommand,
    Activate,
    AddPasskey,
    ApproveRecovery,
    BindDevice,
    ChangePassword,
    EndSession,
    Lock,
    MakeSavedCodes,
    MarkPasswordCompromised,
    OpenSession,
    RecoverPassword,
    RemoveDevice,
    RemovePasskey,
    ReplaceCompromisedPassword,
    SetRights,
    Unlock,
    WithdrawRecovery,
)
from auth.domain.access.compromise import mark_compromised, replace_compromised
from auth.domain.access.devices import bind_device, devices_with, devices_without, remove_device, session_bound
from auth.domain.access.locks import lock, lock_of, unlock
from auth.domain.access.passkeys import add_passkey, passkeys_with, passkeys_without, remove_passkey
from auth.domain.access.passwords import change_password
from auth.domain.access.recoveries import (
    approval_of,
    approve_recovery,
    kept_after,
    recover_password,
    withdraw_recovery,
)
from auth.domain.access.rights import rights_of, set_rights
from auth.domain.access.saved_codes import make_saved_codes, without
from auth.domain.access.sessions import end_session, open_session, session_of
from auth.domain.access.state import Access
from auth.domain.access_events import (
    AccessEvent,
    AccountActivated,
    AccountLocked,
    AccountUnlocked,
    DeviceBound,
    DeviceRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    PasswordChanged,
    PasswordMarkedCompromised,
    PasswordRecovered,
    RecoveryApproved,
    RecoveryWithdrawn,
    RightsSet,
    SavedCodesMade,
    SavedCodeUsed,
    SessionOpened,
    SessionRevoked,
)


def decide(command: AccessCommand, state: Access) -> list[AccessEvent]:  # noqa: C901, PLR0911, PLR0912 - a line a command
    match command:
        case Activate():
            return activate(command, state)
        case Lock():
            return lock(command, state)
        case Unlock():
            return unlock(command, state)
        case OpenSession():
            return open_session(command, state)
        case EndSession():
            return end_session(command, state)
        case MakeSavedCodes():
            return make_saved_codes(command, state)
        case ApproveRecovery():
            return approve_recovery(command, state)
        case WithdrawRecovery():
            return withdraw_recovery(command, state)
        case RecoverPassword():
            return recover_password(command, state)
        case BindDevice():
            return bind_device(command, state)
        case RemoveDevice():
            return remove_device(command, state)
        case AddPasskey():
            return add_passkey(command, state)
        case RemovePasskey():
            return remove_passkey(command, state)
        case SetRights():
            return set_rights(command, state)
        case ChangePassword():
            return change_password(command, state)
        case MarkPasswordCompromised():
            return mark_compromised(command, state)
        case ReplaceCompromisedPassword():
            return replace_compromised(command, state)
        case _:
            assert_never(command)


def evolve(state: Access, event: AccessEvent) -> Access:
    counted = {"epoch": event.epoch, "version": state.version + 1}
    return state.model_copy(update={**counted, **_changed(state, event)})


def _changed(state: Access, event: AccessEvent) -> dict[str, object]:  # noqa: C901, PLR0911, PLR0912 - a line an event
    match event:
        case AccountActivated():
            return {"status": "active", **_new_password(event.epoch)}
        case AccountLocked():
            # Whoever locks puts an end to what is under way, too.
            return {"status": "locked", "lock": lock_of(event, state), "approval": None}
        case AccountUnlocked():
            return {"status": "active" if state.lock is None else state.lock.before, "lock": None}
        case SessionRevoked():
            return {"session": None}
        case SessionOpened():
            return {"session": session_of(event), "ever_logged_in": True}
        case SavedCodesMade():
            return {"saved_codes": tuple(range(event.count))}
        case SavedCodeUsed():
            return {"saved_codes": without(event.place, state)}
        case RecoveryApproved():
            return {"approval": approval_of(event)}
        case RecoveryWithdrawn():
            return {"approval": None}
        case PasswordMarkedCompromised():
            return {"password_compromised": True}
        case PasswordChanged():
            return _new_password(event.epoch)
        case PasswordRecovered():
            return {"status": "active", "lock": None, **kept_after(event, state), **_new_password(event.epoch)}
        case DeviceBound():
            return {"devices": devices_with(event, state), "session": session_bound(event, state)}
        case DeviceRemoved():
            return {"devices": devices_without(event.thumbprint, state)}
        case PasskeyAdded():
            return {"passkeys": passkeys_with(event, state)}
        case PasskeyRemoved():
            return {"passkeys": passkeys_without(event.passkey_id, state)}
        case RightsSet():
            return rights_of(event, state)
        case _:
            assert_never(event)


def _new_password(epoch: int) -> dict[str, object]:
    """A new password voids every recovery that was begun under the one before it, and what was said of that one."""
    return {"password_epoch": epoch, "approval": None, "password_compromised": False}


def access_of(initial: Access) -> Decider[AccessCommand, Access, AccessEvent]:
    """Return the decider that starts from `initial`: an account's ids are known before its first event."""
    return Decider(initial, decide, evolve)


def fold(state: Access, events: Sequence[AccessEvent]) -> Access:
    return access_of(state).fold(events)
