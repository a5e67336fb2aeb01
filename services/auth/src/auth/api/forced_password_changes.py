"""A compromised password at log-in: ask for the code, set another one, or leave it. The id comes from the 409."""

from typing import Annotated

from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Path

from auth.api.codes import ChosenPhone, CodeSent
from auth.api.device_proofs import Proof
from auth.api.fields import Body, OneTimeCode, Password
from auth.handlers.code_door import CodeDoor
from auth.handlers.forced_password_changes import ForcedPasswordChanges, Replacement

ForcedChangeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class ReplaceBody(Body):
    code: OneTimeCode
    new_password: Password
    new_password_again: Password


def forced_password_change_routes(changes: ForcedPasswordChanges, door: CodeDoor) -> APIRouter:
    routes = APIRouter(prefix="/v1/forced-password-changes/{forced_change_id}", tags=["password-changes"])

    @routes.post("/code", status_code=202)
    async def send_forced_change_code(
        forced_change_id: ForcedChangeId, address: ClientAddress, human: HumanProof = None, via: ChosenPhone = None
    ) -> CodeSent:
        await door.admit(address, human)
        return CodeSent.of(await changes.send_code(forced_change_id, via))

    @routes.post("/confirm", status_code=204)
    async def replace_password(
        forced_change_id: ForcedChangeId, body: ReplaceBody, metadata: RequestMetadata, proof: Proof
    ) -> None:
        """Set the new password; log in with it afterwards."""
        typed = Replacement(
            code=body.code,
            new=body.new_password.get_secret_value(),
            again=body.new_password_again.get_secret_value(),
        )
        await changes.confirm(forced_change_id, typed, metadata=metadata, proof=proof)

    @routes.post("/cancel", status_code=204)
    async def cancel_forced_change(forced_change_id: ForcedChangeId) -> None:
        await changes.cancel(forced_change_id)

    return routes
