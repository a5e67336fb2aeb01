"""From what was done to who stands where."""

from collections.abc import Sequence
from typing import assert_never

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
from auth.domain.staff_roster.roster import Invitation, Member, Roster


def evolve(state: Roster, event: RosterEvent) -> Roster:
    return evolve_all(state, [event])


def evolve_all(state: Roster, events: Sequence[RosterEvent]) -> Roster:
    """Fold many at once: the members are copied once, not once for each event."""
    members = dict(state.members)
    for event in events:
        members[event.staff_id] = _after(members.get(event.staff_id), event)
    return state.model_copy(update={"members": members})


def _after(member: Member | None, event: RosterEvent) -> Member:
    match event:
        case MemberEnrolled() | MemberInvited():
            return _new(event)
        case _:
            # The rules write nothing about somebody who was not let in.
            assert member is not None  # noqa: S101
            return member.model_copy(update={"revision": event.revision, **_changes(member, event)})


def _new(event: MemberEnrolled | MemberInvited) -> Member:
    has_joined = isinstance(event, MemberEnrolled)
    return Member(
        revision=event.revision,
        standing="active" if has_joined else "invited",
        role=event.role,
        agency_code=event.agency_code,
        has_joined=has_joined,
        invitation=None if isinstance(event, MemberEnrolled) else _invitation(event),
    )


def _changes(
    member: Member,
    event: MemberInvitedAgain
    | MemberJoined
    | MemberRightsChanged
    | MemberSuspended
    | MemberReadmitted
    | MemberSessionEnded,
) -> dict[str, object]:
    match event:
        case MemberInvitedAgain():
            return {"standing": "invited", "has_joined": False, "invitation": _invitation(event)}
        case MemberJoined():
            return {"standing": "active", "has_joined": True, "invitation": None}
        case MemberRightsChanged():
            return {"role": event.role, "agency_code": event.agency_code}
        case MemberSuspended():
            return {"standing": "suspended", "invitation": None}
        case MemberReadmitted():
            return {"standing": "active" if member.has_joined else "invited"}
        case MemberSessionEnded():
            return {}
        case _:
            assert_never(event)


def _invitation(event: MemberInvited | MemberInvitedAgain) -> Invitation:
    return Invitation(invitation_id=event.invitation_id, expires_at=event.expires_at)
