import asyncio
from datetime import timedelta
from typing import Any

import pytest
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_citizen, a_guest
from auth.domain.staff import StaffEnrolled, StaffRole
from auth.storage.access_documents import AccessDocuments
from auth.storage.staff_invitations import StaffInvitations

from tests.auth.service import STAFF_PASSWORD, AuthService
from tests.auth.staff_desk import REASON, Person, StaffDesk

STEP = timedelta(seconds=30)
OTHER_PASSWORD = "bến sông có con đò nhỏ"


@pytest.fixture
def desk(auth: AuthService) -> StaffDesk:
    return StaffDesk(auth)


async def joined(desk: StaffDesk, by: Person, user_name: str, role: StaffRole = "officer") -> Person:
    """Invite somebody and let them join and log in."""
    invited = (await desk.invite(by.caller, user_name, role, "06601")).json()
    secret = (await desk.look(invited["token"])).json()["totp_secret"]
    assert (await desk.accept(invited["token"], secret)).status == 204
    desk.auth.clock.advance(STEP)
    return await desk.logged_in(user_name, secret)


def seen(answer: HttpAnswer) -> tuple[int, Any]:
    return answer.status, answer.json().get("code")


@pytest.mark.sec("SEC-43")
@pytest.mark.sec("LIM-17")
async def test_who_is_invited_sets_password_and_second_factor_and_logs_in(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator", "000")
    invited = (await desk.invite(ada.caller, "moi.nguyen", "supervisor", "066")).json()
    shown = (await desk.look(invited["token"])).json()
    assert shown["user_name"] == "moi.nguyen"
    assert shown["totp_uri"].startswith("otpauth://totp/")
    assert (await desk.try_log_in("moi.nguyen", shown["totp_secret"])).status == 401
    assert (await desk.accept(invited["token"], shown["totp_secret"])).status == 204
    desk.auth.clock.advance(STEP)
    person = await desk.logged_in("moi.nguyen", shown["totp_secret"])
    verdict = await desk.auth.verdict(person.token)
    assert (verdict["roles"], verdict["agency_code"]) == (["officer", "supervisor"], "066")


@pytest.mark.sec("SEC-43")
async def test_an_invitation_is_used_once_and_the_code_of_its_acceptance_too(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    token = (await desk.invite(ada.caller, "moi")).json()["token"]
    secret = (await desk.look(token)).json()["totp_secret"]
    assert (await desk.accept(token, secret)).status == 204
    assert (await desk.try_log_in("moi", secret)).status == 401
    assert seen(await desk.accept(token, secret, password=OTHER_PASSWORD)) == (409, "invitation_refused")
    assert seen(await desk.look(token)) == (409, "invitation_refused")


@pytest.mark.sec("SEC-43")
async def test_of_many_who_accept_at_once_one_does(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    token = (await desk.invite(ada.caller, "moi")).json()["token"]
    secret = (await desk.look(token)).json()["totp_secret"]
    passwords = [f"{STAFF_PASSWORD} số {number}" for number in range(5)]
    answers = await asyncio.gather(*(desk.accept(token, secret, password=one) for one in passwords))
    assert sorted(answer.status for answer in answers) == [204, 409, 409, 409, 409]
    (right,) = (one for one, answer in zip(passwords, answers, strict=True) if answer.status == 204)
    desk.auth.clock.advance(STEP)
    assert (await desk.try_log_in("moi", secret, password=right)).status == 201


@pytest.mark.sec("SEC-43")
@pytest.mark.parametrize(("waited", "status"), [(timedelta(hours=72, seconds=-1), 204), (timedelta(hours=72), 409)])
async def test_an_invitation_is_good_for_three_days(desk: StaffDesk, waited: timedelta, status: int) -> None:
    ada = await desk.enrol("ada", "administrator")
    token = (await desk.invite(ada.caller, "moi")).json()["token"]
    secret = (await desk.look(token)).json()["totp_secret"]
    desk.auth.clock.advance(waited)
    assert (await desk.accept(token, secret)).status == status


async def test_a_wrong_code_or_weak_password_uses_nothing_up(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    token = (await desk.invite(ada.caller, "moi")).json()["token"]
    secret = (await desk.look(token)).json()["totp_secret"]
    assert seen(await desk.accept(token, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")) == (409, "time_code_wrong")
    assert (await desk.accept(token, secret, password="moi2026")).status == 422
    assert (await desk.accept(token, secret)).status == 204


async def test_a_repeated_invitation_is_one_and_its_last_secret_counts(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    key = "k" * 30
    first, second = [(await desk.invite(ada.caller, "moi", key=key)).json() for _ in range(2)]
    assert first["staff_id"] == second["staff_id"]
    assert (await desk.look(first["token"])).status == 409
    assert (await desk.look(second["token"])).status == 200
    assert (await desk.auth.event_types()).count("member_invited") == 1


@pytest.mark.sec("SEC-61")
async def test_a_repeated_invitation_gives_no_secret_to_more_than_the_inviter_may_grant(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator", "000")
    sue = await joined(desk, ada, "sue", "supervisor")
    key = "k" * 30
    invited = (await desk.invite(sue.caller, "moi", agency_code="06601", key=key)).json()
    rights = {"role": "administrator", "agency_code": "000"}
    assert (await desk.ask(ada.caller, f"/members/{invited['staff_id']}/rights", rights)).status == 200
    again = await desk.invite(sue.caller, "moi", agency_code="06601", key=key)
    assert seen(again) == (403, "not_entitled")


async def test_a_user_name_is_given_once(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    answers = await asyncio.gather(*(desk.invite(ada.caller, name) for name in ("moi", "MOI", "Moi")))
    assert sorted(answer.status for answer in answers) == [201, 409, 409]


@pytest.mark.sec("SEC-45")
async def test_a_new_invitation_ends_what_the_member_had(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    moi = await joined(desk, ada, "moi")
    await desk.see(ada.caller, "/members")
    again = await desk.ask(ada.caller, f"/members/{moi.staff_id}/invitation")
    assert again.status == 201, again.body
    assert (await desk.auth.verdict(moi.token))["state"] == "expired"
    desk.auth.clock.advance(STEP)
    assert (await desk.try_log_in("moi", moi.totp_secret)).status == 401
    secret = (await desk.look(again.json()["token"])).json()["totp_secret"]
    assert secret != moi.totp_secret
    assert (await desk.accept(again.json()["token"], secret, password=OTHER_PASSWORD)).status == 204
    desk.auth.clock.advance(STEP)
    assert (await desk.try_log_in("moi", moi.totp_secret)).status == 401
    assert (await desk.try_log_in("moi", secret, password=OTHER_PASSWORD)).status == 201


@pytest.mark.sec("SEC-56")
@pytest.mark.sec("SES-12")
async def test_a_suspension_ends_the_session_before_it_is_answered(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    moi = await joined(desk, ada, "moi")
    assert (await desk.ask(ada.caller, f"/members/{moi.staff_id}/suspension")).json()["standing"] == "suspended"
    assert (await desk.auth.verdict(moi.token))["state"] == "expired"
    desk.auth.clock.advance(STEP)
    assert (await desk.try_log_in("moi", moi.totp_secret)).status == 401
    assert (await desk.ask(ada.caller, f"/members/{moi.staff_id}/readmission")).json()["standing"] == "active"
    assert (await desk.auth.verdict(moi.token))["state"] == "expired"
    desk.auth.clock.advance(STEP)
    assert (await desk.try_log_in("moi", moi.totp_secret)).status == 201


@pytest.mark.sec("SEC-61")
@pytest.mark.sec("SES-12")
async def test_other_rights_count_from_the_next_request(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    moi = await joined(desk, ada, "moi")
    body = {"role": "supervisor", "agency_code": "079"}
    assert (await desk.ask(ada.caller, f"/members/{moi.staff_id}/rights", body)).status == 200
    assert (await desk.auth.verdict(moi.token))["state"] == "expired"
    desk.auth.clock.advance(STEP)
    again = await desk.logged_in("moi", moi.totp_secret)
    verdict = await desk.auth.verdict(again.token)
    assert (verdict["roles"], verdict["agency_code"]) == (["officer", "supervisor"], "079")


@pytest.mark.sec("SEC-58")
async def test_an_administrator_ends_a_session(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    moi = await joined(desk, ada, "moi")
    assert (await desk.ask(ada.caller, f"/members/{moi.staff_id}/session-end")).status == 200
    assert (await desk.auth.verdict(moi.token))["state"] == "expired"
    desk.auth.clock.advance(STEP)
    assert (await desk.try_log_in("moi", moi.totp_secret)).status == 201


@pytest.mark.sec("SEC-61")
async def test_of_two_administrators_who_suspend_each_other_at_once_one_stays(desk: StaffDesk) -> None:
    ada, bao = await desk.enrol("ada", "administrator"), await desk.enrol("bao", "administrator")
    answers = await asyncio.gather(
        desk.ask(ada.caller, f"/members/{bao.staff_id}/suspension"),
        desk.ask(bao.caller, f"/members/{ada.staff_id}/suspension"),
    )
    assert sorted(seen(answer) for answer in answers if answer.status != 200) == [(403, "not_entitled")]
    states = [(await desk.auth.verdict(person.token))["state"] for person in (ada, bao)]
    assert sorted(states) == ["expired", "valid"]


@pytest.mark.sec("SEC-60")
async def test_nobody_gives_themselves_more_or_less(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    body = {"role": "supervisor", "agency_code": "066"}
    assert seen(await desk.ask(ada.caller, f"/members/{ada.staff_id}/rights", body)) == (403, "own_rights")
    assert seen(await desk.ask(ada.caller, f"/members/{ada.staff_id}/suspension")) == (403, "own_rights")


@pytest.mark.sec("SEC-60")
async def test_a_supervisor_sees_and_moves_the_own_officers_only(desk: StaffDesk) -> None:
    sau = await desk.enrol("sau", "supervisor", "066")
    oan = await desk.enrol("oan", "officer", "06601")
    far = await desk.enrol("far", "officer", "07901")
    listed = (await desk.see(sau.caller, "/members")).json()
    assert [member["user_name"] for member in listed["members"]] == ["oan"]
    assert (await desk.see(sau.caller, f"/members/{far.staff_id}")).status == 404
    assert (await desk.ask(sau.caller, f"/members/{far.staff_id}/suspension")).status == 404
    assert (await desk.ask(sau.caller, f"/members/{oan.staff_id}/suspension")).status == 200
    assert seen(await desk.invite(sau.caller, "moi", "supervisor", "066")) == (403, "not_entitled")
    assert (await desk.invite(sau.caller, "moi", "officer", "06602")).status == 201


@pytest.mark.sec("SEC-60")
async def test_officers_citizens_and_guests_are_turned_away(desk: StaffDesk) -> None:
    oan = await desk.enrol("oan", "officer")
    for path in ("/members", "/acts", f"/members/{oan.staff_id}"):
        assert (await desk.see(oan.caller, path)).status == 403
        assert (await desk.see(a_citizen(), path)).status == 403
        assert (await desk.see(a_guest(), path)).status == 401
    for path in ("suspension", "readmission", "session-end", "invitation"):
        assert (await desk.ask(oan.caller, f"/members/{oan.staff_id}/{path}")).status == 403
    assert (await desk.invite(oan.caller, "moi")).status == 403
    sau = await desk.enrol("sau", "supervisor")
    assert (await desk.see(sau.caller, "/acts")).status == 403


@pytest.mark.sec("SEC-65")
async def test_every_act_is_listed_with_who_and_why(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    moi = await joined(desk, ada, "moi")
    await desk.ask(ada.caller, f"/members/{moi.staff_id}/rights", {"role": "supervisor", "agency_code": "066"})
    await desk.ask(ada.caller, f"/members/{moi.staff_id}/suspension")
    acts = (await desk.see(ada.caller, f"/acts?subject_id={moi.staff_id}")).json()["acts"]
    assert [(act["act"], act["actor_id"], act["reason"]) for act in acts] == [
        ("member_suspended", ada.staff_id, REASON),
        ("member_rights_changed", ada.staff_id, REASON),
        ("member_joined", moi.staff_id, None),
        ("member_invited", ada.staff_id, REASON),
    ]
    assert acts[1]["details"]["former_role"] == "officer"
    rest = (await desk.see(ada.caller, f"/acts?limit=2&before={acts[1]['position']}")).json()
    assert [act["act"] for act in rest["acts"]] == ["member_joined", "member_invited"]
    assert rest["more"] is True


@pytest.mark.sec("SEC-10")
async def test_an_act_without_a_reason_is_refused(desk: StaffDesk) -> None:
    ada = await desk.enrol("ada", "administrator")
    oan = await desk.enrol("oan", "officer")
    for reason in ("", "          ", "ngắn", "x" * 501):
        answer = await desk.ask(ada.caller, f"/members/{oan.staff_id}/suspension", {"reason": reason})
        assert answer.status == 422, reason
    more = {"status": "active"}
    assert (await desk.ask(ada.caller, f"/members/{oan.staff_id}/suspension", more)).status == 422


async def test_a_change_killed_before_access_follows_is_followed_later(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await desk.enrol("ada", "administrator")
    oan = await desk.enrol("oan", "officer")
    await desk.auth.use_cases.staff.roster.follow_further()
    with monkeypatch.context() as patched:
        patched.setattr(AccessDocuments, "change", _killed)
        assert (await desk.ask(ada.caller, f"/members/{oan.staff_id}/suspension")).status == 500
    assert (await desk.auth.verdict(oan.token))["state"] == "valid"
    assert await desk.auth.use_cases.staff.roster.follow_further() == 1
    assert (await desk.auth.verdict(oan.token))["state"] == "expired"
    assert await desk.auth.use_cases.staff.roster.follow_further() == 0


@pytest.mark.parametrize(
    "step", [(AccessDocuments, "set_credentials"), (AccessDocuments, "change"), (StaffInvitations, "remove")]
)
async def test_an_acceptance_killed_half_way_is_finished_later(
    desk: StaffDesk, monkeypatch: pytest.MonkeyPatch, step: tuple[type, str]
) -> None:
    ada = await desk.enrol("ada", "administrator")
    token = (await desk.invite(ada.caller, "moi")).json()["token"]
    secret = (await desk.look(token)).json()["totp_secret"]
    with monkeypatch.context() as patched:
        patched.setattr(*step, _killed)
        assert (await desk.accept(token, secret)).status == 500
    desk.auth.clock.advance(STEP)
    staff = desk.auth.use_cases.staff
    await staff.join.finish_accepted_before(desk.auth.clock.now())
    assert (await desk.try_log_in("moi", secret)).status == 201
    assert await staff.join.finish_accepted_before(desk.auth.clock.now()) == 0
    assert (await desk.auth.event_types()).count("member_joined") == 1


async def test_credentials_of_an_older_invitation_never_replace_newer_ones(auth: AuthService) -> None:
    desk = StaffDesk(auth)
    oan = await desk.enrol("oan", "officer")
    access = auth.use_cases.stored.access
    await access.set_credentials(oan.staff_id, password="newer", totp={}, revision=5)
    await access.set_credentials(oan.staff_id, password="older", totp={}, revision=4)
    entry = await access.find(oan.staff_id)
    assert entry is not None
    assert entry.password == "newer"


async def test_who_was_enrolled_before_the_roster_is_in_it(desk: StaffDesk, database: Database) -> None:
    oan = await desk.enrol("oan", "officer", "06601")
    old = "1" * 32
    document = await database["access"].find_one({"_id": oan.staff_id})
    assert document is not None
    del document["rights_revision"], document["credentials_revision"], document["session"]
    await database["access"].insert_one(
        document | {"_id": old, "person_id": old, "epoch": 0, "version": 0, "roles": ["administrator"]}
    )
    event = StaffEnrolled(
        staff_id=old, user_name="cu", role="administrator", agency_code="000", enrolled_at=desk.auth.clock.now()
    )
    await _record(desk.auth, event)
    for _ in range(2):
        await desk.auth.use_cases.staff.adopt()
    member = (await desk.auth.use_cases.staff.roster.present()).members[old]
    assert (member.standing, member.role) == ("active", "administrator")
    assert (await desk.auth.event_types()).count("member_enrolled") == 2


async def _record(auth: AuthService, event: StaffEnrolled) -> None:
    await auth.store.append(
        f"staff-{event.staff_id}", [event], expected_version=0, commit_id="old", metadata=Metadata(correlation_id="old")
    )


async def _killed(*_args: object, **_more: object) -> None:
    raise RuntimeError("killed")
