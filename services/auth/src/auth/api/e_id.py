"""Log-in by e-ID, and the link between an account and an e-ID (V-12)."""

from datetime import datetime
from typing import Annotated

from ansinh_kit.http.callers import CitizenCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, Path
from pydantic import BaseModel, StringConstraints

from auth.api.device_proofs import Proof
from auth.api.devices import Request
from auth.api.fields import Body, DeviceBody
from auth.api.sessions import SessionOpened
from auth.handlers.devices import Device
from auth.handlers.e_id_log_in import EIdLogIn, EIdLogInAttempt
from auth.handlers.e_id_rounds import ReturnedRound, StartedRound
from auth.handlers.own_e_id import EIdStanding, OwnEId

RoundId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
_Secret = Annotated[str, StringConstraints(pattern=r"^eid_[A-Za-z0-9_-]{43}$")]
_State = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
_Code = Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,2048}$")]


class ReturnedBody(Body):
    """`secret` is that of the start; `state` and `code` are what came back in the address."""

    secret: _Secret
    state: _State
    code: _Code

    def returned(self, round_id: str) -> ReturnedRound:
        return ReturnedRound(round_id=round_id, secret=self.secret, state=self.state, code=self.code)


class EIdLogInBody(ReturnedBody):
    """`replaces_session`: the person was warned that another device is in, and wants it out."""

    device: DeviceBody
    replaces_session: bool = False


class EIdStarted(BaseModel):
    """The person goes to `authorization_url` and comes back; `secret` stays with the client that started."""

    id: str
    secret: str
    authorization_url: str
    expires_at: datetime

    @classmethod
    def of(cls, started: StartedRound) -> "EIdStarted":
        return cls(
            id=started.round_id,
            secret=started.secret,
            authorization_url=started.address,
            expires_at=started.expires_at,
        )


class OwnEIdStanding(BaseModel):
    state: EIdStanding
    linked_at: datetime | None


def e_id_log_in_routes(log_in: EIdLogIn) -> APIRouter:
    routes = APIRouter(prefix="/v1/e-id", tags=["e-id"])

    @routes.post("/log-ins", status_code=201)
    async def start_e_id_log_in(address: ClientAddress) -> EIdStarted:
        return EIdStarted.of(await log_in.start(address))

    @routes.post("/log-ins/{log_in_id}/confirm", status_code=201)
    async def finish_e_id_log_in(
        log_in_id: RoundId, body: EIdLogInBody, metadata: RequestMetadata, proof: Proof
    ) -> SessionOpened:
        attempt = EIdLogInAttempt(
            returned=body.returned(log_in_id),
            device=Device(body.device.kind, body.device.name),
            replaces_session=body.replaces_session,
            metadata=metadata,
            proof=proof,
        )
        return SessionOpened.of(await log_in.finish(attempt))

    return routes


def own_e_id_routes(own: OwnEId) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["e-id"])

    @routes.post("/e-id/links", status_code=201)
    async def start_e_id_link(request: Request, address: ClientAddress, _: CitizenCaller) -> EIdStarted:
        return EIdStarted.of(await own.start(request, address))

    @routes.post("/e-id/links/{link_id}/confirm", status_code=204)
    async def finish_e_id_link(
        link_id: RoundId, body: ReturnedBody, request: Request, metadata: RequestMetadata, _: CitizenCaller
    ) -> None:
        await own.finish(request, body.returned(link_id), metadata=metadata)

    @routes.get("/me/e-id")
    async def show_e_id(request: Request, _: CitizenCaller) -> OwnEIdStanding:
        return OwnEIdStanding.model_validate(await own.show(request.account_id), from_attributes=True)

    @routes.delete("/me/e-id", status_code=204)
    async def unlink_e_id(request: Request, metadata: RequestMetadata, _: CitizenCaller) -> None:
        await own.unlink(request, metadata=metadata)

    return routes
