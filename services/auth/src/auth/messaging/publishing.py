"""From what happened in here to what the others may know of it."""

from datetime import datetime
from typing import TypedDict, assert_never

from ansinh_contracts.auth import (
    AccountActivatedV1,
    AccountContact,
    AccountLockedV1,
    AccountOpenedV1,
    AccountUnlockedV1,
    ContactChangedV1,
    DeviceBoundV1,
    DeviceRemovedV1,
    EIdLinkedV1,
    EIdUnlinkedV1,
    PasskeyAddedV1,
    PasskeyRemovedV1,
    PasswordChangedV1,
    PasswordMarkedCompromisedV1,
    PasswordRecoveredV1,
    RecoveryApprovedV1,
    RecoveryWithdrawnV1,
    SavedCodesMadeV1,
    SessionOpenedV1,
    SessionRevokedV1,
)
from ansinh_contracts.language import Language
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from auth.domain.access_events import (
    AccessEvent,
    AccountActivated,
    AccountLocked,
    AccountUnlocked,
    DeviceBound,
    DeviceRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    PasswordChanged,
    PasswordMarkedCompromised,
    PasswordRecovered,
    RecoveryApproved,
    RecoveryWithdrawn,
    RightsSet,
    SavedCodesMade,
    SavedCodeUsed,
    SessionOpened,
    SessionRevoked,
    ToldToHolder,
)
from auth.domain.account import AccountOpened, FurtherDeclarationNoted
from auth.domain.consent import TermsAccepted
from auth.domain.contact_events import (
    ContactChanged,
    ContactChangeTakenBack,
    ContactConfirmed,
    ContactEvent,
    ContactSharingAllowed,
)
from auth.domain.e_id.events import EIdChange, EIdEvent, EIdLinked, EIdUnlinked
from auth.domain.integrators.events import IntegratorEvent
from auth.domain.session_endings import AllSessionsEnded
from auth.domain.staff import StaffEnrolled
from auth.domain.staff_roster.events import RosterEvent

Event = AccountOpened | FurtherDeclarationNoted | AccessEvent | StaffEnrolled | TermsAccepted | ContactEvent | EIdEvent


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    """Return the event for the others; `None` if it is nobody else's business."""
    event = recorded.event
    if isinstance(event, RosterEvent | IntegratorEvent | AllSessionsEnded):
        # Who of the staff, or which integrator, may do what reaches the others with each request, never by the bus.
        return None
    if not isinstance(event, Event):
        raise TypeError(f"no event of this service: {event.event_type}")
    return _contract(event)


def _contract(event: Event) -> IntegrationEvent | None:  # noqa: C901, PLR0911, PLR0912 - a line an event
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
        case AccountLocked():
            return AccountLockedV1(by=event.by, reason=event.reason, **_told(event))
        case AccountUnlocked():
            return AccountUnlockedV1(**_told(event))
        case RecoveryApproved():
            return _recovery_approved(event)
        case RecoveryWithdrawn():
            return RecoveryWithdrawnV1(recovery_id=event.recovery_id, by=event.by, **_told(event))
        case PasswordChanged():
            return PasswordChangedV1(**_told(event))
        case PasswordMarkedCompromised():
            return PasswordMarkedCompromisedV1(reason=event.reason, **_told(event))
        case PasswordRecovered():
            return PasswordRecoveredV1(way=event.way, **_told(event))
        case SavedCodesMade():
            return SavedCodesMadeV1(count=event.count, **_told(event))
        case DeviceBound():
            return DeviceBoundV1(device_kind=event.device_kind, **_told(event))
        case DeviceRemoved():
            return DeviceRemovedV1(device_kind=event.device_kind, **_told(event))
        case PasskeyAdded():
            return PasskeyAddedV1(**_told(event))
        case PasskeyRemoved():
            return PasskeyRemovedV1(**_told(event))
        case EIdLinked():
            return EIdLinkedV1(by=event.by, **_told(event))
        case EIdUnlinked():
            return EIdUnlinkedV1(**_told(event))
        case (
            FurtherDeclarationNoted()
            | SavedCodeUsed()
            | RightsSet()
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
        epoch=event.session_epoch,
        reason=event.reason,
        new_device_kind=event.new_device_kind,
        **_told(event),
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


def _recovery_approved(event: RecoveryApproved) -> RecoveryApprovedV1:
    return RecoveryApprovedV1(
        recovery_id=event.recovery_id,
        agency_code=event.agency_code,
        opens_at=event.opens_at,
        ends_at=event.ends_at,
        **_told(event),
    )


class _Told(TypedDict):
    account_id: str
    person_id: str
    occurred_at: datetime
    language: Language
    contact: AccountContact | None


def _told(event: ToldToHolder | EIdChange) -> _Told:
    return _Told(
        account_id=event.account_id,
        person_id=event.person_id,
        occurred_at=event.occurred_at,
        language=event.language,
        contact=_contact(event.full_name, event.phone, event.email, event.second_phone),
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
