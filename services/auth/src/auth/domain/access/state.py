"""What decides who may enter, and under which ids its changes are recorded."""

from datetime import datetime
from typing import Final, Literal

from ansinh_contracts.auth import DeviceKind
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


STREAM_PREFIX: Final = "access-"


def stream_of(account_id: str) -> str:
    return f"{STREAM_PREFIX}{account_id}"


def commit_of(account_id: str, epoch: int) -> str:
    """Return the one commit id under which the change of `epoch` is recorded (SES-03)."""
    return f"session:{account_id}:{epoch}"
