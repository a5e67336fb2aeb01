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
from records.domain.contributions import events as periods
from records.domain.month import Month
from records.domain.visits import events as visits
from records.messaging.row_contracts import row_contract

from tests.records import rows
from tests.records.rows import COMMON

ROW = "1" * 32
PAYMENT = "2" * 32
PAID = check_payment(rows.payment_entry(), today=rows.TODAY).value
PERIOD: dict[str, Any] = {
    **COMMON,
    "period_id": ROW,
    "kind": "social",
    "from_month": Month.from_iso("2025-01"),
    "to_month": Month.from_iso("2025-03"),
    "employer_code": "TZ0000A",
    "status": "paid",
}
SAID: dict[str, Any] = {**COMMON, "benefit_id": ROW, "tab": "monthly"}
TOLD: list[tuple[DomainEvent, IntegrationEvent]] = [
    (benefits.BenefitGranted(**SAID, benefit=rows.benefit()), contracts.BenefitGrantedV1(**COMMON, benefit_id=ROW)),
    (
        benefits.BenefitPaid(**SAID, payment_id=PAYMENT, payment=PAID),
        contracts.BenefitPaidV1(**COMMON, benefit_id=ROW, payment_id=PAYMENT),
    ),
    (
        benefits.BenefitPaymentCorrected(**SAID, payment_id=PAYMENT, payment=PAID),
        contracts.BenefitCorrectedV1(**COMMON, benefit_id=ROW),
    ),
    (benefits.BenefitCorrected(**SAID, benefit=rows.benefit()), contracts.BenefitCorrectedV1(**COMMON, benefit_id=ROW)),
    (benefits.BenefitStopCorrected(**SAID), contracts.BenefitCorrectedV1(**COMMON, benefit_id=ROW)),
    (benefits.BenefitStopped(**SAID), contracts.BenefitStoppedV1(**COMMON, benefit_id=ROW)),
    (
        benefits.BenefitWithdrawn(**SAID, reason="Của người khác"),
        contracts.BenefitWithdrawnV1(**COMMON, benefit_id=ROW),
    ),
    (
        benefits.BenefitPaymentWithdrawn(**SAID, payment_id=PAYMENT, reason="Nhập nhầm"),
        contracts.BenefitPaymentWithdrawnV1(**COMMON, benefit_id=ROW, payment_id=PAYMENT),
    ),
    (benefits.BenefitStopWithdrawn(**SAID, reason="Nhầm"), contracts.BenefitStopWithdrawnV1(**COMMON, benefit_id=ROW)),
    (cards.CardIssued(**COMMON, card_id=ROW, card=rows.card()), contracts.CardIssuedV1(**COMMON, card_id=ROW)),
    (cards.CardChanged(**COMMON, card_id=ROW, card=rows.card()), contracts.CardChangedV1(**COMMON, card_id=ROW)),
    (
        cards.CardWithdrawn(**COMMON, card_id=ROW, withdrawn_on=date(2026, 9, 1), reason="Thôi việc"),
        contracts.CardWithdrawnV1(**COMMON, card_id=ROW, withdrawn_on=date(2026, 9, 1)),
    ),
    (cards.CardReinstated(**COMMON, card_id=ROW, reason="Nhầm"), contracts.CardReinstatedV1(**COMMON, card_id=ROW)),
    (
        visits.VisitRecorded(**COMMON, visit_id=ROW, year=2025, visit=rows.visit()),
        contracts.VisitRecordedV1(**COMMON, visit_id=ROW),
    ),
    (
        visits.VisitCorrected(**COMMON, visit_id=ROW, year=2025, previous_year=2024, visit=rows.visit()),
        contracts.VisitCorrectedV1(**COMMON, visit_id=ROW),
    ),
    (
        visits.VisitWithdrawn(**COMMON, visit_id=ROW, year=2025, reason="Không có lượt khám"),
        contracts.VisitWithdrawnV1(**COMMON, visit_id=ROW),
    ),
    (periods.PeriodRecorded(**PERIOD), contracts.PeriodRecordedV1(**COMMON, period_id=ROW)),
    (periods.PeriodCorrected(**PERIOD), contracts.PeriodCorrectedV1(**COMMON, period_id=ROW)),
    (
        periods.PeriodWithdrawn(**COMMON, period_id=ROW, kind="social", reason="Nhập nhầm"),
        contracts.PeriodWithdrawnV1(**COMMON, period_id=ROW),
    ),
]


@pytest.mark.parametrize(("event", "told"), TOLD, ids=lambda value: getattr(value, "event_type", ""))
def test_that_there_is_one_is_told_and_nothing_it_says(event: DomainEvent, told: IntegrationEvent) -> None:
    assert row_contract(event) == told


def test_of_all_that_can_happen_to_rows_only_merges_and_refusals_stay_inside() -> None:
    rows_of_a_record = (
        *benefits.BENEFIT_EVENTS,
        *cards.CARD_EVENTS,
        *visits.VISIT_EVENTS,
        *periods.CONTRIBUTION_EVENTS,
    )
    silent = {event.event_type for event in rows_of_a_record} - {event.event_type for event, _ in TOLD}
    assert {name.rpartition("_")[2] for name in silent} == {"moved", "over", "refused"}
    assert row_contract(cards.CardsMoved(**COMMON, to=rows.DUPLICATE)) is None
