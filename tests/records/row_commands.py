"""Commands that feed rows to the participant of `rows`; a test names only the rows it is about."""

from dataclasses import replace

from records.domain.benefits.benefit import Benefit
from records.domain.benefits.commands import (
    GrantBenefits,
    PayBenefits,
    StopBenefits,
    WithdrawBenefit,
    WithdrawPayment,
    WithdrawStop,
)
from records.domain.benefits.paying_entry import check_payment, check_stop
from records.domain.cards.card import Card
from records.domain.cards.commands import RecordCards
from records.domain.feeding.ledger import Row
from records.domain.visits.commands import RecordVisits, WithdrawVisit
from records.domain.visits.visit import Visit

from tests.records import rows


def record_visits(*visits: Visit, correction: bool = False, corrects: str | None = None) -> RecordVisits:
    sent = [Row(visit, corrects, correction) for visit in visits]
    return RecordVisits(participant_id=rows.PARTICIPANT, rows=sent, at=rows.NOW)


def withdraw_visit(visit_id: str) -> WithdrawVisit:
    return WithdrawVisit(participant_id=rows.PARTICIPANT, visit_id=visit_id, reason="Không có lượt khám", at=rows.NOW)


def record_cards(*cards: Card, correction: bool = False, corrects: str | None = None) -> RecordCards:
    sent = [Row(card, corrects, correction) for card in cards]
    return RecordCards(participant_id=rows.PARTICIPANT, rows=sent, at=rows.NOW)


def grant(*benefits: Benefit, correction: bool = False, corrects: str | None = None) -> GrantBenefits:
    sent = [Row(benefit, corrects, correction) for benefit in benefits]
    return GrantBenefits(participant_id=rows.PARTICIPANT, rows=sent, at=rows.NOW)


def pay(*entries: dict[str, str], correction: bool = False) -> PayBenefits:
    paid = [check_payment(rows.payment_entry(**cells), today=rows.TODAY) for cells in entries]
    sent = [replace(row, as_correction=correction) for row in paid]
    return PayBenefits(participant_id=rows.PARTICIPANT, rows=sent, at=rows.NOW)


def stop(*entries: dict[str, str], correction: bool = False) -> StopBenefits:
    stopped = [check_stop(rows.stop_entry(**cells)) for cells in entries]
    sent = [replace(row, as_correction=correction) for row in stopped]
    return StopBenefits(participant_id=rows.PARTICIPANT, rows=sent, at=rows.NOW)


def withdraw_benefit(benefit_id: str) -> WithdrawBenefit:
    return WithdrawBenefit(participant_id=rows.PARTICIPANT, benefit_id=benefit_id, reason="Ghi nhầm người", at=rows.NOW)


def withdraw_payment(benefit_id: str, payment_id: str) -> WithdrawPayment:
    return WithdrawPayment(
        participant_id=rows.PARTICIPANT, benefit_id=benefit_id, payment_id=payment_id, reason="Nhập nhầm", at=rows.NOW
    )


def withdraw_stop(benefit_id: str) -> WithdrawStop:
    return WithdrawStop(participant_id=rows.PARTICIPANT, benefit_id=benefit_id, reason="Nhập nhầm", at=rows.NOW)
