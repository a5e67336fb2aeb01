"""The second device: ask for the code, confirm, or leave it. The id comes from the 409 of the log-in."""

from typing import Annotated

from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Path

from auth.api.codes import ChosenPhone, CodeSent
from auth.api.device_proofs import Proof
from auth.api.fields import Body, OneTimeCode, SavedCode
from auth.api.sessions import SessionOpened
from auth.handlers.code_door import CodeDoor
from auth.handlers.take_over import TakeOvers

TakeOverId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class ConfirmBody(Body):
    code: OneTimeCode


class SavedCodeBody(Body):
    saved_code: SavedCode


def take_over_routes(take_overs: TakeOvers, door: CodeDoor) -> APIRouter:
    routes = APIRouter(prefix="/v1/take-overs/{take_over_id}", tags=["take-overs"])

    @routes.post("/code", status_code=202)
    async def send_code(
        take_over_id: TakeOverId, address: ClientAddress, human: HumanProof = None, via: ChosenPhone = None
    ) -> CodeSent:
        await door.admit(address, human)
        return CodeSent.of(await take_overs.send_code(take_over_id, via))

    @routes.post("/confirm", status_code=201)
    async def confirm(
        take_over_id: TakeOverId, body: ConfirmBody, metadata: RequestMetadata, proof: Proof
    ) -> SessionOpened:
        return SessionOpened.of(await take_overs.confirm(take_over_id, body.code, metadata=metadata, proof=proof))

    @routes.post("/saved-code", status_code=201)
    async def confirm_with_saved_code(
        take_over_id: TakeOverId, body: SavedCodeBody, metadata: RequestMetadata, proof: Proof
    ) -> SessionOpened:
        """Go on without the phone: the code is used up."""
        return SessionOpened.of(
            await take_overs.confirm_with_saved_code(take_over_id, body.saved_code, metadata=metadata, proof=proof)
        )

    @routes.post("/cancel", status_code=204)
    async def cancel(take_over_id: TakeOverId) -> None:
        await take_overs.cancel(take_over_id)

    return routes
