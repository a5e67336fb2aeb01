"""The roster's events and commands with dull values; a test states only what it is about."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from auth.domain.staff import StaffRole
from auth.domain.staff_roster.commands import (
    ChangeMemberRights,
    EndMemberSession,
    InviteMember,
    InviteMemberAgain,
    Join,
    ReadmitMember,
    SuspendMember,
)
from auth.domain.staff_roster.events import MemberEnrolled, MemberInvited, MemberJoined, MemberSuspended

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
REASON = "Theo quyết định điều động số 12"
LASTS = timedelta(hours=72)


def enrolled(staff_id: str, role: StaffRole, agency_code: str = "066", **changes: object) -> MemberEnrolled:
    facts = _facts(staff_id, {"actor_id": None, "user_name": staff_id, "role": role, "agency_code": agency_code})
    return MemberEnrolled.model_validate(facts | {"revision": 1} | changes)


def invited(staff_id: str, role: StaffRole, agency_code: str = "066", **changes: object) -> MemberInvited:
    facts = _facts(staff_id, {"actor_id": "ada", "user_name": staff_id, "role": role, "agency_code": agency_code})
    invitation = {"invitation_id": "first", "expires_at": NOW + LASTS}
    return MemberInvited.model_validate(facts | {"revision": 1} | invitation | changes)


def joined(staff_id: str, **changes: object) -> MemberJoined:
    facts = {"staff_id": staff_id, "revision": 2, "occurred_at": NOW, "invitation_id": "first"}
    return MemberJoined.model_validate(facts | changes)


def suspended(staff_id: str, **changes: object) -> MemberSuspended:
    return MemberSuspended.model_validate(_facts(staff_id, {"actor_id": "ada", "revision": 2}) | changes)


def invite(staff_id: str, role: StaffRole, *, by: str | None, agency_code: str = "066") -> InviteMember:
    return InviteMember(
        **_asked(staff_id, by),
        user_name=staff_id,
        role=role,
        agency_code=agency_code,
        invitation_id="first",
        expires_at=NOW + LASTS,
    )


def invite_again(staff_id: str, *, by: str | None) -> InviteMemberAgain:
    return InviteMemberAgain(**_asked(staff_id, by), invitation_id="second", expires_at=NOW + LASTS)


def change_rights(staff_id: str, role: StaffRole, *, by: str | None, agency_code: str = "066") -> ChangeMemberRights:
    return ChangeMemberRights(**_asked(staff_id, by), role=role, agency_code=agency_code)


def suspend(staff_id: str, *, by: str | None) -> SuspendMember:
    return SuspendMember(**_asked(staff_id, by))


def readmit(staff_id: str, *, by: str | None) -> ReadmitMember:
    return ReadmitMember(**_asked(staff_id, by))


def end_session(staff_id: str, *, by: str | None) -> EndMemberSession:
    return EndMemberSession(**_asked(staff_id, by))


def join(staff_id: str, *, invitation_id: str = "first", now: datetime = NOW) -> Join:
    return Join(staff_id=staff_id, invitation_id=invitation_id, now=now)


def _asked(staff_id: str, by: str | None) -> dict[str, Any]:
    return {"staff_id": staff_id, "actor_id": by, "reason": REASON, "now": NOW}


def _facts(staff_id: str, more: Mapping[str, object]) -> dict[str, object]:
    return {"staff_id": staff_id, "occurred_at": NOW, "reason": REASON, **more}
