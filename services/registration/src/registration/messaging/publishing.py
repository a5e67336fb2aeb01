"""From domain events to what other services may build on. What is not listed here stays inside."""

from datetime import datetime
from typing import TypedDict

from ansinh_contracts import registration as contracts
from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from registration.domain.declaration import events as happened
from registration.domain.form_copy import FormLine


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:  # noqa: PLR0911  # one case an event
    """Return the integration event for a domain event; `None` if it concerns nobody else."""
    match recorded.event:
        case happened.DeclarationSubmitted() | happened.DeclarationSetAside() as sent:
            # Set aside or queued, the sender gets one and the same receipt (ADR-0006).
            return contracts.DeclarationSubmittedV1(
                **_dossier(sent),
                due_at=sent.due_at,
                language=sent.language,
                contact=_contact(sent.contact),
                form=_form(sent.form_copy),
            )
        case happened.DeclarationResubmitted() as resubmitted:
            return contracts.DeclarationResubmittedV1(
                **_dossier(resubmitted),
                due_at=resubmitted.due_at,
                language=resubmitted.language,
                contact=_contact(resubmitted.contact),
            )
        case happened.DuplicateNoticed() as noticed:
            return contracts.DuplicateDeclarationNoticedV1(
                **_dossier(noticed), language=noticed.language, contact=_contact(noticed.contact)
            )
        case happened.DeclarationClaimed() as claimed:
            return contracts.DeclarationAssignedV1(**_dossier(claimed), officer_id=claimed.officer_id)
        case happened.DeclarationRejected() as rejected:
            return _rejected(rejected)
        case happened.DeclarationFoundValid() as valid:
            return contracts.DeclarationValidV1(
                **_dossier(valid),
                language=valid.language,
                holder=_holder(valid.holder),
                participant=_participant(valid.holder),
            )
        case happened.DeclarationWithdrawn(dossier_number=str(), agency_code=str()) as withdrawn:
            return contracts.DeclarationWithdrawnV1(**_dossier(withdrawn))
        case _:
            return None


def _rejected(rejected: happened.DeclarationRejected) -> contracts.DeclarationRejectedV1:
    reasons = tuple(
        contracts.RejectionReason(field=reason.field, code=reason.code, text=reason.text)
        for reason in rejected.reasons or ()
    )
    return contracts.DeclarationRejectedV1(
        **_dossier(rejected),
        language=rejected.language,
        rejected_fields=rejected.rejected_fields,
        reasons=reasons or None,
        contact=_contact(rejected.contact),
    )


class _Dossier(TypedDict):
    declaration_id: str
    person_id: str
    dossier_number: str
    agency_code: str
    occurred_at: datetime


def _dossier(event: happened.DossierEvent | happened.DeclarationClaimed | happened.DeclarationWithdrawn) -> _Dossier:
    return {
        "declaration_id": event.declaration_id,
        "person_id": event.person_id,
        "dossier_number": event.dossier_number or "",
        "agency_code": event.agency_code or "",
        "occurred_at": event.occurred_at,
    }


def _contact(contact: happened.Contact | None) -> contracts.ContactDetails | None:
    if contact is None:
        return None
    return contracts.ContactDetails(full_name=contact.full_name, phone=contact.phone, email=contact.email)


def _form(copied: tuple[FormLine, ...] | None) -> tuple[contracts.FormLine, ...] | None:
    if copied is None:
        return None
    return tuple(contracts.FormLine(field=line.field, value=line.value) for line in copied)


def _holder(holder: happened.Holder | None) -> contracts.AccountHolder | None:
    if holder is None:
        return None
    return contracts.AccountHolder(
        social_insurance_number=holder.social_insurance_number,
        identity_kind=holder.identity.kind,
        identity_number=holder.identity.number,
        full_name=holder.contact.full_name,
        phone=holder.contact.phone,
        email=holder.contact.email,
    )


def _participant(holder: happened.Holder | None) -> contracts.DeclaredParticipant | None:
    if holder is None:
        return None
    return contracts.DeclaredParticipant(
        social_insurance_number=holder.social_insurance_number,
        identity_kind=holder.identity.kind,
        identity_number=holder.identity.number,
        full_name=holder.contact.full_name,
        phone=holder.contact.phone,
        email=holder.contact.email,
        address=None if holder.residence is None else contracts.DeclaredAddress(**holder.residence.model_dump()),
    )
