"""At the counter: an officer lets the holder's own device set a password, locks and unlocks; and sees no secret."""

from datetime import timedelta

import pytest
from ansinh_contracts.auth import RecoveryApprovedV1, RecoveryWithdrawnV1
from ansinh_kit.testing.callers import a_guest, an_officer
from auth.domain.access_events import AccountLocked, RecoveryApproved
from auth.messaging.publishing import to_contract

from tests.auth.builders import PASSWORD
from tests.auth.recovering import NEW_PASSWORD, OFFICER, PAPERS, approve, begin, complete, saved_codes
from tests.auth.service import PHONE, TABLET, AuthService, at_once, citizen_of

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.req("U-14")
@pytest.mark.sec("SEC-45")
async def test_without_device_and_phone_the_counter_helps_once_the_time_to_object_is_over(auth: AuthService) -> None:
    await auth.active_account()
    old_device = (await auth.log_in()).json()["token"]
    begun = await begin(auth)
    assert (await approve(auth, begun)).status == 201
    auth.clock.advance(24 * HOUR - SECOND)
    assert (await complete(auth, begun)).json()["code"] == "recovery_refused"
    auth.clock.advance(SECOND)
    assert (await complete(auth, begun)).status == 200
    assert (await auth.verdict(old_device))["state"] == "expired"
    assert (await auth.log_in(password=NEW_PASSWORD, device=TABLET)).status == 201
    assert (await complete(auth, begun, password=PASSWORD)).status == 409, "an approval counts once"


@pytest.mark.sec("OTC-09")
async def test_together_with_a_sent_code_the_approval_counts_at_once(auth: AuthService) -> None:
    await auth.active_account()
    begun = await begin(auth)
    code = await auth.code_sent()
    assert (await approve(auth, begun)).status == 201
    assert (await complete(auth, begun, code=code)).status == 200


@pytest.mark.sec("SEC-45")
async def test_what_the_officer_sees_opens_nothing(auth: AuthService) -> None:
    await auth.active_account()
    begun = await begin(auth)
    answer = await approve(auth, begun)
    assert set(answer.json()) == {"recovery_id", "opens_at", "ends_at"}
    auth.clock.advance(24 * HOUR)
    path = f"/v1/recoveries/{answer.json()['recovery_id']}/complete"
    body = {"token": "rec_" + "A" * 43, "password": NEW_PASSWORD}
    assert (await auth.post(path, body)).json()["code"] == "recovery_refused"


@pytest.mark.sec("SEC-45")
@pytest.mark.sec("SEC-41")
async def test_the_approval_is_recorded_with_officer_agency_and_reason_and_told_to_all_contacts(
    auth: AuthService,
) -> None:
    await auth.active_account()
    await approve(auth, await begin(auth), reason="phone_stolen", paper="passport")
    recorded = (await auth.events())[-1]
    event = recorded.event
    assert isinstance(event, RecoveryApproved)
    assert (event.staff_id, event.agency_code, event.reason, event.paper) == (
        "s" * 32,
        "06601",
        "phone_stolen",
        "passport",
    )
    told = to_contract(recorded)
    assert isinstance(told, RecoveryApprovedV1)
    assert told.contact is not None
    assert told.contact.phone == PHONE


async def told_of_withdrawal(auth: AuthService) -> tuple[str, str]:
    """Return who took the approval back, and the phone that is told of it."""
    told = to_contract((await auth.events())[-1])
    assert isinstance(told, RecoveryWithdrawnV1)
    assert told.contact is not None
    return told.by, told.contact.phone


@pytest.mark.sec("SEC-41")
async def test_the_holder_objects_and_the_approval_counts_no_more(auth: AuthService) -> None:
    await auth.active_account()
    session = await auth.log_in()
    begun = await begin(auth)
    await approve(auth, begun)
    objection = await auth.post("/v1/me/recovery/objection", caller=citizen_of(session))
    assert objection.status == 204
    again = await auth.post("/v1/me/recovery/objection", caller=citizen_of(session))
    assert again.json()["code"] == "no_recovery_pending"
    auth.clock.advance(24 * HOUR)
    assert (await complete(auth, begun)).status == 409
    assert await told_of_withdrawal(auth) == ("holder", PHONE)


@pytest.mark.sec("SEC-41")
async def test_staff_take_an_approval_back(auth: AuthService) -> None:
    await auth.active_account()
    begun = await begin(auth)
    await approve(auth, begun)
    assert (await auth.post("/v1/staff/accounts/recovery/withdrawal", PAPERS, caller=OFFICER)).status == 204
    assert await told_of_withdrawal(auth) == ("staff", PHONE)
    auth.clock.advance(24 * HOUR)
    assert (await complete(auth, begun)).status == 409


@pytest.mark.parametrize(
    "changes",
    [{"counter_reference": "K7QF29TM"}, {"identity_number": "066185000002"}, {"social_insurance_number": "9999999999"}],
)
async def test_what_does_not_agree_is_not_found(auth: AuthService, changes: dict[str, str]) -> None:
    await auth.active_account()
    assert (await approve(auth, await begin(auth), **changes)).status == 404


async def test_a_recovery_begun_with_other_numbers_can_be_approved_at_the_counter(auth: AuthService) -> None:
    await auth.active_account()
    begun = await begin(auth, identity_number="066185009999")
    assert (await approve(auth, begun)).status == 201
    auth.clock.advance(24 * HOUR)
    assert (await complete(auth, begun)).status == 200


async def test_approving_twice_leaves_the_first_time_to_object(auth: AuthService) -> None:
    await auth.active_account()
    begun = await begin(auth)
    first = (await approve(auth, begun)).json()
    auth.clock.advance(HOUR)
    assert (await approve(auth, begun)).json() == first
    assert (await auth.event_types()).count("recovery_approved") == 1


async def test_twenty_approvals_an_hour_for_one_officer(auth: AuthService) -> None:
    await auth.active_account()
    begun = await begin(auth)
    answers = [await approve(auth, begun) for _ in range(21)]
    assert [answer.status for answer in answers] == [201] * 20 + [429]


@pytest.mark.sec("F-35")
async def test_of_two_approved_recoveries_completed_at_once_only_the_newest_counts(auth: AuthService) -> None:
    await auth.active_account()
    first = await begin(auth)
    auth.clock.advance(timedelta(minutes=1))
    second = await begin(auth)
    await approve(auth, first)
    await approve(auth, second)
    auth.clock.advance(24 * HOUR)
    answers = await at_once(complete(auth, first), complete(auth, second))
    assert [answer.status for answer in answers] == [409, 200]


@pytest.mark.sec("API-05")
@pytest.mark.parametrize("path", ["recovery", "recovery/withdrawal", "lock", "unlock", "password-compromise"])
async def test_the_counter_is_for_officers(auth: AuthService, path: str) -> None:
    bodies = {
        "recovery": {**PAPERS, "counter_reference": "K7QF29TM", "reason": "other", "paper": "passport"},
        "recovery/withdrawal": PAPERS,
        "lock": {**PAPERS, "reason": "other"},
        "unlock": {**PAPERS, "reason": "other"},
        "password-compromise": {**PAPERS, "reason": "other"},
    }
    await auth.active_account()
    session = citizen_of(await auth.log_in())
    statuses = [
        (await auth.post(f"/v1/staff/accounts/{path}", bodies[path], caller=caller)).status
        for caller in (a_guest(), session, an_officer(roles=("administrator",)))
    ]
    assert statuses == [401, 403, 403]


@pytest.mark.sec("SES-12")
@pytest.mark.sec("SEC-56")
async def test_the_holder_locks_the_account_and_is_out_and_a_recovery_opens_it(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    session = await auth.log_in()
    locked = await auth.post("/v1/me/lock", {"reason": "lost_device"}, caller=citizen_of(session))
    assert locked.status == 204
    verdict = await auth.verdict(session.json()["token"])
    assert (verdict["state"], verdict["reason"]) == ("expired", "locked")
    assert (await auth.log_in()).status == 401
    begun = await begin(auth)
    assert (await complete(auth, begun, code=await auth.code_sent(), saved_code=codes[0])).status == 200
    assert (await auth.log_in(password=NEW_PASSWORD)).status == 201


@pytest.mark.sec("SES-12")
@pytest.mark.sec("SEC-56")
async def test_a_lock_by_staff_is_opened_by_staff_only(auth: AuthService) -> None:
    await auth.active_account()
    codes = await saved_codes(auth, PASSWORD)
    session = await auth.log_in()
    begun = await begin(auth)
    code = await auth.code_sent()
    locked = await auth.post("/v1/staff/accounts/lock", {**PAPERS, "reason": "fraud"}, caller=OFFICER)
    assert locked.status == 200, locked.body
    assert (await auth.verdict(session.json()["token"]))["state"] == "expired"
    assert (await complete(auth, begun, code=code, saved_code=codes[0])).json()["code"] == "recovery_refused"
    event = (await auth.events())[-1].event
    assert isinstance(event, AccountLocked)
    assert (event.by, event.staff_id, event.agency_code, event.phone) == ("staff", "s" * 32, "06601", PHONE)
    body = {**PAPERS, "reason": "holder_identified"}
    assert (await auth.post("/v1/staff/accounts/unlock", body, caller=OFFICER)).status == 200
    assert (await auth.log_in()).status == 201
    assert (await auth.event_types()).count("account_unlocked") == 1


async def test_a_locked_account_sends_no_recovery_code_and_answers_alike(auth: AuthService) -> None:
    await auth.active_account()
    await auth.post("/v1/staff/accounts/lock", {**PAPERS, "reason": "fraud"}, caller=OFFICER)
    before = len(auth.secrets.messages())
    await begin(auth)
    assert len(auth.secrets.messages()) == before
