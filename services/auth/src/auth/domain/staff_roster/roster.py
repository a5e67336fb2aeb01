"""The roster as its rules need it: no names, no reasons."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from auth.domain.staff import StaffRole

Standing = Literal["invited", "active", "suspended"]
STREAM = "staff-roster"


class Invitation(BaseModel):
    model_config = ConfigDict(frozen=True)

    invitation_id: str
    expires_at: datetime


class Member(BaseModel):
    """`has_joined` tells whether a suspended member has a password and second factor to come back with."""

    model_config = ConfigDict(frozen=True)

    revision: int
    standing: Standing
    role: StaffRole
    agency_code: str
    has_joined: bool
    invitation: Invitation | None = None

    @property
    def is_active_administrator(self) -> bool:
        return self.standing == "active" and self.role == "administrator"


class Roster(BaseModel):
    """All members, by id."""

    model_config = ConfigDict(frozen=True)

    members: Mapping[str, Member] = {}

    def is_last_administrator(self, staff_id: str) -> bool:
        """Say whether nobody would be left to let others in, were it not for this member."""
        active = (key for key, member in self.members.items() if member.is_active_administrator)
        return next(active, None) == staff_id and next(active, None) is None
