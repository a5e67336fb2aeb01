"""Rows as feeders send them, with dull values; a test names only the cells it is about. All people are made up."""

from datetime import UTC, date, datetime
from typing import TypedDict

from records.domain.benefits.benefit import Benefit
from records.domain.benefits.check import check_benefit
from records.domain.benefits.entry import BenefitEntry
from records.domain.benefits.paying_entry import PaymentEntry, StopEntry
from records.domain.cards.card import Card
from records.domain.cards.entry import CardEntry, check_card
from records.domain.visits.check import check_visit
from records.domain.visits.entry import VisitEntry
from records.domain.visits.visit import Visit

PARTICIPANT = "a" * 32
DUPLICATE = "b" * 32
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
INSURANCE_NUMBER = "6600000018"
CARD_NUMBER = "DN4666600000018"


class Common(TypedDict):
    participant_id: str
    occurred_at: datetime


COMMON = Common(participant_id=PARTICIPANT, occurred_at=NOW)
"""What every event of the participant has."""

_VISIT = {
    "dossier_id": "LK0001",
    "facility_code": "66001",
    "facility_name": "Bệnh viện Đa khoa Mẫu",
    "kind": "inpatient",
    "admitted_at": "30/12/2024 08:15",
    "discharged_at": "02/01/2025 10:00",
    "disease_name": "Viêm phế quản cấp",
    "main_icd10": "J20.9",
    "further_icd10": "I10;E11.9",
    "admission_diagnosis": "Ho, sốt ba ngày",
    "discharge_diagnosis": "Viêm phế quản cấp đã ổn định",
    "discharge_status": "1",
    "outcome": "2",
    "total_cost": "1500000",
    "in_scope": "1200000.50",
    "fund_paid": "960000.40",
    "copayment": "240000.10",
    "out_of_scope": "299999.50",
    "drugs_cost": "400000",
    "supplies_cost": "100000",
    "settlement_month": "01/2025",
}
_CARD = {
    "card_number": CARD_NUMBER,
    "social_insurance_number": INSURANCE_NUMBER,
    "full_name": "Nguyễn Văn Mẫu",
    "sex": "male",
    "birth": "17/03/1990",
    "address": "Số 1, Phố Thử Nghiệm",
    "facility_code": "66 - 001",
    "facility_name": "Bệnh viện Đa khoa Mẫu",
    "valid_from": "01/01/2026",
    "valid_to": "31/12/2026",
    "issued_on": "15/12/2025",
    "issuing_agency_code": "06601",
    "five_year_date": "01/01/2026",
    "living_area": "K1",
}
_BENEFITS = {
    "lump_sum": {"from_date": "01/06/2020", "months_before_2014": "24", "average_wage": "5000000"},
    "sickness": {"from_date": "03/02/2024", "to_date": "07/02/2024", "days": "5", "rate_percent": "75"},
    "pension": {"from_date": "01/05/2022", "method": "account", "pay_place": "Bưu điện Mẫu"},
    "unemployment_benefit": {
        "from_date": "01/04/2023",
        "to_date": "30/06/2023",
        "months_allowed": "3",
        "months_used": "3",
        "months_reserved": "11",
        "job_search_notices": "2",
    },
}
_GRANT = {
    "decision_number": "123/QĐ-BHXH",
    "decided_on": "15/01/2020",
    "agency_code": "06601",
    "amount": "4500000",
    "payee": "Nguyễn Văn Mẫu",
}


def visit_row(**cells: str) -> dict[str, str]:
    return _VISIT | cells


def card_row(**cells: str) -> dict[str, str]:
    return _CARD | cells


def benefit_row(kind: str = "pension", /, **cells: str) -> dict[str, str]:
    return _GRANT | _BENEFITS[kind] | {"kind": kind} | cells


def payment_row(kind: str = "pension", /, **cells: str) -> dict[str, str]:
    reference = {"kind": kind, "decision_number": "123/QĐ-BHXH"}
    paid = {"paid_on": "05/06/2022", "amount": "4500000", "method": "account", "for_month": "06/2022"}
    return reference | paid | cells


def stop_row(kind: str = "pension", /, **cells: str) -> dict[str, str]:
    reference = {"kind": kind, "decision_number": "123/QĐ-BHXH"}
    return reference | {"stopped_on": "01/08/2024", "reason": "Ra nước ngoài định cư"} | cells


def visit(**cells: str) -> Visit:
    return check_visit(VisitEntry(**visit_row(**cells)), now=NOW)


def card(**cells: str) -> Card:
    return check_card(CardEntry(**card_row(**cells)), today=TODAY)


def benefit(kind: str = "pension", /, **cells: str) -> Benefit:
    return check_benefit(BenefitEntry(**benefit_row(kind, **cells)), today=TODAY)


def payment_entry(**cells: str) -> PaymentEntry:
    return PaymentEntry(**payment_row(**cells))


def stop_entry(**cells: str) -> StopEntry:
    return StopEntry(**stop_row(**cells))
