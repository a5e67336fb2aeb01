"""What others are told of periods, benefits, cards and visits: that there is one, by its id, and nothing it says.

What a merge moves is told by the merge itself (`ParticipantMergedV1`): every id goes on under the survivor.
"""

from collections.abc import Mapping
from typing import Final

from ansinh_contracts import records as contracts
from ansinh_kit.events import DomainEvent
from ansinh_kit.integration_event import IntegrationEvent

from records.domain.benefits import events as benefits
from records.domain.cards import events as cards
from records.domain.contributions import events as periods
from records.domain.visits import events as visits

_TOLD: Final[Mapping[type[DomainEvent], type[IntegrationEvent]]] = {
    periods.PeriodRecorded: contracts.PeriodRecordedV1,
    periods.PeriodCorrected: contracts.PeriodCorrectedV1,
    periods.PeriodWithdrawn: contracts.PeriodWithdrawnV1,
    benefits.BenefitGranted: contracts.BenefitGrantedV1,
    benefits.BenefitPaid: contracts.BenefitPaidV1,
    benefits.BenefitCorrected: contracts.BenefitCorrectedV1,
    benefits.BenefitPaymentCorrected: contracts.BenefitCorrectedV1,
    benefits.BenefitStopCorrected: contracts.BenefitCorrectedV1,
    benefits.BenefitStopped: contracts.BenefitStoppedV1,
    benefits.BenefitWithdrawn: contracts.BenefitWithdrawnV1,
    benefits.BenefitPaymentWithdrawn: contracts.BenefitPaymentWithdrawnV1,
    benefits.BenefitStopWithdrawn: contracts.BenefitStopWithdrawnV1,
    cards.CardIssued: contracts.CardIssuedV1,
    cards.CardChanged: contracts.CardChangedV1,
    cards.CardWithdrawn: contracts.CardWithdrawnV1,
    cards.CardReinstated: contracts.CardReinstatedV1,
    visits.VisitRecorded: contracts.VisitRecordedV1,
    visits.VisitCorrected: contracts.VisitCorrectedV1,
    visits.VisitWithdrawn: contracts.VisitWithdrawnV1,
}


def row_contract(event: DomainEvent) -> IntegrationEvent | None:
    """Return the integration event; `None` if it concerns nobody else."""
    contract = _TOLD.get(type(event))
    if contract is None:
        return None
    # A contract's fields are fields of its event, by the same names: a field it names is one that may be told.
    return contract.model_validate({name: getattr(event, name) for name in contract.model_fields})
