"""The invited person's two steps: look at the invitation, and accept it. The secret goes in the body, never a URL."""

from datetime import datetime
from typing import Annotated

from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints

from auth.api.fields import Body, OneTimeCode, Password
from auth.handlers.staff_joining import JoinStaff

InvitationToken = Annotated[str, StringConstraints(pattern=r"^inv_[A-Za-z0-9_-]{43}$")]


class LookBody(Body):
    token: InvitationToken


class AcceptBody(LookBody):
    password: Password
    totp: OneTimeCode


class InvitationShown(BaseModel):
    """`totp_uri` is what an authenticator app reads from a QR."""

    user_name: str
    totp_secret: str
    totp_uri: str
    expires_at: datetime


def staff_joining_routes(join: JoinStaff) -> APIRouter:
    routes = APIRouter(prefix="/v1/staff/invitations", tags=["staff"])

    @routes.post("/look")
    async def look(body: LookBody) -> InvitationShown:
        """Show what the invited person enters into an authenticator app; nothing is used up."""
        return InvitationShown.model_validate(await join.look(body.token), from_attributes=True)

    @routes.post("/acceptance", status_code=204)
    async def accept(body: AcceptBody, metadata: RequestMetadata) -> None:
        """Set password and second factor, once. The member then logs in with them."""
        await join.accept(body.token, password=body.password.get_secret_value(), time_code=body.totp, metadata=metadata)

    return routes
