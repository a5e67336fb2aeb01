"""Who may grant what: judged on the same version of the roster that the change is made on (SEC-61).

An operator may do everything. An administrator may give any role in any agency. A supervisor looks after the officers
of the own agency and, in a provincial office, of those under it. Nobody acts on themselves.
"""

from auth.domain.staff import StaffRole, covers
from auth.domain.staff_roster.errors import MemberNotFoundError, NotEntitledError, OwnRightsError
from auth.domain.staff_roster.roster import Member, Roster


def check_grant(roster: Roster, actor_id: str | None, role: StaffRole, agency_code: str) -> None:
    """Return if the actor may give somebody this role in this agency.

    Raises:
        NotEntitledError: Beyond the actor's own reach.
    """
    actor = _acting(roster, actor_id)
    if actor is None or actor.role == "administrator":
        return
    if role != "officer" or not covers(actor.agency_code, agency_code):
        raise NotEntitledError


def member_in_reach(roster: Roster, actor_id: str | None, staff_id: str) -> Member:
    """Return the member, if the actor may do something about them.

    Raises:
        OwnRightsError: It is the actor.
        NotEntitledError: The actor may do nothing about anybody.
        MemberNotFoundError: There is no such member, or another's to look after.
    """
    actor = _acting(roster, actor_id)
    if actor_id == staff_id:
        raise OwnRightsError
    member = roster.members.get(staff_id)
    if member is None or not sees(actor, member):
        raise MemberNotFoundError
    return member


def check_administrator(roster: Roster, actor_id: str) -> None:
    """Return if the actor is an administrator.

    Raises:
        NotEntitledError: Not, or not any more.
    """
    actor = roster.members.get(actor_id)
    if actor is None or not actor.is_active_administrator:
        raise NotEntitledError


def sees(actor: Member | None, member: Member) -> bool:
    """Say whether the member is the actor's to look after; `None` is an operator."""
    if actor is None or actor.role == "administrator":
        return True
    return member.role == "officer" and covers(actor.agency_code, member.agency_code)


def _acting(roster: Roster, actor_id: str | None) -> Member | None:
    if actor_id is None:
        return None
    actor = roster.members.get(actor_id)
    if actor is None or actor.standing != "active" or actor.role == "officer":
        raise NotEntitledError
    return actor
