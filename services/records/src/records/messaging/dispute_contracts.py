"""What the others are told of disputes: that there is one, and sealed whom to tell what became of it."""

from datetime import datetime
from typing import TypedDict, assert_never

from ansinh_contracts import records as contracts
from ansinh_kit.integration_event import IntegrationEvent

from records.domain.dispute import events as happened
from records.domain.dispute.events import Contact
from records.domain.dispute.matter import Matter


def dispute_contract(
    event: happened.DisputeOpened | happened.DisputeAnswered | happened.DisputeSettled,
) -> IntegrationEvent:
    """Return the integration event. What people wrote never leaves this service."""
    match event:
        case happened.DisputeOpened():
            return contracts.DisputeOpenedV1(
                **_dispute(event),
                subject=event.subject,
                nature=Matter(event.subject, event.reference).nature,
                agency_code=event.agency_code,
                due_at=event.due_at,
            )
        case happened.DisputeAnswered():
            return contracts.DisputeAnsweredV1(
                **_dispute(event), language=event.language, contact=_contact(event.contact)
            )
        case happened.DisputeSettled():
            return contracts.DisputeSettledV1(
                **_dispute(event), outcome=event.outcome, language=event.language, contact=_contact(event.contact)
            )
        case _:
            assert_never(event)


class _Dispute(TypedDict):
    participant_id: str
    dispute_id: str
    dispute_number: str
    occurred_at: datetime


def _dispute(event: happened.ToldDisputeEvent) -> _Dispute:
    return {
        "participant_id": event.participant_id,
        "dispute_id": event.dispute_id,
        "dispute_number": event.number,
        "occurred_at": event.occurred_at,
    }


def _contact(contact: Contact | None) -> contracts.DisputeContact | None:
    if contact is None:
        return None
    return contracts.DisputeContact(full_name=contact.full_name, phone=contact.phone, email=contact.email)
