"""Passkeys: added inside a session, and used to log in (U-10)."""

from datetime import datetime
from typing import Annotated

from ansinh_kit.http.callers import AnyCaller
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, Path
from pydantic import BaseModel, JsonValue

from auth.api.device_proofs import Proof
from auth.api.devices import Request
from auth.api.fields import Body, DeviceBody, DeviceName
from auth.api.passkey_fields import AssertionBody, AttestationBody
from auth.api.sessions import SessionOpened
from auth.handlers.devices import Device
from auth.handlers.own_passkeys import OwnPasskeys
from auth.handlers.passkey_checks import AskedAuthenticator, PasskeyAnswer, PasskeyChecks
from auth.handlers.passkey_log_in import PasskeyLogIn, PasskeyLogInAttempt

ProcessId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class NewPasskeyBody(Body):
    name: DeviceName
    credential: AttestationBody


class PasskeyLogInBody(Body):
    """`replaces_session`: the person was warned that another device is in, and wants it out."""

    credential: AssertionBody
    device: DeviceBody
    replaces_session: bool = False


class AuthenticatorAsked(BaseModel):
    """`options` go to the browser's WebAuthn call as they are; the answer belongs to `challenge_id`."""

    challenge_id: str
    options: dict[str, JsonValue]
    expires_at: datetime

    @classmethod
    def of(cls, asked: AskedAuthenticator) -> "AuthenticatorAsked":
        return cls(challenge_id=asked.challenge_id, options=asked.options, expires_at=asked.expires_at)


class PasskeyAdded(BaseModel):
    passkey_id: str


class PasskeyShown(BaseModel):
    passkey_id: str
    name: str | None
    added_at: datetime


class PasskeysShown(BaseModel):
    passkeys: list[PasskeyShown]


def own_passkey_routes(passkeys: OwnPasskeys) -> APIRouter:
    """Return the routes of citizens and staff alike: each sees and changes their own passkeys only."""
    routes = APIRouter(prefix="/v1", tags=["passkeys"])

    @routes.post("/passkey-registrations", status_code=201)
    async def start_registration(request: Request, _: AnyCaller) -> AuthenticatorAsked:
        return AuthenticatorAsked.of(await passkeys.start(request))

    @routes.post("/passkey-registrations/{registration_id}/confirm", status_code=201)
    async def finish_registration(
        registration_id: ProcessId, body: NewPasskeyBody, request: Request, metadata: RequestMetadata
    ) -> PasskeyAdded:
        credential = body.credential.credential()
        passkey_id = await passkeys.finish(request, registration_id, credential, body.name, metadata=metadata)
        return PasskeyAdded(passkey_id=passkey_id)

    @routes.get("/me/passkeys")
    async def list_passkeys(request: Request) -> PasskeysShown:
        found = await passkeys.all_of(request.account_id)
        return PasskeysShown(passkeys=[PasskeyShown.model_validate(one, from_attributes=True) for one in found])

    @routes.delete("/me/passkeys/{passkey_id}", status_code=204)
    async def remove_passkey(passkey_id: ProcessId, request: Request, metadata: RequestMetadata) -> None:
        await passkeys.remove(request, passkey_id, metadata=metadata)

    return routes


def passkey_log_in_routes(log_in: PasskeyLogIn, checks: PasskeyChecks) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["passkeys"])

    @routes.post("/passkey-log-ins", status_code=201)
    async def start_passkey_log_in() -> AuthenticatorAsked:
        return AuthenticatorAsked.of(await log_in.start())

    @routes.post("/passkey-log-ins/{log_in_id}/confirm", status_code=201)
    async def finish_passkey_log_in(
        log_in_id: ProcessId, body: PasskeyLogInBody, metadata: RequestMetadata, proof: Proof
    ) -> SessionOpened:
        attempt = PasskeyLogInAttempt(
            answer=PasskeyAnswer(log_in_id, body.credential.credential()),
            device=Device(body.device.kind, body.device.name),
            replaces_session=body.replaces_session,
            metadata=metadata,
            proof=proof,
        )
        return SessionOpened.of(await log_in.finish(attempt))

    @routes.post("/staff/passkey-challenges", status_code=201)
    async def ask_staff_passkey() -> AuthenticatorAsked:
        return AuthenticatorAsked.of(await checks.ask("staff_log_in"))

    return routes
