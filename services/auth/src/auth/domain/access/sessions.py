"""The one session: opened, replaced by a take-over, ended."""

from datetime import datetime

from ansinh_contracts.auth import DeviceKind, SessionEnd

from auth.domain.access.commands import EndSession, OpenSession
from auth.domain.access.refusals import (
    DeviceNotBoundError,
    NotActiveError,
    SavedCodeSpentError,
    SessionLiveError,
    SessionMovedOnError,
    SessionOverError,
    ShownNoMoreError,
)
from auth.domain.access.state import WITHOUT_PASSWORD, Access, Session
from auth.domain.access_events import AccessEvent, SavedCodeUsed, SessionOpened, SessionRevoked


def open_session(command: OpenSession, state: Access) -> list[AccessEvent]:
    if state.status != "active":
        raise NotActiveError
    if command.saved_code is not None and command.saved_code not in state.saved_codes:
        raise SavedCodeSpentError
    if command.device_thumbprint is not None and state.device(command.device_thumbprint) is None:
        raise DeviceNotBoundError
    if not _still_counts(command, state):
        raise ShownNoMoreError
    reason = _why_the_old_one_ends(command, state)
    opened = SessionOpened(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        device_kind=command.device_kind,
        idle_until=command.idle_until,
        absolute_until=command.absolute_until,
        device_thumbprint=command.device_thumbprint,
        entered_by=command.entered_by,
        refused_before=command.refused_before,
    )
    return [*revoked(state, reason, command.now, command.device_kind), *_saved_code_used(command, state), opened]


def _still_counts(command: OpenSession, state: Access) -> bool:
    """Whether password and passkey are still what they were when they were looked at."""
    if command.password_epoch not in (None, state.password_epoch):
        return False
    if state.password_compromised and command.entered_by not in WITHOUT_PASSWORD:
        return False
    return command.passkey_id is None or any(key.passkey_id == command.passkey_id for key in state.passkeys)


def _saved_code_used(command: OpenSession, state: Access) -> list[AccessEvent]:
    if command.saved_code is None:
        return []
    return [
        SavedCodeUsed(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            place=command.saved_code,
        )
    ]


def _why_the_old_one_ends(command: OpenSession, state: Access) -> SessionEnd:
    present = state.session
    if present is None or not present.is_live(command.now):
        if isinstance(command.replacing, int) and command.replacing != state.epoch:
            raise SessionMovedOnError
        return "expired"
    if command.replacing is None and _is_reopened(present, command, state):
        return "reopened"
    if command.replacing is None:
        raise SessionLiveError
    if command.replacing not in ("any", state.epoch):
        raise SessionMovedOnError
    return "replaced"


def _is_reopened(present: Session, command: OpenSession, state: Access) -> bool:
    """Tell whether the present session is that of the very device that asks, and its binding still reopens (LIM-16)."""
    device = state.device(command.device_thumbprint)
    return device is not None and present.device_thumbprint == device.thumbprint and device.reopens(command.now)


def end_session(command: EndSession, state: Access) -> list[AccessEvent]:
    if command.must_be_live:
        check_live(state, command.session_epoch, command.now)
    if state.session is None or state.session.epoch != command.session_epoch:
        return []
    return revoked(state, command.reason, command.now)


def check_live(state: Access, session_epoch: int, now: datetime) -> None:
    """Return if the session is the present one, and its time is not over.

    Raises:
        SessionOverError: It is not, any more: locked out, replaced, ended with all others.
    """
    if state.session is None or state.session.epoch != session_epoch or not state.session.is_live(now):
        raise SessionOverError


def revoked(
    state: Access, reason: SessionEnd, now: datetime, new_device_kind: DeviceKind | None = None
) -> list[AccessEvent]:
    """Return the end of the present session; nothing if there is none."""
    if state.session is None:
        return []
    return [
        SessionRevoked(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=now,
            session_epoch=state.session.epoch,
            reason=reason,
            new_device_kind=new_device_kind if reason == "replaced" else None,
        )
    ]


def session_of(event: SessionOpened) -> Session:
    return Session(
        epoch=event.epoch,
        device_kind=event.device_kind,
        issued_at=event.occurred_at,
        idle_until=event.idle_until,
        absolute_until=event.absolute_until,
        device_thumbprint=event.device_thumbprint,
        entered_by=event.entered_by,
    )
