from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.errors import DomainError
from ansinh_kit.events import EventRegistry
from ansinh_kit.testing.given_when_then import Scenario
from auth.domain.staff import StaffRole
from auth.domain.staff_roster.commands import RosterCommand
from auth.domain.staff_roster.decider import ROSTER
from auth.domain.staff_roster.errors import (
    AlreadyMemberError,
    InvitationRefusedError,
    LastAdministratorError,
    MemberNotFoundError,
    MemberSuspendedError,
    NotEntitledError,
    OwnRightsError,
)
from auth.domain.staff_roster.events import (
    ROSTER_EVENTS,
    MemberInvitedAgain,
    MemberReadmitted,
    MemberRightsChanged,
    MemberSessionEnded,
)

from tests.auth.roster_builders import (
    LASTS,
    NOW,
    REASON,
    change_rights,
    end_session,
    enrolled,
    invite,
    invite_again,
    invited,
    join,
    joined,
    readmit,
    suspend,
    suspended,
)

roster = Scenario(ROSTER, EventRegistry.of(ROSTER_EVENTS))
staffed = roster.given(
    enrolled("ada", "administrator", "000"),
    enrolled("sau", "supervisor", "066"),
    enrolled("oan", "officer", "06601"),
    enrolled("xa", "officer", "07901"),
)
about_oan: dict[str, Any] = {"staff_id": "oan", "revision": 2, "occurred_at": NOW, "reason": REASON}


def test_an_administrator_invites_somebody() -> None:
    staffed.when(invite("moi", "officer", by="ada")).then(invited("moi", "officer"))


@pytest.mark.sec("SEC-60")
@pytest.mark.parametrize(
    ("by", "role", "agency_code", "refusal"),
    [
        ("ada", "administrator", "079", None),
        ("ada", "supervisor", "079", None),
        ("sau", "officer", "066", None),
        ("sau", "officer", "06602", None),
        ("sau", "officer", "07901", NotEntitledError),
        ("sau", "supervisor", "066", NotEntitledError),
        ("sau", "administrator", "066", NotEntitledError),
        ("oan", "officer", "06601", NotEntitledError),
        ("nobody", "officer", "06601", NotEntitledError),
    ],
)
def test_who_may_give_which_role_where(
    by: str, role: StaffRole, agency_code: str, refusal: type[DomainError] | None
) -> None:
    outcome = staffed.when(invite("moi", role, by=by, agency_code=agency_code))
    if refusal is None:
        outcome.then(invited("moi", role, agency_code, actor_id=by))
    else:
        outcome.then_raises(refusal)


@pytest.mark.sec("SEC-60")
@pytest.mark.parametrize("staff_id", ["ada", "xa", "nobody"])
def test_a_supervisor_does_not_learn_of_those_of_others(staff_id: str) -> None:
    for command in (suspend(staff_id, by="sau"), invite_again(staff_id, by="sau"), end_session(staff_id, by="sau")):
        staffed.when(command).then_raises(MemberNotFoundError)


@pytest.mark.sec("SEC-60")
def test_a_supervisor_moves_officers_within_the_own_reach_only() -> None:
    moved = MemberRightsChanged(
        **about_oan,
        actor_id="sau",
        role="officer",
        agency_code="06602",
        former_role="officer",
        former_agency_code="06601",
    )
    staffed.when(change_rights("oan", "officer", by="sau", agency_code="06602")).then(moved)
    staffed.when(change_rights("oan", "officer", by="sau", agency_code="07901")).then_raises(NotEntitledError)
    staffed.when(change_rights("oan", "supervisor", by="sau", agency_code="06601")).then_raises(NotEntitledError)


@pytest.mark.sec("SEC-60")
@pytest.mark.parametrize("by", ["ada", "sau"])
def test_nobody_acts_on_themselves(by: str) -> None:
    commands: list[RosterCommand] = [
        change_rights(by, "administrator", by=by),
        change_rights(by, "officer", by=by),
        suspend(by, by=by),
        readmit(by, by=by),
        invite_again(by, by=by),
        end_session(by, by=by),
    ]
    for command in commands:
        staffed.when(command).then_raises(OwnRightsError)


@pytest.mark.sec("SEC-61")
def test_who_was_suspended_a_moment_ago_does_nothing_any_more() -> None:
    without_ada = staffed.given(enrolled("bao", "administrator", "000"), suspended("ada", actor_id="bao"))
    without_ada.when(suspend("bao", by="ada")).then_raises(NotEntitledError)
    without_ada.when(invite("moi", "administrator", by="ada")).then_raises(NotEntitledError)


def test_the_last_administrator_stays() -> None:
    staffed.when(suspend("ada", by=None)).then_raises(LastAdministratorError)
    staffed.when(change_rights("ada", "supervisor", by=None)).then_raises(LastAdministratorError)


def test_an_administrator_who_has_not_joined_is_no_other_one() -> None:
    staffed.given(invited("bao", "administrator")).when(suspend("ada", by=None)).then_raises(LastAdministratorError)


def test_of_two_administrators_one_can_go() -> None:
    two = staffed.given(enrolled("bao", "administrator", "000"))
    two.when(suspend("ada", by="bao")).then(suspended("ada", actor_id="bao"))


def test_somebody_is_let_in_once() -> None:
    staffed.when(invite("oan", "officer", by="ada")).then_raises(AlreadyMemberError)


def test_the_invited_person_joins_once() -> None:
    waiting = staffed.given(invited("moi", "officer"))
    waiting.when(join("moi")).then(joined("moi"))
    waiting.given(joined("moi")).when(join("moi")).then_raises(InvitationRefusedError)


@pytest.mark.sec("SEC-43")
@pytest.mark.parametrize(("after", "holds"), [(LASTS - timedelta(seconds=1), True), (LASTS, False)])
def test_an_invitation_runs_out(after: timedelta, holds: bool) -> None:  # noqa: FBT001 - a parameter of the case
    outcome = staffed.given(invited("moi", "officer")).when(join("moi", now=NOW + after))
    if holds:
        outcome.then(joined("moi", occurred_at=NOW + after))
    else:
        outcome.then_raises(InvitationRefusedError)


@pytest.mark.parametrize(("staff_id", "invitation_id"), [("moi", "another"), ("nobody", "first"), ("oan", "first")])
def test_no_other_invitation_lets_anybody_join(staff_id: str, invitation_id: str) -> None:
    waiting = staffed.given(invited("moi", "officer"))
    waiting.when(join(staff_id, invitation_id=invitation_id)).then_raises(InvitationRefusedError)


def test_a_suspension_voids_the_invitation_and_a_readmission_does_not_bring_it_back() -> None:
    out = staffed.given(invited("moi", "officer"), suspended("moi"))
    out.when(join("moi")).then_raises(InvitationRefusedError)
    back = MemberReadmitted(staff_id="moi", revision=3, occurred_at=NOW, actor_id="ada", reason=REASON)
    out.when(readmit("moi", by="ada")).then(back)
    out.given(back).when(join("moi")).then_raises(InvitationRefusedError)


@pytest.mark.sec("SEC-45")
def test_another_invitation_replaces_what_the_member_had() -> None:
    again = MemberInvitedAgain(**about_oan, actor_id="ada", invitation_id="second", expires_at=NOW + LASTS)
    staffed.when(invite_again("oan", by="ada")).then(again)
    waiting = staffed.given(again)
    waiting.when(join("oan")).then_raises(InvitationRefusedError)
    waiting.when(join("oan", invitation_id="second")).then(joined("oan", revision=3, invitation_id="second"))
    waiting.when(end_session("oan", by="ada")).then()


def test_who_is_suspended_is_readmitted_before_anything_else() -> None:
    out = staffed.given(suspended("oan"))
    out.when(invite_again("oan", by="ada")).then_raises(MemberSuspendedError)
    out.when(suspend("oan", by="ada")).then()
    out.when(end_session("oan", by="ada")).then()


@pytest.mark.sec("SEC-58")
def test_an_administrator_ends_a_session() -> None:
    staffed.when(end_session("oan", by="ada")).then(MemberSessionEnded(**about_oan, actor_id="ada"))


def test_what_is_so_already_is_no_event() -> None:
    staffed.when(change_rights("oan", "officer", by="ada", agency_code="06601")).then()
    staffed.when(readmit("oan", by="ada")).then()
