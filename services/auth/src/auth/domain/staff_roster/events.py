"""What has been done about a member of staff. Each says who did it and why: together they are the audit."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.events import DomainEvent, PersonalText

from auth.domain.staff import StaffRole


class _AboutMember(DomainEvent):
    """`revision` counts what was done about this member, from 1: whoever follows the roster applies each once."""

    subject_field: ClassVar[str | None] = "staff_id"

    staff_id: str
    revision: int
    occurred_at: datetime


class _Administrative(_AboutMember):
    """`actor_id` is the member who did it; `None` is somebody with a hand on the machine."""

    actor_id: str | None
    reason: PersonalText


class MemberEnrolled(_Administrative):
    """Let in by an operator, with password and second factor: the way to a first administrator (SEC-39)."""

    event_type: ClassVar[str] = "member_enrolled"

    user_name: PersonalText
    role: StaffRole
    agency_code: str


class MemberInvited(_Administrative):
    """May join until `expires_at`, with the secret of this invitation."""

    event_type: ClassVar[str] = "member_invited"

    user_name: PersonalText
    role: StaffRole
    agency_code: str
    invitation_id: str
    expires_at: datetime


class MemberInvitedAgain(_Administrative):
    """The invitation ran out, or password or second factor are lost: what there was counts no more."""

    event_type: ClassVar[str] = "member_invited_again"

    invitation_id: str
    expires_at: datetime


class MemberJoined(_AboutMember):
    """The invited person set password and second factor."""

    event_type: ClassVar[str] = "member_joined"

    invitation_id: str


class MemberRightsChanged(_Administrative):
    """Role and agency are others from now on."""

    event_type: ClassVar[str] = "member_rights_changed"

    role: StaffRole
    agency_code: str
    former_role: StaffRole
    former_agency_code: str


class MemberSuspended(_Administrative):
    """Out at once; an invitation that was open is void."""

    event_type: ClassVar[str] = "member_suspended"


class MemberReadmitted(_Administrative):
    """May log in again, if they had joined; else they need an invitation."""

    event_type: ClassVar[str] = "member_readmitted"


class MemberSessionEnded(_Administrative):
    """Has to log in again."""

    event_type: ClassVar[str] = "member_session_ended"


RosterEvent = (
    MemberEnrolled
    | MemberInvited
    | MemberInvitedAgain
    | MemberJoined
    | MemberRightsChanged
    | MemberSuspended
    | MemberReadmitted
    | MemberSessionEnded
)
ROSTER_EVENTS: tuple[type[DomainEvent], ...] = (
    MemberEnrolled,
    MemberInvited,
    MemberInvitedAgain,
    MemberJoined,
    MemberRightsChanged,
    MemberSuspended,
    MemberReadmitted,
    MemberSessionEnded,
)
