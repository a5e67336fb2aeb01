"""The rules of the roster. What changes nothing is no event."""

from collections.abc import Sequence
from typing import Any, assert_never

from ansinh_kit.decider import Decider

from auth.domain.staff_roster.authority import check_grant, member_in_reach
from auth.domain.staff_roster.commands import (
    AdministrativeCommand,
    ChangeMemberRights,
    EndMemberSession,
    EnrolMember,
    InviteMember,
    InviteMemberAgain,
    Join,
    ReadmitMember,
    RosterCommand,
    SuspendMember,
)
from auth.domain.staff_roster.errors import (
    AlreadyMemberError,
    InvitationRefusedError,
    LastAdministratorError,
    MemberSuspendedError,
)
from auth.domain.staff_roster.events import (
    MemberEnrolled,
    MemberInvited,
    MemberInvitedAgain,
    MemberJoined,
    MemberReadmitted,
    MemberRightsChanged,
    MemberSessionEnded,
    MemberSuspended,
    RosterEvent,
)
from auth.domain.staff_roster.folding import evolve, evolve_all
from auth.domain.staff_roster.roster import Member, Roster


def decide(command: RosterCommand, state: Roster) -> list[RosterEvent]:
    match command:
        case EnrolMember() | InviteMember():
            return _let_in(command, state)
        case Join():
            return _join(command, state)
        case _:
            return _about_member(command, state)


def _let_in(command: EnrolMember | InviteMember, state: Roster) -> list[RosterEvent]:
    check_grant(state, command.actor_id, command.role, command.agency_code)
    if command.staff_id in state.members:
        raise AlreadyMemberError
    facts = command.model_dump(exclude={"now"}) | {"revision": 1, "occurred_at": command.now}
    return [MemberInvited(**facts) if isinstance(command, InviteMember) else MemberEnrolled(**facts)]


def _join(command: Join, state: Roster) -> list[RosterEvent]:
    member = state.members.get(command.staff_id)
    invitation = None if member is None else member.invitation
    if member is None or invitation is None or invitation.invitation_id != command.invitation_id:
        raise InvitationRefusedError
    if command.now >= invitation.expires_at:
        raise InvitationRefusedError
    return [
        MemberJoined(
            staff_id=command.staff_id,
            revision=member.revision + 1,
            occurred_at=command.now,
            invitation_id=invitation.invitation_id,
        )
    ]


def _about_member(
    command: InviteMemberAgain | ChangeMemberRights | SuspendMember | ReadmitMember | EndMemberSession, state: Roster
) -> list[RosterEvent]:
    member = member_in_reach(state, command.actor_id, command.staff_id)
    match command:
        case InviteMemberAgain():
            return _invite_again(command, member)
        case ChangeMemberRights():
            return _change_rights(command, member, state)
        case SuspendMember():
            return _suspend(command, member, state)
        case ReadmitMember():
            return [MemberReadmitted(**_facts(command, member))] if member.standing == "suspended" else []
        case EndMemberSession():
            return [MemberSessionEnded(**_facts(command, member))] if member.standing == "active" else []
        case _:
            assert_never(command)


def _invite_again(command: InviteMemberAgain, member: Member) -> list[RosterEvent]:
    if member.standing == "suspended":
        raise MemberSuspendedError
    return [
        MemberInvitedAgain(
            **_facts(command, member), invitation_id=command.invitation_id, expires_at=command.expires_at
        )
    ]


def _change_rights(command: ChangeMemberRights, member: Member, state: Roster) -> list[RosterEvent]:
    check_grant(state, command.actor_id, command.role, command.agency_code)
    if (command.role, command.agency_code) == (member.role, member.agency_code):
        return []
    if command.role != "administrator":
        _check_others_administer(command, state)
    return [
        MemberRightsChanged(
            **_facts(command, member),
            role=command.role,
            agency_code=command.agency_code,
            former_role=member.role,
            former_agency_code=member.agency_code,
        )
    ]


def _suspend(command: SuspendMember, member: Member, state: Roster) -> list[RosterEvent]:
    if member.standing == "suspended":
        return []
    _check_others_administer(command, state)
    return [MemberSuspended(**_facts(command, member))]


def _check_others_administer(command: AdministrativeCommand, state: Roster) -> None:
    if state.is_last_administrator(command.staff_id):
        raise LastAdministratorError


def _facts(command: AdministrativeCommand, member: Member) -> dict[str, Any]:
    return {
        "staff_id": command.staff_id,
        "revision": member.revision + 1,
        "occurred_at": command.now,
        "actor_id": command.actor_id,
        "reason": command.reason,
    }


def fold(events: Sequence[RosterEvent]) -> Roster:
    return ROSTER.fold(events)


ROSTER: Decider[RosterCommand, Roster, RosterEvent] = Decider(Roster(), decide, evolve, evolve_all)
