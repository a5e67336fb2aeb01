"""Who may enter an account now: its status and its one device session.

The state lives in one document per account, changed by one conditional update on `epoch`; the events follow from
it, one commit an epoch, in the stream `access-<account>`. Source: ADR-0005, SES-02, SES-03.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Literal, assert_never

from ansinh_contracts.auth import DeviceKind, SessionEnd
from ansinh_kit.decider import Decider
from ansinh_kit.errors import RefusedError
from pydantic import BaseModel, ConfigDict

from auth.domain.access_events import (
    AccessEvent,
    AccountActivated,
    AccountLocked,
    SessionOpened,
    SessionRevoked,
)

AccessStatus = Literal["opened", "active", "locked"]


class Session(BaseModel):
    """Valid before both of its ends, by the server's clock."""

    model_config = ConfigDict(frozen=True)

    epoch: int
    device_kind: DeviceKind
    issued_at: datetime
    idle_until: datetime
    absolute_until: datetime

    def is_live(self, now: datetime) -> bool:
        return now < self.idle_until and now < self.absolute_until


class Access(BaseModel):
    """`epoch` counts the changes, `version` the events they made."""

    model_config = ConfigDict(frozen=True)

    account_id: str
    person_id: str
    status: AccessStatus = "opened"
    epoch: int = 0
    version: int = 0
    session: Session | None = None
    ever_logged_in: bool = False


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    now: datetime


class Activate(_Command):
    declaration_id: str


class Lock(_Command):
    reason: str


class OpenSession(_Command):
    """`replacing` is the epoch of the live session that a take-over may end; without it none may be live."""

    device_kind: DeviceKind
    idle_until: datetime
    absolute_until: datetime
    replacing: int | Literal["any"] | None = None


class EndSession(_Command):
    """End the session of `session_epoch`; nothing happens if it is not the present one."""

    session_epoch: int
    reason: SessionEnd


AccessCommand = Activate | Lock | OpenSession | EndSession


class NotActiveError(RefusedError):
    """The account is not activated, or locked: nobody may enter it."""

    code: ClassVar[str] = "account_not_active"


class AlreadyActiveError(RefusedError):
    code: ClassVar[str] = "account_already_active"


class SessionLiveError(RefusedError):
    """Another device is in. Told only to one who has shown the right password."""

    code: ClassVar[str] = "session_exists"


class SessionMovedOnError(RefusedError):
    """The session that was to be replaced is not the present one any more: another take-over won."""

    code: ClassVar[str] = "take_over_lost"


def decide(command: AccessCommand, state: Access) -> list[AccessEvent]:
    match command:
        case Activate():
            return _activate(command, state)
        case Lock():
            return _lock(command, state)
        case OpenSession():
            return _open_session(command, state)
        case EndSession():
            return _end_session(command, state)
        case _:
            assert_never(command)


def _activate(command: Activate, state: Access) -> list[AccessEvent]:
    if state.status != "opened":
        raise AlreadyActiveError
    return [
        AccountActivated(
            account_id=state.account_id,
            person_id=state.person_id,
            epoch=state.epoch + 1,
            occurred_at=command.now,
            declaration_id=command.declaration_id,
        )
    ]


def _lock(command: Lock, state: Access) -> list[AccessEvent]:
    if state.status == "locked":
        return []
    locked = AccountLocked(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        reason=command.reason,
    )
    return [*_revoked(state, "locked", command.now), locked]


def _open_session(command: OpenSession, state: Access) -> list[AccessEvent]:
    if state.status != "active":
        raise NotActiveError
    reason = _why_the_old_one_ends(command, state)
    opened = SessionOpened(
        account_id=state.account_id,
        person_id=state.person_id,
        epoch=state.epoch + 1,
        occurred_at=command.now,
        device_kind=command.device_kind,
        idle_until=command.idle_until,
        absolute_until=command.absolute_until,
    )
    return [*_revoked(state, reason, command.now, command.device_kind), opened]


def _why_the_old_one_ends(command: OpenSession, state: Access) -> SessionEnd:
    present = state.session
    if present is None or not present.is_live(command.now):
        if isinstance(command.replacing, int) and command.replacing != state.epoch:
            raise SessionMovedOnError
        return "expired"
    if command.replacing is None:
        raise SessionLiveError
    if command.replacing not in ("any", state.epoch):
        raise SessionMovedOnError
    return "replaced"


def _end_session(command: EndSession, state: Access) -> list[AccessEvent]:
    if state.session is None or state.session.epoch != command.session_epoch:
        return []
    return _revoked(state, command.reason, command.now)


def _revoked(
    state: Access, reason: SessionEnd, now: datetime, new_device_kind: DeviceKind | None = None
) -> list[AccessEvent]:
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


def evolve(state: Access, event: AccessEvent) -> Access:
    counted = {"epoch": event.epoch, "version": state.version + 1}
    match event:
        case AccountActivated():
            return state.model_copy(update={**counted, "status": "active"})
        case AccountLocked():
            return state.model_copy(update={**counted, "status": "locked"})
        case SessionRevoked():
            return state.model_copy(update={**counted, "session": None})
        case SessionOpened():
            return state.model_copy(update={**counted, "session": _session(event), "ever_logged_in": True})
        case _:
            assert_never(event)


def _session(event: SessionOpened) -> Session:
    return Session(
        epoch=event.epoch,
        device_kind=event.device_kind,
        issued_at=event.occurred_at,
        idle_until=event.idle_until,
        absolute_until=event.absolute_until,
    )


def access_of(initial: Access) -> Decider[AccessCommand, Access, AccessEvent]:
    """Return the decider that starts from `initial`: an account's ids are known before its first event."""
    return Decider(initial, decide, evolve)


def fold(state: Access, events: Sequence[AccessEvent]) -> Access:
    return access_of(state).fold(events)


def stream_of(account_id: str) -> str:
    return f"access-{account_id}"


def commit_of(account_id: str, epoch: int) -> str:
    """Return the one commit id under which the change of `epoch` is recorded (SES-03)."""
    return f"session:{account_id}:{epoch}"
