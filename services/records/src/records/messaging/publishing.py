"""From domain events to what other services may build on. What is not listed here stays inside."""

from ansinh_kit.events import RecordedEvent
from ansinh_kit.integration_event import IntegrationEvent

from records.domain.dispute import events as disputed
from records.domain.notices.events import UnpaidNoticeIssued
from records.domain.opening.events import RecordReadByStaff
from records.domain.participant.events import ParticipantEvent
from records.messaging.dispute_contracts import dispute_contract
from records.messaging.notice_contracts import notice_contract
from records.messaging.opening_contracts import reading_contract
from records.messaging.participant_contracts import participant_contract
from records.messaging.row_contracts import row_contract


def to_contract(recorded: RecordedEvent) -> IntegrationEvent | None:
    """Return the integration event for a domain event; `None` if it concerns nobody else."""
    match recorded.event:
        case ParticipantEvent() as event:
            return participant_contract(event)
        case disputed.DisputeOpened() | disputed.DisputeAnswered() | disputed.DisputeSettled() as event:
            return dispute_contract(event)
        case RecordReadByStaff() as event:
            return reading_contract(event)
        case UnpaidNoticeIssued() as event:
            return notice_contract(event)
        case event:
            return row_contract(event)
