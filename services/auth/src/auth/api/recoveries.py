"""A forgotten password: begun by anybody, completed by the device that began it, with the proofs it takes (V-10)."""

from datetime import datetime
from typing import Annotated

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.human_check.port import HumanCheck
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Path
from pydantic import BaseModel, StringConstraints

from auth.api.device_proofs import Proof
from auth.api.fields import (
    Body,
    IdentityNumber,
    OneTimeCode,
    Password,
    RecoveryToken,
    SavedCode,
    SocialInsuranceNumber,
)
from auth.handlers.recovery_completed import CompleteRecovery, RecoveryProofs
from auth.handlers.recovery_started import RecoveryRequest, StartRecovery

RecoveryId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


class StartBody(Body):
    """`contact` is the one on file that a code is to go to; which there are is not said."""

    social_insurance_number: SocialInsuranceNumber
    identity_number: IdentityNumber
    contact: ContactSlot = "phone"


class RecoveryStarted(BaseModel):
    """The same for everyone. A code is on its way if the numbers are one person's and the contact is on file.

    `token` completes it and is shown here once. `counter_reference` is for an officer: it opens nothing.
    """

    recovery_id: str
    token: str
    counter_reference: str
    expires_at: datetime
    next_start_at: datetime


class CompleteBody(Body):
    """`code` with `saved_code`, or with a device proof in the header `DPoP`; at the counter, either or none."""

    token: RecoveryToken
    code: OneTimeCode | None = None
    saved_code: SavedCode | None = None
    password: Password


class RecoveryCompleted(BaseModel):
    account_id: Annotated[str, StringConstraints(min_length=1)]


def recovery_routes(*, human_check: HumanCheck, start: StartRecovery, complete: CompleteRecovery) -> APIRouter:
    routes = APIRouter(prefix="/v1/recoveries", tags=["recoveries"])

    @routes.post("", status_code=202)
    async def start_recovery(body: StartBody, address: ClientAddress, proof: HumanProof = None) -> RecoveryStarted:
        await human_check.admit(proof)
        request = RecoveryRequest(
            social_insurance_number=body.social_insurance_number,
            identity_number=body.identity_number,
            slot=body.contact,
            address=address,
        )
        started = await start(request)
        return RecoveryStarted(
            recovery_id=started.recovery_id,
            token=started.token,
            counter_reference=started.reference,
            expires_at=started.expires_at,
            next_start_at=started.next_start_at,
        )

    @routes.post("/{recovery_id}/complete")
    async def complete_recovery(
        recovery_id: RecoveryId, body: CompleteBody, metadata: RequestMetadata, device: Proof
    ) -> RecoveryCompleted:
        proofs = RecoveryProofs(code=body.code, saved_code=body.saved_code, device=device)
        password = body.password.get_secret_value()
        account_id = await complete(recovery_id, body.token, proofs, password, metadata=metadata)
        return RecoveryCompleted(account_id=account_id)

    return routes
