"""The holder's own devices: bound by key and code, looked through, named, removed."""

from datetime import datetime
from typing import Annotated

from ansinh_contracts.auth import DeviceKind
from ansinh_kit.http.callers import CitizenCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Depends, Path, params
from pydantic import BaseModel

from auth.api.codes import ChosenPhone, PhoneSlot
from auth.api.device_proofs import Proof
from auth.api.fields import Body, DeviceBody, DeviceName, OneTimeCode
from auth.api.sessions import SessionCaller, require_session
from auth.handlers.code_door import CodeDoor
from auth.handlers.device_bindings import DeviceBindings
from auth.handlers.devices import Device
from auth.handlers.own_devices import OwnDevices
from auth.handlers.sent_codes import SentCode
from auth.handlers.session_proofs import InSession, SessionProofs

BindingId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
DeviceId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")]


class BindingBody(Body):
    """The device, and where the code is to go."""

    device: DeviceBody
    via: PhoneSlot = "phone"


class ConfirmBindingBody(Body):
    code: OneTimeCode


class NameBody(Body):
    name: DeviceName


class BindingCodeSent(BaseModel):
    binding_id: str
    masked_phone: str
    expires_at: datetime
    next_sending_at: datetime

    @classmethod
    def of(cls, sent: SentCode) -> "BindingCodeSent":
        return cls(
            binding_id=sent.challenge_id,
            masked_phone=sent.masked_target,
            expires_at=sent.expires_at,
            next_sending_at=sent.next_sending_at,
        )


class DeviceBound(BaseModel):
    device_id: str
    bound_at: datetime
    reopens_until: datetime


class DeviceShown(BaseModel):
    """`device_id` is the thumbprint of the device's key (RFC 7638). `present`: this session is the device's."""

    device_id: str
    kind: DeviceKind
    name: str | None
    bound_at: datetime
    reopens_until: datetime
    present: bool


class DevicesShown(BaseModel):
    devices: list[DeviceShown]


async def in_session(caller: Annotated[SessionCaller, Depends(require_session)], proof: Proof) -> InSession:
    """Return the session the request came in, with the proof it came with."""
    return InSession(account_id=caller.account_id, epoch=caller.epoch, proof=proof)


Request = Annotated[InSession, Depends(in_session)]


def signed_by_own_device(session_proofs: SessionProofs) -> params.Depends:
    """Return what a route depends on that changes something that matters (SES-10).

    In a session bound to a device key the request then needs a proof made with it; in any other it needs none. What
    the route gets is the thumbprint of the key that signed, `None` if none did.
    """

    async def check(request: Request, _: CitizenCaller) -> str | None:
        return (await session_proofs.require(request)).thumbprint

    return params.Depends(check)


def device_routes(bindings: DeviceBindings, devices: OwnDevices, door: CodeDoor) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["devices"])

    @routes.post("/device-bindings", status_code=202)
    async def start_binding(
        body: BindingBody, request: Request, _: CitizenCaller, address: ClientAddress, human: HumanProof = None
    ) -> BindingCodeSent:
        await door.admit(address, human)
        sent = await bindings.start(request, Device(body.device.kind, body.device.name), body.via)
        return BindingCodeSent.of(sent)

    @routes.post("/device-bindings/{binding_id}/code", status_code=202)
    async def send_binding_code(
        binding_id: BindingId,
        request: Request,
        _: CitizenCaller,
        address: ClientAddress,
        human: HumanProof = None,
        via: ChosenPhone = None,
    ) -> BindingCodeSent:
        await door.admit(address, human)
        return BindingCodeSent.of(await bindings.send_code(request, binding_id, via))

    @routes.post("/device-bindings/{binding_id}/confirm", status_code=201)
    async def confirm_binding(
        binding_id: BindingId, body: ConfirmBindingBody, request: Request, metadata: RequestMetadata, _: CitizenCaller
    ) -> DeviceBound:
        bound = await bindings.confirm(request, binding_id, body.code, metadata=metadata)
        return DeviceBound(device_id=bound.thumbprint, bound_at=bound.bound_at, reopens_until=bound.reopens_until)

    @routes.get("/me/devices")
    async def list_devices(request: Request, _: CitizenCaller) -> DevicesShown:
        found = await devices.all_of(request.account_id)
        return DevicesShown(devices=[DeviceShown.model_validate(one, from_attributes=True) for one in found])

    @routes.put("/me/devices/{device_id}/name", status_code=204)
    async def name_device(device_id: DeviceId, body: NameBody, request: Request, _: CitizenCaller) -> None:
        await devices.name(request, device_id, body.name)

    @routes.delete("/me/devices/{device_id}", status_code=204)
    async def remove_device(device_id: DeviceId, request: Request, metadata: RequestMetadata, _: CitizenCaller) -> None:
        await devices.remove(request, device_id, metadata=metadata)

    return routes
