"""Contacts: shown, changed with two codes, objected to with the code that every contact was told (V-11, V-16)."""

from datetime import datetime
from typing import Annotated, Literal

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.errors import ForbiddenError
from ansinh_kit.http.assertion import Caller
from ansinh_kit.http.callers import require_staff
from ansinh_kit.http.client_address import ClientAddress
from ansinh_kit.http.idempotency import FreshCommitId
from ansinh_kit.http.metadata import RequestMetadata
from ansinh_kit.human_check.routes import HumanProof
from fastapi import APIRouter, Depends, Path, params
from pydantic import BaseModel, StringConstraints

from auth.api.fields import Body, CopiedCode, OneTimeCode, Password
from auth.api.sessions import CitizenSession
from auth.handlers.code_door import CodeDoor
from auth.handlers.contact_change_codes import ShownCodes, Side
from auth.handlers.contact_changes import ContactChanges
from auth.handlers.contacts import Contacts
from auth.handlers.objections import Objections
from auth.handlers.password_check import TypedPassword
from auth.handlers.sent_codes import SentCode
from auth.handlers.wanted_contacts import WantedContact

ChangeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
AccountId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
ContactOfficer = Annotated[Caller, Depends(require_staff("officer"))]


class ContactShown(BaseModel):
    slot: ContactSlot
    masked: str
    confirmed: bool
    looks_like_a_company: bool


class ContactsShown(BaseModel):
    contacts: list[ContactShown]


class ChangeBody(Body):
    """`via` is the contact to which the code goes that proves who asks; the slot's own if it is left out."""

    slot: ContactSlot
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)]
    via: ContactSlot | None = None
    password: Password


class SentTo(BaseModel):
    masked_target: str
    expires_at: datetime
    next_sending_at: datetime

    @classmethod
    def of(cls, sent: SentCode) -> "SentTo":
        return cls(masked_target=sent.masked_target, expires_at=sent.expires_at, next_sending_at=sent.next_sending_at)


class ChangeStarted(BaseModel):
    """`present` is absent if a code to the new contact is all that is asked for."""

    contact_change_id: str
    new: SentTo
    present: SentTo | None
    looks_like_a_company: bool
    ends_at: datetime


class ConfirmBody(Body):
    new_code: OneTimeCode
    present_code: OneTimeCode | None = None


class ChangeConfirmed(BaseModel):
    """`logged_out`: the session ended with the change; the holder logs in again."""

    logged_out: bool


class ObjectionBody(Body):
    """The code as it was told, with or without dashes, in capitals or not."""

    code: CopiedCode


class Objected(BaseModel):
    """The change is undone; an agency opens the account again."""

    account: Literal["locked"] = "locked"


def contact_routes(
    *,
    door: CodeDoor,
    contacts: Contacts,
    changes: ContactChanges,
    objections: Objections,
    signed: params.Depends,
) -> APIRouter:
    """Return the routes. Args: `signed` asks for a device proof in sessions that are bound to a device."""
    routes = APIRouter(prefix="/v1", tags=["contacts"])

    @routes.get("/me/contacts")
    async def show_contacts(session: CitizenSession) -> ContactsShown:
        shown = await contacts.of(session.account_id)
        return ContactsShown(contacts=[ContactShown.model_validate(one, from_attributes=True) for one in shown])

    @routes.post("/objections")
    async def object_to_change(body: ObjectionBody, address: ClientAddress, metadata: RequestMetadata) -> Objected:
        await objections.object(body.code, address=address, metadata=metadata)
        return Objected()

    @routes.post("/staff/accounts/{account_id}/contact-sharing", status_code=204)
    async def allow_sharing(
        account_id: AccountId, officer: ContactOfficer, commit_id: FreshCommitId, metadata: RequestMetadata
    ) -> None:
        if officer.account_id is None or officer.agency_code is None:
            raise ForbiddenError
        await contacts.allow_sharing(
            account_id,
            officer_id=officer.account_id,
            agency_code=officer.agency_code,
            commit_id=commit_id,
            metadata=metadata,
        )

    _add_changing(routes, changes, door, signed)
    return routes


def _add_changing(routes: APIRouter, changes: ContactChanges, door: CodeDoor, signed: params.Depends) -> None:
    @routes.post("/contact-changes", status_code=202)
    async def start_change(
        body: ChangeBody,
        session: CitizenSession,
        address: ClientAddress,
        thumbprint: Annotated[str | None, signed],
        human: HumanProof = None,
    ) -> ChangeStarted:
        await door.admit(address, human)
        started = await changes.start(
            WantedContact(
                account_id=session.account_id,
                session_epoch=session.epoch,
                slot=body.slot,
                value=body.value,
                via=body.via,
                typed=TypedPassword(body.password.get_secret_value(), address, thumbprint),
            )
        )
        sent = started.sent
        return ChangeStarted(
            contact_change_id=sent.change_id,
            new=SentTo.of(sent.new),
            present=None if sent.present is None else SentTo.of(sent.present),
            looks_like_a_company=started.looks_like_a_company,
            ends_at=sent.ends_at,
        )

    @routes.post("/contact-changes/{contact_change_id}/codes/{side}", status_code=202)
    async def send_again(
        contact_change_id: ChangeId,
        side: Side,
        session: CitizenSession,
        address: ClientAddress,
        human: HumanProof = None,
    ) -> SentTo:
        await door.admit(address, human)
        return SentTo.of(await changes.send_again(session.account_id, session.epoch, contact_change_id, side))

    @routes.post("/contact-changes/{contact_change_id}/confirm", dependencies=[signed])
    async def confirm_change(
        contact_change_id: ChangeId, body: ConfirmBody, session: CitizenSession, metadata: RequestMetadata
    ) -> ChangeConfirmed:
        shown = ShownCodes(new=body.new_code, present=body.present_code)
        logged_out = await changes.confirm(
            session.account_id, session.epoch, contact_change_id, shown, metadata=metadata
        )
        return ChangeConfirmed(logged_out=logged_out)

    @routes.post("/contact-changes/{contact_change_id}/cancel", status_code=204)
    async def cancel_change(contact_change_id: ChangeId, session: CitizenSession) -> None:
        await changes.cancel(session.account_id, session.epoch, contact_change_id)
