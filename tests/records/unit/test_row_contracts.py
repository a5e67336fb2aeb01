"""What others are told of benefits, cards and visits: ids, and nothing of what they say."""

from datetime import date
from typing import Any

import pytest
from ansinh_contracts import records as contracts
from ansinh_kit.events import DomainEvent
from ansinh_kit.integration_event import IntegrationEvent
from records.domain.benefits import events as benefits
from records.domain.benefits.paying_entry import check_payment
from records.domain.cards import events as cards
from records.domain.visits import events as visits
from records.messaging.row_contracts import row_contract

from tests.records import rows
from tests.records.rows import COMMON

ROW = "1" * 32
PAYMENT = "2" * 32
PAID = check_payment(rows.payment_entry(), today=rows.TODAY).value
TOLD: list[tuple[DomainEvent, IntegrationEvent]] = [
    (
        benefits.BenefitGranted(**COMMON, benefit_id=ROW, tab="monthly", benefit=rows.benefit()),
        contracts.BenefitGrantedV1(**COMMON, benefit_id=ROW),
    ),
    (
        benefits.BenefitPaid(**COMMON, benefit_id=ROW, tab="monthly", payment_id=PAYMENT, payment=PAID),
        contracts.BenefitPaidV1(**COMMON, benefit_id=ROW, payment_id=PAYMENT),
    ),
    (cards.CardIssued(**COMMON, card_id=ROW, card=rows.card()), contracts.CardIssuedV1(**COMMON, card_id=ROW)),
    (
        cards.CardWithdrawn(**COMMON, card_id=ROW, withdrawn_on=date(2026, 9, 1), reason="Thôi việc"),
        contracts.CardWithdrawnV1(**COMMON, card_id=ROW, withdrawn_on=date(2026, 9, 1)),
    ),
    (
        visits.VisitRecorded(**COMMON, visit_id=ROW, year=2025, visit=rows.visit()),
        contracts.VisitRecordedV1(**COMMON, visit_id=ROW),
    ),
]


@pytest.mark.parametrize(("event", "told"), TOLD, ids=lambda value: getattr(value, "event_type", ""))
def test_that_there_is_one_is_told_and_nothing_it_says(event: DomainEvent, told: IntegrationEvent) -> None:
    assert row_contract(event) == told


@pytest.mark.parametrize(
    "event",
    [
        benefits.BenefitCorrected(**COMMON, benefit_id=ROW, tab="monthly", benefit=rows.benefit()),
        cards.CardsMoved(**COMMON, to=rows.DUPLICATE),
        visits.VisitWithdrawn(**COMMON, visit_id=ROW, year=2025, reason="Không có lượt khám"),
    ],
    ids=lambda event: event.event_type,
)
def test_corrections_and_moves_stay_inside(event: Any) -> None:  # noqa: ANN401  # any event of ours
    assert row_contract(event) is None
