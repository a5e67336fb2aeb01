"""What decides who may enter, and under which ids its changes are recorded."""

from datetime import datetime
from typing import Final, Literal

from ansinh_contracts.auth import DeviceKind, LockedBy
from pydantic import BaseModel, ConfigDict

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


class AccountLock(BaseModel):
    """Who locked the account, and what it was before."""

    model_config = ConfigDict(frozen=True)

    by: LockedBy
    before: AccessStatus


class RecoveryApproval(BaseModel):
    """An officer's word for one recovery: it counts alone from `opens_at`, together with a sent code at once."""

    model_config = ConfigDict(frozen=True)

    recovery_id: str
    opens_at: datetime
    ends_at: datetime


class Access(BaseModel):
    """`epoch` counts the changes, `version` the events they made.

    Attributes:
        password_epoch: The change that set the present password; what was begun under an older one is void.
        saved_codes: Places of the saved recovery codes that are still good.
    """

    model_config = ConfigDict(frozen=True)

    account_id: str
    person_id: str
    status: AccessStatus = "opened"
    epoch: int = 0
    version: int = 0
    session: Session | None = None
    ever_logged_in: bool = False
    lock: AccountLock | None = None
    password_epoch: int = 0
    saved_codes: tuple[int, ...] = ()
    approval: RecoveryApproval | None = None


STREAM_PREFIX: Final = "access-"


def stream_of(account_id: str) -> str:
    return f"{STREAM_PREFIX}{account_id}"


def commit_of(account_id: str, epoch: int) -> str:
    """Return the one commit id under which the change of `epoch` is recorded (SES-03)."""
    return f"session:{account_id}:{epoch}"
