"""A new password: ask with the old one, show the code, or leave it (S-18 to S-23)."""

from typing import Annotated

from ansinh_kit.http.callers import CitizenCaller
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Depends, Path

from auth.api.codes import ChosenPhone, CodeSent, PhoneSlot
from auth.api.device_proofs import Proof
from auth.api.fields import Body, OneTimeCode, Password
from auth.api.sessions import SessionOpened, WithSession
from auth.handlers.code_door import CodeDoor
from auth.handlers.password_changes import Asker, NewPassword, PasswordChanges

PasswordChangeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class StartBody(Body):
    """The form's three fields: [Mật khẩu cũ], [Mật khẩu mới], [Nhập lại mật khẩu mới]; and where the code is to go."""

    old_password: Password
    new_password: Password
    new_password_again: Password
    via: PhoneSlot = "phone"


class ConfirmBody(Body):
    code: OneTimeCode


class PasswordChangeStarted(CodeSent):
    """The old password counts until the code that is on its way was shown."""

    password_change_id: str


async def require_asker(_citizen: CitizenCaller, session: WithSession, proof: Proof) -> Asker:
    """Return whose session it is; citizens only, for staff has no phone to send a code to."""
    return Asker(session.account_id, session.epoch, proof)


WithAsker = Annotated[Asker, Depends(require_asker)]


def password_change_routes(changes: PasswordChanges, door: CodeDoor) -> APIRouter:
    routes = APIRouter(prefix="/v1/password-changes", tags=["password-changes"])

    @routes.post("", status_code=202)
    async def start(
        body: StartBody, asker: WithAsker, address: ClientAddress, human: HumanProof = None
    ) -> PasswordChangeStarted:
        await door.admit(address, human)
        typed = NewPassword(
            old=body.old_password.get_secret_value(),
            new=body.new_password.get_secret_value(),
            again=body.new_password_again.get_secret_value(),
        )
        sent = await changes.start(asker, typed, address, body.via)
        return PasswordChangeStarted(password_change_id=sent.challenge_id, **CodeSent.of(sent).model_dump())

    @routes.post("/{password_change_id}/code", status_code=202)
    async def send_again(
        password_change_id: PasswordChangeId,
        asker: WithAsker,
        address: ClientAddress,
        human: HumanProof = None,
        via: ChosenPhone = None,
    ) -> CodeSent:
        await door.admit(address, human)
        return CodeSent.of(await changes.send_again(asker, password_change_id, via))

    @routes.post("/{password_change_id}/confirm", status_code=201)
    async def confirm(
        password_change_id: PasswordChangeId, body: ConfirmBody, asker: WithAsker, metadata: RequestMetadata
    ) -> SessionOpened:
        return SessionOpened.of(await changes.confirm(asker, password_change_id, body.code, metadata=metadata))

    @routes.post("/{password_change_id}/cancel", status_code=204)
    async def cancel(password_change_id: PasswordChangeId, asker: WithAsker) -> None:
        await changes.cancel(asker, password_change_id)

    return routes
