"""The header `DPoP` as routes take it, and where its nonces come from (RFC 9449, 4.1 and 8)."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel

from auth.domain.device_proofs import LONGEST_PROOF
from auth.handlers.device_proofs import DeviceProofs, PresentedProof

HEADER: Final = "DPoP"

_Text = Annotated[str | None, Header(alias=HEADER, max_length=LONGEST_PROOF)]


async def presented_proof(request: Request, text: _Text = None) -> PresentedProof | None:
    """Return the proof this request came with; whether it holds is for the use case to ask."""
    return None if text is None else PresentedProof(text, request.method, request.url.path)


Proof = Annotated[PresentedProof | None, Depends(presented_proof)]


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
