"""Whatever is asked of the roster, by whomever, in whatever order: what it never says yes to."""

from ansinh_kit.errors import DomainError
from auth.domain.staff import StaffRole, covers
from auth.domain.staff_roster.commands import RosterCommand
from auth.domain.staff_roster.decider import ROSTER
from auth.domain.staff_roster.events import MemberJoined, RosterEvent
from auth.domain.staff_roster.roster import Roster
from hypothesis import given
from hypothesis import strategies as st

from tests.auth.roster_builders import (
    change_rights,
    end_session,
    enrolled,
    invite,
    invite_again,
    join,
    readmit,
    suspend,
)

people = st.sampled_from(["ada", "bao", "chi", "dan"])
roles: st.SearchStrategy[StaffRole] = st.sampled_from(["officer", "supervisor", "administrator"])
agencies = st.sampled_from(["066", "06601", "079"])


@st.composite
def commands(draw: st.DrawFn) -> RosterCommand:
    about, by, role, agency = draw(people), draw(people), draw(roles), draw(agencies)
    possible: list[RosterCommand] = [
        invite(about, role, by=by, agency_code=agency),
        invite_again(about, by=by),
        change_rights(about, role, by=by, agency_code=agency),
        suspend(about, by=by),
        readmit(about, by=by),
        end_session(about, by=by),
        join(about),
        join(about, invitation_id="second"),
    ]
    return draw(st.sampled_from(possible))


def asked(roster: Roster, command: RosterCommand) -> list[RosterEvent]:
    try:
        return list(ROSTER.decide(command, roster))
    except DomainError:
        return []


def administrators(roster: Roster) -> set[str]:
    return {key for key, member in roster.members.items() if member.is_active_administrator}


@given(st.lists(commands(), max_size=40))
def test_there_is_always_an_administrator_and_nobody_goes_beyond_their_reach(story: list[RosterCommand]) -> None:
    roster = ROSTER.fold([enrolled("ada", "administrator")])
    for command in story:
        for event in asked(roster, command):
            check_reach(roster, event)
            roster = ROSTER.evolve(roster, event)
            assert administrators(roster)


def check_reach(before: Roster, event: RosterEvent) -> None:
    """Say it again in other words than the rules: who acts is in, is somebody else, and gives no more than they may."""
    if isinstance(event, MemberJoined):
        return
    assert event.actor_id is not None
    assert event.actor_id != event.staff_id
    actor = before.members[event.actor_id]
    assert actor.standing == "active"
    assert actor.role in ("supervisor", "administrator")
    after = ROSTER.evolve(before, event).members[event.staff_id]
    touched = [member for member in (before.members.get(event.staff_id), after) if member is not None]
    if actor.role == "supervisor":
        assert all(member.role == "officer" for member in touched)
        assert all(covers(actor.agency_code, member.agency_code) for member in touched)


@given(st.lists(commands(), max_size=40))
def test_folding_at_once_and_one_by_one_come_to_the_same(story: list[RosterCommand]) -> None:
    first = enrolled("ada", "administrator")
    events: list[RosterEvent] = [first]
    roster = ROSTER.fold(events)
    for command in story:
        for event in asked(roster, command):
            events.append(event)
            roster = ROSTER.evolve(roster, event)
    assert ROSTER.fold(events) == roster


@given(st.lists(commands(), max_size=40))
def test_revisions_of_a_member_have_no_gap(story: list[RosterCommand]) -> None:
    roster = ROSTER.fold([enrolled("ada", "administrator")])
    for command in story:
        for event in asked(roster, command):
            before = roster.members.get(event.staff_id)
            assert event.revision == (0 if before is None else before.revision) + 1
            roster = ROSTER.evolve(roster, event)
