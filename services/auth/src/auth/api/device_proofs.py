"""The header `DPoP` as routes take it, and where its nonces come from (RFC 9449, 4.1, 8 and 9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from ansinh_kit.errors import DomainError
from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel

from auth.domain.device_proofs import LONGEST_PROOF
from auth.handlers.device_proofs import DeviceNonceNeededError, DeviceProofs, PresentedProof

HEADER: Final = "DPoP"
NONCE_HEADER: Final = "DPoP-Nonce"

_Text = Annotated[str | None, Header(alias=HEADER, max_length=LONGEST_PROOF)]


async def presented_proof(request: Request, text: _Text = None) -> PresentedProof | None:
    """Return the proof this request came with; whether it holds is for the use case to ask."""
    return None if text is None else PresentedProof(text, request.method, request.url.path)


Proof = Annotated[PresentedProof | None, Depends(presented_proof)]


def proof_challenge(error: DomainError) -> Mapping[str, str]:
    """Return what any client of the RFC reads off a refused proof: why, and the nonce its next one goes around."""
    why = "use_dpop_nonce" if isinstance(error, DeviceNonceNeededError) else "invalid_dpop_proof"
    challenge = {"WWW-Authenticate": f'{HEADER} error="{why}", algs="ES256"'}
    nonce = error.facts().get("nonce")
    return challenge if nonce is None else {**challenge, NONCE_HEADER: str(nonce)}


class DeviceNonce(BaseModel):
    """Goes into a proof's `nonce`. Any number of proofs may carry it until it expires."""

    nonce: str
    expires_at: datetime


def device_nonce_routes(proofs: DeviceProofs) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["devices"])

    @routes.post("/device-nonces", status_code=201)
    async def make_device_nonce() -> DeviceNonce:
        return DeviceNonce.model_validate(proofs.new_nonce(), from_attributes=True)

    return routes
