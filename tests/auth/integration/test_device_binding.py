"""A device becomes the holder's own by its key and a code to the phone on file (SES-10)."""

import asyncio

import pytest
from auth.storage.access_documents import AccessDocuments

from tests.auth.bound_devices import BINDINGS, at_bound_device, at_device, code_of
from tests.auth.device_keys import DeviceKey
from tests.auth.devices import state
from tests.auth.integration.test_kills import folded, killable, swept
from tests.auth.service import PHONE_DEVICE, AuthService


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
