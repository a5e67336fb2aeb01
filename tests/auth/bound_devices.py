"""A person at a device of their own: what the page or app does with its key, through the API."""

from dataclasses import dataclass, field
from typing import Any

from ansinh_kit.http.assertion import Caller
from ansinh_kit.testing.asgi_client import HttpAnswer

from tests.auth.device_keys import DeviceKey
from tests.auth.service import PHONE_DEVICE, AuthService, citizen_of

BINDINGS = "/v1/device-bindings"


@dataclass
class AtDevice:
    """Logged in on one device; every request is signed with `key` unless a test says otherwise."""

    auth: AuthService
    token: str
    caller: Caller
    key: DeviceKey = field(default_factory=DeviceKey)

    async def ask(
        self, method: str, path: str, body: object = None, *, key: DeviceKey | None = None, signed: bool = True
    ) -> HttpAnswer:
        proof = self.auth.proof(key or self.key, method, path, token=self.token)
        headers = {"DPoP": proof} if signed else {}
        return await self.auth.client.request(method, path, caller=self.caller, json_body=body, headers=headers)

    async def start_binding(self, **how: Any) -> HttpAnswer:  # noqa: ANN401 - as `ask`
        return await self.ask("POST", BINDINGS, {"device": PHONE_DEVICE}, **how)

    async def confirm_binding(self, binding_id: str, code: str, **how: Any) -> HttpAnswer:  # noqa: ANN401 - as `ask`
        return await self.ask("POST", f"{BINDINGS}/{binding_id}/confirm", {"code": code}, **how)

    async def bind(self) -> HttpAnswer:
        started = await self.start_binding()
        assert started.status == 202, started.body
        answer = await self.confirm_binding(started.json()["binding_id"], await self.auth.code_sent())
        assert answer.status == 201, answer.body
        return answer


async def at_device(auth: AuthService, key: DeviceKey | None = None) -> AtDevice:
    """Activate the account and log in."""
    await auth.active_account()
    return entered(auth, await auth.log_in(), key)


def entered(auth: AuthService, log_in: HttpAnswer, key: DeviceKey | None = None) -> AtDevice:
    assert log_in.status == 201, log_in.body
    return AtDevice(auth, log_in.json()["token"], citizen_of(log_in), key or DeviceKey())


async def at_bound_device(auth: AuthService) -> AtDevice:
    here = await at_device(auth)
    await here.bind()
    return here


def code_of(answer: HttpAnswer) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status, answer.json()["code"]
