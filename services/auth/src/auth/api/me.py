"""Who the caller is, as auth knows it."""

from typing import Annotated, Literal

from ansinh_kit.errors import NotFoundError
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from auth.api.sessions import SessionCaller, require_session
from auth.handlers.me import WhoAmI


class Me(BaseModel):
    """A citizen has a name, a number and a masked phone; a member of staff has roles and an agency.

    `terms_due`: the terms of use that count now are to be shown before any other screen (S-05).
    """

    kind: Literal["citizen", "staff"]
    account_id: str
    person_id: str
    full_name: str | None = None
    social_insurance_number: str | None = None
    masked_phone: str | None = None
    roles: tuple[str, ...] = ()
    agency_code: str | None = None
    terms_due: bool = False


def me_routes(who_am_i: WhoAmI) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["me"])

    @routes.get("/me")
    async def show_me(caller: Annotated[SessionCaller, Depends(require_session)]) -> Me:
        found = await who_am_i(caller.account_id)
        if found is None:
            raise NotFoundError
        return Me.model_validate(found, from_attributes=True)

    return routes
