"""What others are told of participants, by ids alone: begun, linked, merged, forgotten."""

from ansinh_contracts import records as contracts
from ansinh_kit.integration_event import IntegrationEvent

from records.domain.participant import events as happened
from records.domain.participant.events import ParticipantEvent


def participant_contract(event: ParticipantEvent) -> IntegrationEvent | None:
    """Return the integration event; `None` if it concerns nobody else."""
    match event:
        case happened.ParticipantRegistered():
            return contracts.ParticipantRegisteredV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, agency_code=event.agency_code
            )
        case happened.AccountLinked():
            return contracts.AccountLinkedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, person_id=event.person_id
            )
        case happened.AccountUnlinked():
            return contracts.AccountUnlinkedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, person_id=event.person_id
            )
        case happened.ParticipantMerged():
            return contracts.ParticipantMergedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, into=event.into
            )
        case happened.ParticipantForgotten():
            return contracts.PersonForgottenV1(
                participant_id=event.participant_id,
                occurred_at=event.occurred_at,
                accounts=tuple(contracts.ForgottenAccount(**account.model_dump()) for account in event.accounts),
                duplicates=event.duplicates,
            )
        case _:
            return None
