"""What may be asked of an account's contacts."""

from datetime import datetime

from ansinh_contracts.auth import ContactSlot
from pydantic import BaseModel, ConfigDict


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    now: datetime


class ChangeContact(_Command):
    """`base_version` is the slot's version when the change was begun; `value` is in its normal form."""

    change_id: str
    slot: ContactSlot
    value: str
    base_version: int
    objection_key: str | None


class ConfirmContact(_Command):
    """Somebody who gets in has shown what was sent there, when the slot was of `base_version`."""

    slot: ContactSlot
    base_version: int


class TakeBackChange(_Command):
    change_id: str


class AllowSharing(_Command):
    officer_id: str
    agency_code: str


ContactCommand = ChangeContact | ConfirmContact | TakeBackChange | AllowSharing
