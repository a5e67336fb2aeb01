"""What others are told of benefits, cards and visits: that there is one, by its id, and nothing of what it says."""

from ansinh_contracts import records as contracts
from ansinh_kit.events import DomainEvent
from ansinh_kit.integration_event import IntegrationEvent

from records.domain.benefits.events import BenefitGranted, BenefitPaid
from records.domain.cards.events import CardIssued, CardWithdrawn
from records.domain.visits.events import VisitRecorded


def row_contract(event: DomainEvent) -> IntegrationEvent | None:
    """Return the integration event; `None` if it concerns nobody else."""
    match event:
        case BenefitGranted():
            return contracts.BenefitGrantedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, benefit_id=event.benefit_id
            )
        case BenefitPaid():
            return contracts.BenefitPaidV1(
                participant_id=event.participant_id,
                occurred_at=event.occurred_at,
                benefit_id=event.benefit_id,
                payment_id=event.payment_id,
            )
        case CardIssued():
            return contracts.CardIssuedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, card_id=event.card_id
            )
        case CardWithdrawn():
            return contracts.CardWithdrawnV1(
                participant_id=event.participant_id,
                occurred_at=event.occurred_at,
                card_id=event.card_id,
                withdrawn_on=event.withdrawn_on,
            )
        case VisitRecorded():
            return contracts.VisitRecordedV1(
                participant_id=event.participant_id, occurred_at=event.occurred_at, visit_id=event.visit_id
            )
        case _:
            return None
