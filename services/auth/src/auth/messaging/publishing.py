"""From what happened in here to what the others may know of it."""

from typing import assert_never

from ansinh_contracts.auth import (
    AccountActivatedV1,
    AccountContact,
    AccountOpenedV1,
    ContactChangedV1,
    SessionOpenedV1,
    SessionRevokedV1,
)
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from auth.domain.access_events import AccountActivated, AccountLocked, SessionOpened, SessionRevoked
from auth.domain.account import AccountOpened, FurtherDeclarationNoted
from auth.domain.consent import TermsAccepted
from auth.domain.contact_events import (
    ContactChanged,
    ContactChangeTakenBack,
    ContactConfirmed,
    ContactEvent,
    ContactSharingAllowed,
)
from auth.domain.staff import StaffEnrolled

Event = (
    AccountOpened
    | FurtherDeclarationNoted
    | AccountActivated
    | AccountLocked
    | SessionOpened
    | SessionRevoked
    | StaffEnrolled
    | TermsAccepted
    | ContactEvent
)


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    """Return the event for the others; `None` if it is nobody else's business."""
    event = recorded.event
    if not isinstance(event, Event):
        raise TypeError(f"no event of this service: {event.event_type}")
    return _contract(event)


def _contract(event: Event) -> IntegrationEvent | None:
    match event:
        case AccountOpened():
            return _account_opened(event)
        case AccountActivated():
            return AccountActivatedV1(
                account_id=event.account_id,
                person_id=event.person_id,
                occurred_at=event.occurred_at,
                declaration_id=event.declaration_id,
            )
        case SessionOpened():
            return SessionOpenedV1(
                account_id=event.account_id,
                person_id=event.person_id,
                occurred_at=event.occurred_at,
                epoch=event.epoch,
                device_kind=event.device_kind,
            )
        case SessionRevoked():
            return _session_revoked(event)
        case ContactChanged() | ContactChangeTakenBack():
            return _contact_changed(event)
        case (
            FurtherDeclarationNoted()
            | AccountLocked()
            | StaffEnrolled()
            | TermsAccepted()
            | ContactConfirmed()
            | ContactSharingAllowed()
        ):
            return None
        case _:
            assert_never(event)


def _account_opened(event: AccountOpened) -> AccountOpenedV1:
    return AccountOpenedV1(
        account_id=event.account_id,
        person_id=event.person_id,
        occurred_at=event.opened_at,
        declaration_id=event.declaration_id,
        dossier_number=event.dossier_number,
        language=event.language,
        contact=_contact(event.full_name, event.phone, event.email),
    )


def _session_revoked(event: SessionRevoked) -> SessionRevokedV1:
    return SessionRevokedV1(
        account_id=event.account_id,
        person_id=event.person_id,
        occurred_at=event.occurred_at,
        epoch=event.session_epoch,
        reason=event.reason,
        new_device_kind=event.new_device_kind,
        language=event.language,
        contact=_contact(event.full_name, event.phone, event.email),
    )


def _contact_changed(event: ContactChanged | ContactChangeTakenBack) -> ContactChangedV1:
    return ContactChangedV1(
        account_id=event.account_id,
        person_id=event.person_id,
        occurred_at=event.happened_at,
        change_id=event.change_id,
        slot=event.slot,
        taken_back=isinstance(event, ContactChangeTakenBack),
        language=event.language,
        contact=_contact(event.full_name, event.phone, event.email, event.second_phone),
        earlier=_unless_erased(event.earlier),
    )


def _contact(
    full_name: str | None, phone: str | None, email: str | None, second_phone: str | None = None
) -> AccountContact | None:
    """Return how to reach the holder; `None` if nobody is to be told, or the person was forgotten."""
    if full_name is None or phone is None or ERASED in (full_name, phone):
        return None
    return AccountContact(
        full_name=full_name, phone=phone, email=_unless_erased(email), second_phone=_unless_erased(second_phone)
    )


def _unless_erased(value: str | None) -> str | None:
    return None if value == ERASED else value
