"""From domain events to what other services may build on. What is not listed here stays inside."""

from ansinh_contracts import records as contracts
from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from records.domain.dispute import events as disputed
from records.domain.notices.events import UnpaidNoticeIssued
from records.domain.participant import events as happened
from records.messaging.dispute_contracts import dispute_contract
from records.messaging.notice_contracts import notice_contract
from records.messaging.row_contracts import row_contract


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    """Return the integration event for a domain event; `None` if it concerns nobody else."""
    match recorded.event:
        case happened.ParticipantRegistered() as event:
            return contracts.ParticipantRegisteredV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, agency_code=event.agency_code
            )
        case happened.AccountLinked() as event:
            return contracts.AccountLinkedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, person_id=event.person_id
            )
        case happened.AccountUnlinked() as event:
            return contracts.AccountUnlinkedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, person_id=event.person_id
            )
        case happened.ParticipantMerged() as event:
            return contracts.ParticipantMergedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, into=event.into
            )
        case disputed.DisputeOpened() | disputed.DisputeAnswered() | disputed.DisputeSettled() as event:
            return dispute_contract(event)
        case event:
            return notice_contract(event) if isinstance(event, UnpaidNoticeIssued) else row_contract(event)
