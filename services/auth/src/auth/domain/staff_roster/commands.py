"""What can be asked of the roster. `actor_id` is the acting member; `None` is somebody with a hand on the machine."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from auth.domain.staff import StaffRole


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    staff_id: str
    now: datetime


class _Administrative(_Command):
    actor_id: str | None
    reason: str


class EnrolMember(_Administrative):
    user_name: str
    role: StaffRole
    agency_code: str


class InviteMember(_Administrative):
    user_name: str
    role: StaffRole
    agency_code: str
    invitation_id: str
    expires_at: datetime


class InviteMemberAgain(_Administrative):
    invitation_id: str
    expires_at: datetime


class ChangeMemberRights(_Administrative):
    role: StaffRole
    agency_code: str


class SuspendMember(_Administrative):
    pass


class ReadmitMember(_Administrative):
    pass


class EndMemberSession(_Administrative):
    pass


class Join(_Command):
    """By the invited person."""

    invitation_id: str


AdministrativeCommand = (
    EnrolMember
    | InviteMember
    | InviteMemberAgain
    | ChangeMemberRights
    | SuspendMember
    | ReadmitMember
    | EndMemberSession
)
RosterCommand = AdministrativeCommand | Join
