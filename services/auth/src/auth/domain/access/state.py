"""What decides who may enter, and under which ids its changes are recorded."""

from datetime import datetime
from typing import Final, Literal

from ansinh_contracts.auth import DeviceKind, LockedBy
from pydantic import BaseModel, ConfigDict

AccessStatus = Literal["opened", "active", "locked", "suspended"]


EntryWay = Literal["password", "code", "device", "passkey", "time_code", "e_id"]
"""What was shown at log-in: a password alone, or with a one-time code, a bound device's key, a time-based code; or
a passkey, which needs no other (and as a second factor of staff is shown beside a password); or an e-ID."""

WITHOUT_PASSWORD: Final[frozenset[EntryWay]] = frozenset({"passkey", "e_id"})
"""Ways in of a citizen that rest on no password."""


class BoundDevice(BaseModel):
    """A device known by its key. Password and key open a session without a code until `reopens_until` (LIM-16)."""

    model_config = ConfigDict(frozen=True)

    thumbprint: str
    kind: DeviceKind
    bound_at: datetime
    reopens_until: datetime

    def reopens(self, now: datetime) -> bool:
        return now < self.reopens_until


class Passkey(BaseModel):
    model_config = ConfigDict(frozen=True)

    passkey_id: str
    added_at: datetime


class Session(BaseModel):
    """Valid before both of its ends, by the server's clock. Bound to a device key if it has a `device_thumbprint`."""

    model_config = ConfigDict(frozen=True)

    epoch: int
    device_kind: DeviceKind
    issued_at: datetime
    idle_until: datetime
    absolute_until: datetime
    device_thumbprint: str | None = None
    entered_by: EntryWay = "password"

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
        password_compromised: Others may know the present password: it opens no session (OTC-13).
        saved_codes: Places of the saved recovery codes that are still good.
        roles, agency_code: A member of staff's, as of `rights_revision` of the roster.
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
    password_compromised: bool = False
    saved_codes: tuple[int, ...] = ()
    approval: RecoveryApproval | None = None
    devices: tuple[BoundDevice, ...] = ()
    passkeys: tuple[Passkey, ...] = ()
    roles: tuple[str, ...] = ()
    agency_code: str | None = None
    rights_revision: int = 0

    def device(self, thumbprint: str | None) -> BoundDevice | None:
        """Return the bound device with this key."""
        return next((device for device in self.devices if device.thumbprint == thumbprint), None)


STREAM_PREFIX: Final = "access-"


def stream_of(account_id: str) -> str:
    return f"{STREAM_PREFIX}{account_id}"


def commit_of(account_id: str, epoch: int) -> str:
    """Return the one commit id under which the change of `epoch` is recorded (SES-03)."""
    return f"session:{account_id}:{epoch}"


def is_of_access(account_id: str, change_id: str) -> bool:
    """Whether a change is one of the account's access, named by its commit, and not one of its contacts."""
    return change_id.startswith(f"session:{account_id}:")
