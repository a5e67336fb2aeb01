"""A bound device opens sessions with the password and its key (LIM-14, LIM-16)."""

from datetime import timedelta

import pytest
from ansinh_kit.events import Metadata
from auth.domain.access.commands import EndSession
from auth.storage.password_hashing import PasswordHashing, Verification

from tests.auth.bound_devices import at_bound_device, code_of, entered
from tests.auth.builders import PASSWORD
from tests.auth.device_keys import DeviceKey
from tests.auth.devices import state
from tests.auth.service import NUMBER, PHONE_DEVICE, TABLET, AuthService

MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


@pytest.mark.sec("SES-10")
async def test_an_old_nonce_is_answered_with_the_one_to_use(auth: AuthService) -> None:
    await auth.active_account()
    key = DeviceKey()
    body = {"user_name": NUMBER, "password": PASSWORD, "device": PHONE_DEVICE}
    stale = key.proof("POST", "/v1/sessions", now=auth.clock.now(), nonce="old")
    answer = await auth.post("/v1/sessions", body, proof=stale)
    assert code_of(answer) == (401, "device_nonce_needed")
    assert answer.headers["www-authenticate"] == 'DPoP error="use_dpop_nonce", algs="ES256"'
    nonce = answer.headers["dpop-nonce"]
    assert nonce == answer.json()["nonce"]
    fresh = key.proof("POST", "/v1/sessions", now=auth.clock.now(), nonce=nonce)
    assert (await auth.post("/v1/sessions", body, proof=fresh)).status == 201
    again = await auth.post("/v1/sessions", body, proof=fresh)
    assert (*code_of(again), again.json()["rule"]) == (401, "device_proof_refused", "used_before")
    nonce = again.headers["dpop-nonce"]
    assert nonce != answer.headers["dpop-nonce"]
    assert again.headers["www-authenticate"] == 'DPoP error="invalid_dpop_proof", algs="ES256"'
    other = key.proof("POST", "/v1/device-nonces", now=auth.clock.now(), nonce=nonce)
    refused = await auth.post("/v1/sessions", body, proof=other)
    assert (*code_of(refused), refused.json()["rule"]) == (401, "device_proof_refused", "address")


@pytest.mark.sec("LIM-16")
async def test_a_bound_device_reopens_its_session_by_password_and_key(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    again = await auth.log_in(key=here.key)
    assert again.status == 201, again.body
    assert await state(auth, here.token) == "expired", "the token before is dead"
    assert (await auth.event_types())[-2:] == ["session_revoked", "session_opened"]
    assert (await auth.log_in()).status == 409, "without the key the live session stands in the way"
    assert (await auth.log_in(key=DeviceKey())).status == 409


@pytest.mark.sec("LIM-16")
@pytest.mark.parametrize(("age", "status"), [(MONTH - SECOND, 201), (MONTH, 409)])
async def test_it_does_so_for_thirty_days_after_its_binding(auth: AuthService, age: timedelta, status: int) -> None:
    here = await at_bound_device(auth)
    auth.clock.advance(age)
    assert (await auth.log_in(key=here.key)).status == 201, "nobody is in any more"
    assert (await auth.log_in(key=here.key)).status == status


@pytest.mark.sec("LIM-16")
async def test_a_device_bound_anew_counts_for_another_thirty_days(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    auth.clock.advance(MONTH)
    here = entered(auth, await auth.log_in(key=here.key), here.key)
    await here.bind()
    assert len((await here.ask("GET", "/v1/me/devices")).json()["devices"]) == 1
    assert (await auth.log_in(key=here.key)).status == 201


@pytest.mark.sec("LIM-14")
async def test_strangers_cannot_lock_the_holder_out_of_a_bound_device(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    for guess in range(100):
        await auth.log_in(password="một mật khẩu khác hẳn", address=f"198.51.100.{guess}")
    assert (await auth.log_in(address="192.0.2.1")).status == 401, "the password is off for devices nobody knows"
    assert (await auth.log_in(address="198.51.100.1", key=here.key)).status == 201
    assert (await auth.log_in(address="192.0.2.1")).status == 401, "that the holder came in lets no stranger try on"


@pytest.mark.sec("LIM-14")
async def test_a_key_of_somebody_else_is_counted_as_a_stranger(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    thief = DeviceKey()
    for _ in range(5):
        assert (await auth.log_in(password="một mật khẩu khác hẳn", key=thief)).status == 401
    assert (await auth.log_in(key=thief)).status == 429
    assert (await auth.log_in(key=here.key)).status == 201, "from the same address"


@pytest.mark.sec("LIM-13")
async def test_guesses_at_the_bound_device_itself_are_slowed_down(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    for _ in range(5):
        await auth.log_in(password="một mật khẩu khác hẳn", key=here.key)
    assert (await auth.log_in(key=here.key)).status == 429
    assert (await auth.log_in()).status == 409, "others are not slowed down by it"


@pytest.mark.sec("SES-10")
async def test_a_take_over_begun_with_a_key_is_finished_with_it(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    other = DeviceKey()
    take_over_id = (await auth.log_in(device=TABLET, key=other)).json()["take_over_id"]
    code = await auth.ask_for_code(take_over_id)
    path = f"/v1/take-overs/{take_over_id}/confirm"
    assert code_of(await auth.post(path, {"code": code})) == (409, "code_refused")
    for key in (DeviceKey(), here.key):
        answer = await auth.post(path, {"code": code}, proof=auth.proof(key, "POST", path))
        assert code_of(answer) == (409, "code_refused")
    assert (await auth.post(path, {"code": code}, proof=auth.proof(other, "POST", path))).status == 201
    assert await state(auth, here.token) == "replaced"


@pytest.mark.sec("LIM-01")
async def test_a_password_too_short_alone_lets_in_a_bound_device_only_and_any_other_with_a_code(
    auth: AuthService,
) -> None:
    here = await at_bound_device(auth)
    short = "ba vì mùa hè"
    hashed = await auth.use_cases.activation.complete._hashing.hash(short)
    await auth.use_cases.sessions._access.change(
        str(here.caller.account_id),
        EndSession(now=auth.clock.now(), session_epoch=int(here.caller.epoch or 0), reason="logged_out"),
        metadata=Metadata("story"),
        password=hashed,
        password_needs_device=True,
    )
    assert (await auth.log_in(password=short, key=here.key)).status == 201
    await auth.client.request("DELETE", "/v1/sessions/current", caller=here.caller)
    for key in (None, DeviceKey()):
        assert code_of(await auth.log_in(password=short, key=key))[0] == 409
    auth.clock.advance(timedelta(hours=25))
    assert code_of(await auth.log_in(password="một mật khẩu khác hẳn")) == (401, "log_in_refused")
    needed = await auth.log_in(password=short, device=TABLET)
    assert code_of(needed) == (409, "code_needed")
    take_over_id = needed.json()["take_over_id"]
    assert (await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id))).status == 201


@pytest.mark.sec("SES-10")
async def test_a_device_removed_between_password_and_session_opens_none(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await at_bound_device(auth)
    verify = PasswordHashing.verify

    async def removed_meanwhile(hashing: PasswordHashing, password: str, stored: str | None) -> Verification:
        verified = await verify(hashing, password, stored)
        await here.ask("DELETE", f"/v1/me/devices/{here.key.thumbprint}")
        return verified

    monkeypatch.setattr(PasswordHashing, "verify", removed_meanwhile)
    assert code_of(await auth.log_in(key=here.key)) == (401, "log_in_refused")
    assert (await auth.event_types())[-1] == "device_removed", "and no session was opened"
