"""The one-time activation: start it with number and dossier, complete it with the code or the e-mailed link."""

from datetime import datetime
from typing import Literal

from ansinh_kit.errors import FieldViolation, InvalidFieldsError
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.even_pace import EvenPace
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter
from pydantic import BaseModel

from auth.api.fields import (
    ActivationToken,
    Body,
    ChallengeId,
    DossierNumber,
    OneTimeCode,
    Password,
    SocialInsuranceNumber,
)
from auth.handlers.activation_completed import CompleteActivation
from auth.handlers.activation_started import ActivationRequest, StartActivation
from auth.handlers.code_door import CodeDoor


class StartBody(Body):
    social_insurance_number: SocialInsuranceNumber
    dossier_number: DossierNumber
    channel: Literal["sms", "email"] = "sms"


class CompleteBody(Body):
    """Either `challenge_id` and `code`, or `token`."""

    challenge_id: ChallengeId | None = None
    code: OneTimeCode | None = None
    token: ActivationToken | None = None
    password: Password


class ActivationStarted(BaseModel):
    """The same for everyone: a code, or a new link, is on its way if number and dossier are a waiting account's.

    A link needs no `challenge_id`.
    """

    challenge_id: str
    expires_at: datetime
    next_start_at: datetime


class ActivationCompleted(BaseModel):
    account_id: str


def activation_routes(
    *, door: CodeDoor, start: StartActivation, complete: CompleteActivation, pace: EvenPace
) -> APIRouter:
    routes = APIRouter(prefix="/v1/activation", tags=["activation"])

    @routes.post("/start", status_code=202)
    async def start_activation(body: StartBody, address: ClientAddress, proof: HumanProof = None) -> ActivationStarted:
        await door.admit(address, proof)
        request = ActivationRequest(
            social_insurance_number=body.social_insurance_number,
            dossier_number=body.dossier_number,
            channel=body.channel,
        )
        # Who has an account costs a few reads more: the time must not tell (OTC-11).
        async with pace.kept():
            return ActivationStarted.model_validate(await start(request), from_attributes=True)

    @routes.post("/complete")
    async def complete_activation(body: CompleteBody, metadata: RequestMetadata) -> ActivationCompleted:
        password = body.password.get_secret_value()
        match body:
            case CompleteBody(challenge_id=str(challenge_id), code=str(code), token=None):
                account_id = await complete.with_code(challenge_id, code, password, metadata=metadata)
            case CompleteBody(challenge_id=None, code=None, token=str(token)):
                account_id = await complete.with_link(token, password, metadata=metadata)
            case _:
                raise InvalidFieldsError([FieldViolation(name, "required") for name in _missing(body)])
        return ActivationCompleted(account_id=account_id)

    return routes


def _missing(body: CompleteBody) -> list[str]:
    missing = [name for name in ("challenge_id", "code") if getattr(body, name) is None]
    return missing or ["token"]
