"""What officers do for a holder who stands before them. The numbers come in the body: none has a place in a URL."""

from datetime import datetime
from typing import Annotated

from ansinh_contracts.auth import CompromiseReason, LockReason, PaperSeen, RecoveryReason, UnlockReason
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import CallerNotAllowedError, require_staff
from ansinh_kit.http.metadata import RequestMetadata
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from auth.api.fields import Body, CounterReference, IdentityNumber, SocialInsuranceNumber
from auth.handlers.compromised_passwords import CompromisedPasswords
from auth.handlers.counter import Approval, CounterRecoveries
from auth.handlers.counter_accounts import Numbers, Officer
from auth.handlers.locks import Locks

StaffCaller = Annotated[Caller, Depends(require_staff("officer"))]


async def acting_officer(caller: StaffCaller) -> Officer:
    """Return who acts.

    Raises:
        CallerNotAllowedError: No agency stands behind the caller.
    """
    if caller.account_id is None or caller.agency_code is None:
        raise CallerNotAllowedError("needs an agency")
    return Officer(caller.account_id, caller.agency_code)


ActingOfficer = Annotated[Officer, Depends(acting_officer)]


class HolderBody(Body):
    """Both numbers, read off the holder's papers: they must be one account's."""

    social_insurance_number: SocialInsuranceNumber
    identity_number: IdentityNumber

    def numbers(self) -> Numbers:
        return Numbers(social_insurance_number=self.social_insurance_number, identity_number=self.identity_number)


class ApproveBody(HolderBody):
    counter_reference: CounterReference
    reason: RecoveryReason
    paper: PaperSeen


class LockBody(HolderBody):
    reason: LockReason


class UnlockBody(HolderBody):
    reason: UnlockReason


class CompromiseBody(HolderBody):
    reason: CompromiseReason


class RecoveryApproved(BaseModel):
    """From `opens_at` to `ends_at` the holder's device sets a password alone; earlier together with a sent code."""

    recovery_id: str
    opens_at: datetime
    ends_at: datetime


class AccountTouched(BaseModel):
    account_id: str


def counter_routes(
    *, counter: CounterRecoveries, locks: Locks, compromised_passwords: CompromisedPasswords
) -> APIRouter:
    routes = APIRouter(prefix="/v1/staff/accounts", tags=["counter"])

    @routes.post("/recovery", status_code=201)
    async def approve_recovery(
        body: ApproveBody, officer: ActingOfficer, metadata: RequestMetadata
    ) -> RecoveryApproved:
        approval = Approval(
            numbers=body.numbers(), reference=body.counter_reference, reason=body.reason, paper=body.paper
        )
        approved = await counter.approve(approval, officer, metadata=metadata)
        return RecoveryApproved.model_validate(approved, from_attributes=True)

    @routes.post("/recovery/withdrawal", status_code=204)
    async def withdraw_recovery(body: HolderBody, officer: ActingOfficer, metadata: RequestMetadata) -> None:
        await counter.withdraw(body.numbers(), officer, metadata=metadata)

    @routes.post("/lock")
    async def lock_account(body: LockBody, officer: ActingOfficer, metadata: RequestMetadata) -> AccountTouched:
        return AccountTouched(account_id=await locks.lock(body.numbers(), body.reason, officer, metadata=metadata))

    @routes.post("/unlock")
    async def unlock_account(body: UnlockBody, officer: ActingOfficer, metadata: RequestMetadata) -> AccountTouched:
        return AccountTouched(account_id=await locks.unlock(body.numbers(), body.reason, officer, metadata=metadata))

    @routes.post("/password-compromise")
    async def mark_password_compromised(
        body: CompromiseBody, officer: ActingOfficer, metadata: RequestMetadata
    ) -> AccountTouched:
        """Let the password open nothing until it was replaced; whoever is in is out."""
        marked = await compromised_passwords.mark(body.numbers(), body.reason, officer, metadata=metadata)
        return AccountTouched(account_id=marked)

    return routes
