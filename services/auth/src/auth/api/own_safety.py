"""What holders do for their own safety, in a session: saved codes, locking, objecting to a recovery."""

from typing import Annotated

from ansinh_contracts.auth import LockReason
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, params
from pydantic import BaseModel

from auth.api.fields import Body, Password
from auth.api.sessions import CitizenSession
from auth.handlers.counter import CounterRecoveries
from auth.handlers.locks import Locks
from auth.handlers.password_check import TypedPassword
from auth.handlers.saved_codes import SavedCodes


class MakeBody(Body):
    """The password once more: a session alone makes no lasting way in."""

    password: Password


class SavedCodesShown(BaseModel):
    """Shown here once. Each is good once, in place of the bound device; a new list voids these."""

    codes: tuple[str, ...]


class SavedCodesLeft(BaseModel):
    left: int


class LockBody(Body):
    reason: LockReason


def own_safety_routes(
    *, saved_codes: SavedCodes, locks: Locks, counter: CounterRecoveries, signed: params.Depends
) -> APIRouter:
    """Return the routes. Args: `signed` asks for a device proof in sessions that are bound to a device."""
    routes = APIRouter(prefix="/v1/me", tags=["own account"])

    @routes.post("/saved-codes", status_code=201)
    async def make_saved_codes(
        body: MakeBody,
        caller: CitizenSession,
        address: ClientAddress,
        metadata: RequestMetadata,
        thumbprint: Annotated[str | None, signed],
    ) -> SavedCodesShown:
        typed = TypedPassword(body.password.get_secret_value(), address, thumbprint)
        return SavedCodesShown(codes=await saved_codes.make(caller.account_id, typed, metadata=metadata))

    @routes.get("/saved-codes")
    async def show_saved_codes_left(caller: CitizenSession) -> SavedCodesLeft:
        return SavedCodesLeft(left=await saved_codes.left(caller.account_id))

    @routes.post("/lock", status_code=204)
    async def lock_own_account(body: LockBody, caller: CitizenSession, metadata: RequestMetadata) -> None:
        """Lock the account. This session, too, is over with the answer."""
        await locks.lock_own(caller.account_id, body.reason, metadata=metadata)

    @routes.post("/recovery/objection", status_code=204)
    async def object_to_recovery(caller: CitizenSession, metadata: RequestMetadata) -> None:
        """Take back what an officer approved and the holder did not ask for."""
        await counter.object(caller.account_id, metadata=metadata)

    return routes
