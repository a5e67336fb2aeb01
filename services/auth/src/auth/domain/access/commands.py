"""What may be asked of an account's access. A command of a new subject joins the union at the end."""

from datetime import datetime
from typing import Literal

from ansinh_contracts.auth import (
    CompromiseReason,
    DeviceKind,
    LockedBy,
    PaperSeen,
    RecoveryReason,
    SessionEnd,
    UnlockReason,
)
from pydantic import BaseModel, ConfigDict

from auth.domain.access.state import EntryWay


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    now: datetime


class Activate(_Command):
    declaration_id: str


class Lock(_Command):
    """`staff_id` and `agency_code` name the officer, if it is one."""

    reason: str
    by: LockedBy = "staff"
    staff_id: str | None = None
    agency_code: str | None = None


class Unlock(_Command):
    reason: UnlockReason
    staff_id: str
    agency_code: str


class OpenSession(_Command):
    """`replacing` is the epoch of the live session that a take-over may end; without it none may be live.

    `saved_code` is the place of the saved code that was shown for it, and is used up by it.
    `device_thumbprint` is that of a bound device whose key signed for this; its own live session is no obstacle.
    `password_epoch` is that of the password that was compared, `passkey_id` is the passkey that signed: what was
    looked at takes time, and must still count when the session opens.
    """

    device_kind: DeviceKind
    idle_until: datetime
    absolute_until: datetime
    replacing: int | Literal["any"] | None = None
    saved_code: int | None = None
    device_thumbprint: str | None = None
    entered_by: EntryWay = "password"
    refused_before: int = 0
    password_epoch: int | None = None
    passkey_id: str | None = None


class EndSession(_Command):
    """End the session of `session_epoch`; nothing happens if it is not the present one.

    With `must_be_live` that is refused instead: something else rests on its being there until now.
    """

    session_epoch: int
    reason: SessionEnd
    must_be_live: bool = False


class SetRights(_Command):
    """Let the account be what the roster says as of `revision`; nothing happens if it is already, or is further."""

    revision: int
    status: Literal["opened", "active", "suspended"]
    roles: tuple[str, ...]
    agency_code: str


class MakeSavedCodes(_Command):
    """Give the holder a new list of `count` saved codes; the list before it is void."""

    count: int


class ApproveRecovery(_Command):
    """An officer has seen the paper of whoever began the recovery."""

    recovery_id: str
    staff_id: str
    agency_code: str
    reason: RecoveryReason
    paper: PaperSeen
    opens_at: datetime
    ends_at: datetime


class WithdrawRecovery(_Command):
    """Let the approval count no more; nothing happens if there is none."""

    by: LockedBy
    staff_id: str | None = None
    agency_code: str | None = None


class RecoverPassword(_Command):
    """Replace a forgotten password. Every proof named here was checked by the one who commands.

    Attributes:
        code_of: The password's epoch when the right issued code was made; `None` if no code was shown.
        saved_code: The place of the right saved code; `None` if none was shown.
        device_key: A bound device signed for this.
    """

    recovery_id: str
    code_of: int | None = None
    saved_code: int | None = None
    device_key: bool = False


class _FactorChange(_Command):
    """A change of what lets the holder in, asked for in the session of `session_epoch`.

    `proven_by` is the thumbprint of the device key that signed this very request; `None` if none did.
    """

    session_epoch: int
    proven_by: str | None = None


class BindDevice(_FactorChange):
    """Bind the key that signed, or bind it anew. The one-time code for it was right."""

    kind: DeviceKind
    reopens_until: datetime


class RemoveDevice(_FactorChange):
    thumbprint: str


class AddPasskey(_FactorChange):
    passkey_id: str


class RemovePasskey(_FactorChange):
    passkey_id: str


class ChangePassword(_Command):
    """The holder, in the session of `session_epoch`, has shown the old password and a code; its device stays in."""

    session_epoch: int
    idle_until: datetime
    absolute_until: datetime


class MarkPasswordCompromised(_Command):
    """Let the password open nothing until it is another one; nothing happens if it is marked already."""

    reason: CompromiseReason
    staff_id: str
    agency_code: str


class ReplaceCompromisedPassword(_Command):
    """The holder has shown a code and the password of `password_epoch`, which is marked."""

    password_epoch: int


AccessCommand = (
    Activate
    | Lock
    | Unlock
    | OpenSession
    | EndSession
    | MakeSavedCodes
    | ApproveRecovery
    | WithdrawRecovery
    | RecoverPassword
    | BindDevice
    | RemoveDevice
    | AddPasskey
    | RemovePasskey
    | SetRights
    | ChangePassword
    | MarkPasswordCompromised
    | ReplaceCompromisedPassword
)
