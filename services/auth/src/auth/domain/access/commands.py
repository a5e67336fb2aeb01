"""What may be asked of an account's access. A command of a new subject joins the union at the end."""

from datetime import datetime
from typing import Literal

from ansinh_contracts.auth import DeviceKind, SessionEnd
from pydantic import BaseModel, ConfigDict


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
