"""What happened to an account's access. One commit an epoch, in the stream `access-<account>` (ADR-0005)."""

from datetime import datetime
from typing import ClassVar, Literal, get_args

from ansinh_contracts.auth import (
    CompromiseReason,
    DeviceKind,
    LockedBy,
    PaperSeen,
    RecoveryReason,
    RecoveryWay,
    SessionEnd,
    UnlockReason,
)
from ansinh_contracts.language import Language
from ansinh_kit.events import DomainEvent, OptionalPersonalText


class _AccessEvent(DomainEvent):
    """`epoch` is that of the change this event belongs to."""

    account_id: str
    person_id: str
    epoch: int
    occurred_at: datetime


class ToldToHolder(_AccessEvent):
    """An event the holder must hear of. How to reach them is filled in when it is recorded, never before.

    With `objection_key`, the id of a key, whoever was told can have the account locked (`domain.objections`).
    """

    subject_field: ClassVar[str | None] = "person_id"

    language: Language = "vi"
    full_name: OptionalPersonalText = None
    phone: OptionalPersonalText = None
    email: OptionalPersonalText = None
    second_phone: OptionalPersonalText = None
    objection_key: str | None = None

    def must_be_told(self) -> bool:
        return True


class AccountActivated(_AccessEvent):
    """The holder proved to be reachable and set the first password."""

    event_type: ClassVar[str] = "account_activated"

    declaration_id: str


class AccountLocked(ToldToHolder):
    """Nobody enters any more. A lock by staff names the officer and the agency."""

    event_type: ClassVar[str] = "account_locked"

    reason: str
    by: LockedBy = "staff"
    staff_id: str | None = None
    agency_code: str | None = None


class AccountUnlocked(ToldToHolder):
    """The account is again what it was before it was locked."""

    event_type: ClassVar[str] = "account_unlocked"

    reason: UnlockReason
    staff_id: str
    agency_code: str


class SessionOpened(_AccessEvent):
    """A device is the account's one device from now on, with the key it is bound to and by what it entered.

    `refused_before` counts the wrong passwords since the right one before.
    """

    event_type: ClassVar[str] = "session_opened"

    device_kind: DeviceKind
    idle_until: datetime
    absolute_until: datetime
    device_thumbprint: str | None = None
    entered_by: Literal["password", "code", "device", "passkey", "time_code", "e_id"] = "password"
    refused_before: int = 0


class SessionRevoked(ToldToHolder):
    """The session opened in `session_epoch` is over. Its holder must be told only if another device replaced it."""

    event_type: ClassVar[str] = "session_revoked"

    session_epoch: int
    reason: SessionEnd
    new_device_kind: DeviceKind | None = None

    def must_be_told(self) -> bool:
        return self.reason == "replaced"


class RightsSet(_AccessEvent):
    """A member of staff may enter, or not, and as what: the roster's word as of `revision`."""

    event_type: ClassVar[str] = "rights_set"

    revision: int
    status: Literal["opened", "active", "suspended"]
    roles: tuple[str, ...]
    agency_code: str


class SavedCodesMade(ToldToHolder):
    """The holder has a new list of saved recovery codes, places 0 to `count` - 1; the one before it is void."""

    event_type: ClassVar[str] = "saved_codes_made"

    count: int


class SavedCodeUsed(_AccessEvent):
    """The saved code at this place let a second device in, and is good no more."""

    event_type: ClassVar[str] = "saved_code_used"

    place: int


class RecoveryApproved(ToldToHolder):
    """An officer has seen the paper of whoever began this recovery. It counts alone from `opens_at` to `ends_at`."""

    event_type: ClassVar[str] = "recovery_approved"

    recovery_id: str
    staff_id: str
    agency_code: str
    reason: RecoveryReason
    paper: PaperSeen
    opens_at: datetime
    ends_at: datetime


class RecoveryWithdrawn(ToldToHolder):
    """The approval counts no more: its holder objected, or staff took it back."""

    event_type: ClassVar[str] = "recovery_withdrawn"

    recovery_id: str
    by: LockedBy
    staff_id: str | None = None
    agency_code: str | None = None


class PasswordRecovered(ToldToHolder):
    """A forgotten password was replaced. `saved_code` is the place of the code that was used up for it."""

    event_type: ClassVar[str] = "password_recovered"

    recovery_id: str
    way: RecoveryWay
    saved_code: int | None = None


class DeviceBound(ToldToHolder):
    """The device with this key is one of the holder's own: with the password its key lets in until `reopens_until`.

    A device that was bound already is bound anew. The session of `session_epoch` is that device's from now on.
    """

    event_type: ClassVar[str] = "device_bound"

    thumbprint: str
    device_kind: DeviceKind
    session_epoch: int
    reopens_until: datetime


class DeviceRemoved(ToldToHolder):
    """The key counts for nothing any more."""

    event_type: ClassVar[str] = "device_removed"

    thumbprint: str
    device_kind: DeviceKind


class PasskeyAdded(ToldToHolder):
    """The passkey lets in by itself (a citizen), or beside the password (staff)."""

    event_type: ClassVar[str] = "passkey_added"

    passkey_id: str


class PasskeyRemoved(ToldToHolder):
    event_type: ClassVar[str] = "passkey_removed"

    passkey_id: str


class PasswordChanged(ToldToHolder):
    """The holder, who has shown the old password and a code, chose a new one; every session from before is over."""

    event_type: ClassVar[str] = "password_changed"


class PasswordMarkedCompromised(ToldToHolder):
    """An officer says that others may know the password: it opens no session until another one takes its place."""

    event_type: ClassVar[str] = "password_marked_compromised"

    reason: CompromiseReason
    staff_id: str
    agency_code: str


AccessEvent = (
    AccountActivated
    | AccountLocked
    | AccountUnlocked
    | SessionOpened
    | SessionRevoked
    | SavedCodesMade
    | SavedCodeUsed
    | RecoveryApproved
    | RecoveryWithdrawn
    | PasswordRecovered
    | DeviceBound
    | DeviceRemoved
    | PasskeyAdded
    | PasskeyRemoved
    | RightsSet
    | PasswordChanged
    | PasswordMarkedCompromised
)
ACCESS_EVENTS: tuple[type[DomainEvent], ...] = get_args(AccessEvent)
