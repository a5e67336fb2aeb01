import asyncio
from datetime import timedelta

import pytest
from ansinh_kit.events import Metadata
from ansinh_kit.testing.asgi_client import HttpAnswer
from auth.domain.access.commands import EndSession
from auth.storage.access_documents import AccessDocuments
from auth.storage.password_hashing import PasswordHashing, Verification

from tests.auth.bound_devices import BINDINGS, AtDevice, at_bound_device, at_device, entered
from tests.auth.builders import PASSWORD
from tests.auth.device_keys import DeviceKey
from tests.auth.devices import state
from tests.auth.integration.test_kills import folded, killable, swept
from tests.auth.service import NUMBER, PHONE_DEVICE, TABLET, AuthService, citizen_of

MONTH = timedelta(days=30)
SECOND = timedelta(seconds=1)


def code_of(answer: HttpAnswer) -> tuple[int, str]:
    return answer.status, answer.json()["code"]


async def devices_of(auth: AuthService, session: HttpAnswer) -> list[dict[str, object]]:
    answer = await auth.client.request("GET", "/v1/me/devices", caller=citizen_of(session))
    return list(answer.json()["devices"])


@pytest.mark.sec("SES-10")
@pytest.mark.sec("SES-02")
async def test_a_device_is_bound_by_its_key_and_a_code_to_the_phone_on_file(auth: AuthService) -> None:
    here = await at_device(auth)
    started = (await here.start_binding()).json()
    code = await auth.code_sent()
    message = auth.secrets.messages()[-1]
    assert (message.purpose, message.channel, message.target) == ("device_binding", "sms", "+84912345678")
    answer = await here.confirm_binding(started["binding_id"], code)
    assert (answer.status, answer.json()["device_id"]) == (201, here.key.thumbprint)
    shown = (await here.ask("GET", "/v1/me/devices")).json()["devices"]
    assert [(one["name"], one["kind"], one["present"]) for one in shown] == [("Điện thoại của Hoa", "phone", True)]
    session = (await here.ask("GET", "/v1/sessions/current")).json()
    assert session["device_thumbprint"] == here.key.thumbprint
    assert await state(auth, here.token) == "valid", "binding a device does not log it out"


@pytest.mark.sec("SES-10")
@pytest.mark.sec("SEC-41")
async def test_the_binding_is_recorded_with_whom_to_tell(auth: AuthService) -> None:
    await at_bound_device(auth)
    event = (await auth.events())[-1].event.model_dump()
    assert (event["full_name"], event["phone"]) == ("Nguyễn Thị Hoa", "+84912345678")
    assert (await auth.event_types())[-1] == "device_bound"


@pytest.mark.sec("SES-10")
async def test_without_a_key_no_binding_begins(auth: AuthService) -> None:
    here = await at_device(auth)
    sent = len(auth.secrets.published)
    assert code_of(await here.start_binding(signed=False)) == (403, "device_key_needed")
    assert len(auth.secrets.published) == sent


@pytest.mark.sec("OTC-03")
async def test_the_code_counts_for_the_key_it_was_asked_for_with(auth: AuthService) -> None:
    here = await at_device(auth)
    binding_id = (await here.start_binding()).json()["binding_id"]
    code = await auth.code_sent()
    assert code_of(await here.confirm_binding(binding_id, code, key=DeviceKey())) == (409, "code_refused")
    assert (await here.confirm_binding(binding_id, code)).status == 201


@pytest.mark.sec("SES-10")
async def test_a_proof_counts_once_and_for_its_own_session(auth: AuthService) -> None:
    here = await at_device(auth)
    proof = auth.proof(here.key, "POST", BINDINGS, token="sit_" + "x" * 43)
    answer = await auth.post(BINDINGS, {"device": PHONE_DEVICE}, caller=here.caller, proof=proof)
    assert (*code_of(answer), answer.json()["rule"]) == (401, "device_proof_refused", "token")
    proof = auth.proof(here.key, "POST", BINDINGS, token=here.token)
    body = {"device": PHONE_DEVICE}
    assert (await auth.post(BINDINGS, body, caller=here.caller, proof=proof)).status == 202
    again = await auth.post(BINDINGS, body, caller=here.caller, proof=proof)
    assert (*code_of(again), again.json()["rule"]) == (401, "device_proof_refused", "used_before")


@pytest.mark.sec("SES-10")
async def test_an_old_nonce_is_answered_with_the_one_to_use(auth: AuthService) -> None:
    await auth.active_account()
    key = DeviceKey()
    body = {"user_name": NUMBER, "password": PASSWORD, "device": PHONE_DEVICE}
    stale = key.proof("POST", "/v1/sessions", now=auth.clock.now(), nonce="old")
    answer = await auth.post("/v1/sessions", body, proof=stale)
    assert code_of(answer) == (401, "device_nonce_needed")
    fresh = key.proof("POST", "/v1/sessions", now=auth.clock.now(), nonce=answer.json()["nonce"])
    assert (await auth.post("/v1/sessions", body, proof=fresh)).status == 201
    nonce = (await auth.post("/v1/device-nonces")).json()["nonce"]
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


async def test_the_holder_names_and_removes_devices(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    device = f"/v1/me/devices/{here.key.thumbprint}"
    assert code_of(await here.ask("PUT", f"{device}/name", {"name": "Máy mới"}, signed=False))[0] == 403
    assert (await here.ask("PUT", f"{device}/name", {"name": "Máy mới"})).status == 204
    assert (await here.ask("GET", "/v1/me/devices")).json()["devices"][0]["name"] == "Máy mới"
    assert (await here.ask("PUT", f"/v1/me/devices/{'x' * 43}/name", {"name": "Máy mới"})).status == 404
    assert code_of(await here.ask("DELETE", device, signed=False)) == (403, "device_key_needed")
    assert (await here.ask("DELETE", device)).status == 204
    assert await state(auth, here.token) == "expired"
    assert (await auth.event_types())[-2:] == ["session_revoked", "device_removed"]
    session = await auth.log_in(key=here.key)
    assert await devices_of(auth, session) == []
    assert "Máy mới" not in await auth.everything_stored()


@pytest.mark.sec("SEC-59")
async def test_a_lost_device_is_removed_by_whoever_took_over_with_a_code_and_not_by_a_password_alone(
    auth: AuthService,
) -> None:
    here = await at_bound_device(auth)
    device = f"/v1/me/devices/{here.key.thumbprint}"
    take_over_id = await auth.second_device()
    taken = entered(auth, await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id)))
    assert (await taken.ask("DELETE", f"/v1/me/devices/{'x' * 43}", signed=False)).status == 404
    await auth.client.request("DELETE", "/v1/sessions/current", caller=taken.caller)
    plain = entered(auth, await auth.log_in())
    assert code_of(await plain.ask("DELETE", device, signed=False)) == (403, "stronger_log_in_needed")
    await auth.client.request("DELETE", "/v1/sessions/current", caller=plain.caller)
    await auth.log_in(device=TABLET)
    take_over_id = await auth.second_device()
    taken = entered(auth, await auth.confirm(take_over_id, await auth.ask_for_code(take_over_id)))
    assert (await taken.ask("DELETE", device, signed=False)).status == 204


@pytest.mark.sec("API-01")
async def test_nobody_sees_or_goes_on_with_the_binding_of_another(auth: AuthService) -> None:
    here = await at_device(auth)
    binding_id = (await here.start_binding()).json()["binding_id"]
    code = await auth.code_sent()
    await auth.open_account(
        declaration_id="e" * 32,
        person_id="f" * 32,
        social_insurance_number="9876543210",
        identity_number="066185000002",
        phone="+84987654321",
        dossier_number="06601-2026-000002",
    )
    stranger = await auth.use_cases.sessions._access.find(await auth.account_id("9876543210"))
    assert stranger is not None
    caller = here.caller.model_copy(update={"account_id": stranger.access.account_id})
    path = f"{BINDINGS}/{binding_id}/confirm"
    proof = auth.proof(here.key, "POST", path, token=here.token)
    assert code_of(await auth.post(path, {"code": code}, caller=caller, proof=proof)) == (409, "session_over")
    assert (await here.confirm_binding(binding_id, code)).status == 201


@pytest.mark.sec("F-35")
async def test_of_many_confirmations_at_once_one_binds(auth: AuthService) -> None:
    here = await at_device(auth)
    binding_id = (await here.start_binding()).json()["binding_id"]
    code = await auth.code_sent()
    answers = await asyncio.gather(*(here.confirm_binding(binding_id, code) for _ in range(10)))
    assert sorted(answer.status for answer in answers) == [201] + [409] * 9
    assert (await auth.event_types()).count("device_bound") == 1


@pytest.mark.sec("F-09")
@pytest.mark.sec("SES-03")
@pytest.mark.parametrize("where", ["before", "after"])
async def test_a_binding_killed_around_its_event_is_recorded_once(auth: AuthService, where: str) -> None:
    here = await at_device(auth)
    binding_id = (await here.start_binding()).json()["binding_id"]
    code = await auth.code_sent()
    setattr(killable(auth), where, 1)
    assert (await here.confirm_binding(binding_id, code)).status == 500
    assert (await swept(auth)).count("device_bound") == 1
    entry = await auth.use_cases.sessions._access.find(str(here.caller.account_id))
    assert entry is not None
    state_of_log = await folded(auth, entry.access.account_id)
    assert state_of_log.devices == entry.access.devices
    assert (await auth.log_in(key=here.key)).status == 201


@pytest.mark.sec("SEC-04")
async def test_killed_between_code_and_binding_the_code_is_spent_and_nothing_is_bound(
    auth: AuthService, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await at_device(auth)
    binding_id = (await here.start_binding()).json()["binding_id"]
    code = await auth.code_sent()

    async def killed(*_args: object, **_more: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(AccessDocuments, "change", killed)
        assert (await here.confirm_binding(binding_id, code)).status == 500
    assert (await here.ask("GET", "/v1/me/devices")).json()["devices"] == []
    assert code_of(await here.confirm_binding(binding_id, code))[0] == 404
    await here.bind()


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


async def short_password(here: AtDevice, *, signed: bool = True) -> HttpAnswer:
    new = "ba vì mùa hè"
    body = {"old_password": PASSWORD, "new_password": new, "new_password_again": new}
    return await here.ask("POST", "/v1/password-changes", body, signed=signed)


@pytest.mark.sec("LIM-01")
async def test_twelve_characters_may_be_chosen_at_a_bound_device_and_nowhere_else(auth: AuthService) -> None:
    here = await at_device(auth)
    assert "too_short" in (await short_password(here)).body.decode()
    await here.bind()
    started = await short_password(here)
    path = f"/v1/password-changes/{started.json()['password_change_id']}/confirm"
    answer = await here.ask("POST", path, {"code": await auth.code_sent()})
    assert answer.status == 201, answer.body
    assert (await auth.log_in(password="ba vì mùa hè", key=here.key)).status == 201
    auth.clock.advance(timedelta(hours=25))
    assert code_of(await auth.log_in(password="ba vì mùa hè")) == (409, "code_needed")


@pytest.mark.sec("SES-10")
async def test_in_a_bound_session_the_password_changes_with_a_proof_only(auth: AuthService) -> None:
    here = await at_bound_device(auth)
    assert code_of(await short_password(here, signed=False)) == (403, "device_key_needed")
    started = await short_password(here)
    path = f"/v1/password-changes/{started.json()['password_change_id']}/confirm"
    code = await auth.code_sent()
    assert code_of(await here.ask("POST", path, {"code": code}, signed=False)) == (403, "device_key_needed")
    assert (await here.ask("POST", path, {"code": code})).status == 201


@pytest.mark.sec("SES-10")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/contact-changes", {"slot": "phone", "value": "0987654321", "password": PASSWORD}),
        (f"/v1/contact-changes/{'c' * 32}/confirm", {"new_code": "123456", "present_code": "123456"}),
        ("/v1/me/saved-codes", {"password": PASSWORD}),
    ],
)
async def test_in_a_bound_session_nothing_that_matters_changes_without_a_proof(
    auth: AuthService, path: str, body: dict[str, str]
) -> None:
    here = await at_bound_device(auth)
    assert code_of(await here.ask("POST", path, body, signed=False)) == (403, "device_key_needed")
    assert code_of(await here.ask("POST", path, body, key=DeviceKey())) == (403, "device_key_needed")
    assert (await here.ask("POST", path, body)).status != 403
