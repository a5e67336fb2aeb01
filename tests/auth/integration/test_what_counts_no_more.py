"""What was shown a moment ago must still count when it opens something: the races between looking and letting in."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from ansinh_kit.events import Metadata
from ansinh_kit.mongo import Database
from auth.domain.access.commands import ApproveRecovery, RecoverPassword
from auth.domain.one_time_codes import CodeRules
from auth.handlers.passkey_checks import PasskeyAnswer
from auth.storage.access_entries import Entry
from auth.storage.passkey_challenges import PasskeyPurpose
from auth.storage.password_hashing import Verification

from tests.auth.builders import PASSWORD
from tests.auth.contacts import NEW_PHONE_STORED, Changing
from tests.auth.integration.test_passkeys import log_in, nobody_is_in
from tests.auth.service import PHONE, AuthService

METADATA = Metadata(correlation_id="test")
NEW_PASSWORD = "một con đường khác hẳn"
RECOVERY = "5" * 32


async def recovered(auth: AuthService, account_id: str) -> None:
    """The holder gets a new password at the counter; sessions, devices and passkeys are gone with the old one."""
    access, now = auth.use_cases.stored.access, auth.clock.now()
    approve = ApproveRecovery(
        now=now,
        recovery_id=RECOVERY,
        staff_id="1" * 32,
        agency_code="066",
        reason="password_and_codes_lost",
        paper="citizen_id",
        opens_at=now,
        ends_at=now + timedelta(hours=1),
    )
    await access.change(account_id, approve, metadata=METADATA)
    hashed = await auth.use_cases.log_ins.citizen._passwords._hashing.hash(NEW_PASSWORD)
    recover = RecoverPassword(now=now, recovery_id=RECOVERY)
    await access.change(account_id, recover, metadata=METADATA, password=hashed)


def meanwhile(auth: AuthService, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Awaitable[None]]) -> None:
    """Let it happen once, right after a password was compared."""
    hashing = auth.use_cases.log_ins.citizen._passwords._hashing
    compare = type(hashing).verify

    async def compare_then(_self: object, password: str, stored: str | None) -> Verification:
        found: Verification = await compare(hashing, password, stored)
        monkeypatch.setattr(type(hashing), "verify", compare)
        await happens()
        return found

    monkeypatch.setattr(type(hashing), "verify", compare_then)


@pytest.mark.sec("SEC-57")
@pytest.mark.sec("SEC-06")
async def test_a_password_that_was_replaced_while_it_was_compared_lets_nobody_in(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it whoever knows the old password comes in after the holder has been at the counter because of them."""
    account_id = await auth.active_account()
    meanwhile(auth, monkeypatch, lambda: recovered(auth, account_id))
    late = await auth.log_in(password=PASSWORD)
    assert (late.status, late.json()["code"]) == (401, "log_in_refused"), late.body
    assert (await auth.log_in(password=NEW_PASSWORD)).status == 201


@pytest.mark.sec("SEC-06")
async def test_a_passkey_that_was_taken_away_while_it_signed_lets_nobody_in(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    authenticator = await nobody_is_in(auth)
    account_id = await auth.account_id()
    checks = auth.use_cases.factors.passkey_log_in._checks
    looked_at = checks.entry_of

    async def then_recovered(answer: PasskeyAnswer, purpose: PasskeyPurpose) -> Entry:
        found = await looked_at(answer, purpose)
        await recovered(auth, account_id)
        return found

    monkeypatch.setattr(checks, "entry_of", then_recovered)
    late = await log_in(auth, authenticator)
    assert (late.status, late.json()["code"]) == (401, "passkey_refused"), late.body


@pytest.mark.sec("LIM-08")
async def test_a_right_code_of_ones_own_new_phone_does_not_let_the_other_be_guessed_for_ever(
    database: Database,
) -> None:
    """Who has session and password names a phone of their own: its code is always right, and clears nothing."""
    auth = AuthService(database, codes=CodeRules(wrong_in_a_row=4))
    await auth.use_cases.stored.prepare()
    changing = await Changing.begin(auth)
    change_id = await changing.started()
    new, present = await changing.code_to(NEW_PHONE_STORED), await changing.code_to(PHONE)
    wrong = f"{(int(present) + 1) % 10**6:06d}"
    path = f"/v1/contact-changes/{change_id}/confirm"
    for _ in range(4):
        answer = await auth.post(path, {"new_code": new, "present_code": wrong}, caller=changing.caller)
        assert answer.status == 409, answer.body
    answer = await auth.post(path, {"new_code": new, "present_code": present}, caller=changing.caller)
    assert (answer.status, answer.json()["code"]) == (409, "code_refused"), "four in a row: no code counts any more"
    auth.pool.close()
