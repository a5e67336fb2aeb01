"""The other proofs of a recovery: the key of a bound device, and codes to a contact that was confirmed."""

import pytest
from ansinh_kit.decider import handle
from ansinh_kit.events import Metadata
from ansinh_kit.testing.asgi_client import HttpAnswer
from ansinh_kit.testing.callers import a_guest
from auth.domain.account import ACCOUNT, stream_of
from auth.domain.contact_commands import ChangeContact

from tests.auth.bound_devices import at_device
from tests.auth.builders import PASSWORD
from tests.auth.device_keys import DeviceKey
from tests.auth.recovering import NEW_PASSWORD, Begun, approve, begin, complete, saved_codes
from tests.auth.service import AuthService


async def complete_signed(auth: AuthService, begun: Begun, key: DeviceKey, **proofs: str) -> HttpAnswer:
    path = f"/v1/recoveries/{begun.recovery_id}/complete"
    body = {"token": begun.token, "password": NEW_PASSWORD, **proofs}
    headers = {"DPoP": auth.proof(key, "POST", path)}
    return await auth.client.request("POST", path, caller=a_guest(), json_body=body, headers=headers)


@pytest.mark.sec("OTC-09")
@pytest.mark.sec("SES-10")
async def test_a_sent_code_and_the_bound_device_replace_the_password(auth: AuthService) -> None:
    device = await at_device(auth)
    await device.bind()
    begun = await begin(auth)
    code = await auth.code_sent()
    assert (await complete_signed(auth, begun, device.key)).json()["code"] == "recovery_refused"
    assert (await complete_signed(auth, begun, DeviceKey(), code=code)).json()["code"] == "recovery_refused"
    assert (await complete_signed(auth, begun, device.key, code=code)).status == 200
    assert (await auth.log_in(password=NEW_PASSWORD)).status == 201


async def test_after_the_counter_no_device_of_before_is_bound(auth: AuthService) -> None:
    device = await at_device(auth)
    await device.bind()
    begun = await begin(auth)
    code = await auth.code_sent()
    await approve(auth, begun)
    assert (await complete(auth, begun, code=code)).status == 200
    entry = await auth.use_cases.stored.access.find(await auth.account_id())
    assert entry is not None
    assert entry.access.devices == ()


async def confirm_email(auth: AuthService, account_id: str) -> None:
    """Let the address on file be shown to be the holder's: a change to itself, with its code."""
    command = ChangeContact(
        change_id="c" * 32,
        slot="email",
        value="hoa@example.vn",
        base_version=1,
        objection_key=None,
        now=auth.clock.now(),
    )
    await handle(auth.store, stream_of(account_id), command, ACCOUNT, commit_id="shown", metadata=Metadata("story"))


@pytest.mark.req("V-10")
@pytest.mark.sec("OTC-08")
async def test_a_code_goes_by_e_mail_to_an_address_that_was_confirmed_and_to_no_other(auth: AuthService) -> None:
    account_id = await auth.open_account(email="hoa@example.vn")
    assert (await auth.activate()).status == 200
    codes = await saved_codes(auth, PASSWORD)
    before = len(auth.secrets.messages())
    await begin(auth, contact="email")
    assert len(auth.secrets.messages()) == before
    await confirm_email(auth, account_id)
    auth.clock.advance(auth.use_cases.recovery.start._rules.pause)
    begun = await begin(auth, contact="email")
    sent = auth.secrets.messages()[-1]
    assert (sent.purpose, sent.channel, sent.target) == ("recovery", "email", "hoa@example.vn")
    assert sent.secret is not None
    assert (await complete(auth, begun, code=sent.secret, saved_code=codes[0])).status == 200
