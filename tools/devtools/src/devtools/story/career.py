"""The citizen's career as the story knows it: what is fed, and what the totals must come to. All employers are made up.

Social insurance: 42 months at the first employer, 33 at the second, three of them the same months as at the first,
a gap of three, then nine months paid and six unpaid. So 81 months count, and six stand apart.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from devtools.story.people import Citizen

FIRST: Final = "TN00017"
SECOND: Final = "TN00042"
WAGE: Final = "7654321"
DIAGNOSIS: Final = "Viêm họng cấp của truyện thử"

TOTAL_MONTHS: Final = 81
TOTAL_TEXT: Final = "6 năm 9 tháng"
CORRECTED_TEXT: Final = "7 năm 3 tháng"
OVERLAP_MONTHS: Final = 3
GAP_MONTHS: Final = 3
UNPAID_MONTHS: Final = 6
UNPAID_AMOUNT: Final = int(WAGE) * UNPAID_MONTHS
RANGE: Final = "from=2020-01&to=2021-12"
RANGE_MONTHS: Final = 24

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Period:
    first: str
    last: str
    employer: str
    status: str = "paid"

    def row(self) -> Row:
        return {
            "kind": "social",
            "from_month": self.first,
            "to_month": self.last,
            "status": self.status,
            "employer_code": self.employer,
            "employer_name": f"Công ty Thử Nghiệm {self.employer}",
            "workplace": "Buôn Ma Thuột, Đắk Lắk",
            "occupation": "Kế toán viên",
            "position": "Nhân viên",
            "value": WAGE,
        }


AT_FIRST: Final = Period("2018-01", "2021-06", FIRST)
AT_FIRST_CORRECTED: Final = Period("2017-07", "2021-06", FIRST)
UNPAID: Final = Period("2025-01", "2025-06", SECOND, "unpaid")
PERIODS: Final = (
    AT_FIRST,
    Period("2021-04", "2023-12", SECOND),
    Period("2024-04", "2024-12", SECOND),
    UNPAID,
)
CONTRADICTING: Final = Period("2021-05", "2022-03", FIRST)


HEALTH_TEXT: Final = "7 năm"
_FILE_COLUMNS: Final = (
    *("social_insurance_number", "kind", "from_month", "to_month", "status"),
    *("employer_code", "employer_name", "occupation", "value"),
)


def bulk_file(citizen: Citizen) -> bytes:
    """Return health insurance from 2018 to 2024 in two rows, and a third row whose months are none."""
    months = (("01/2018", "12/2022"), ("01/2023", "12/2024"), ("13/2024", "01/2025"))
    rest = ("paid", SECOND, f"Công ty Thử Nghiệm {SECOND}", "Kế toán viên", WAGE)
    rows = [(citizen.social_insurance_number, "health", *span, *rest) for span in months]
    return "\n".join(",".join(row) for row in (_FILE_COLUMNS, *rows)).encode()


def benefits(agency_code: str) -> list[Row]:
    """Return a sick leave and an unemployment benefit in the gap."""
    decided = {"agency_code": agency_code, "decided_on": "15/01/2024"}
    return [
        decided
        | {"kind": "sickness", "decision_number": "17/QĐ-BHXH", "from_date": "04/12/2023", "to_date": "06/12/2023"}
        | {"days": "3", "base_pay": WAGE, "rate_percent": "75", "amount": "662393"},
        decided
        | {"kind": "unemployment_benefit", "decision_number": "42/QĐ-SLĐTBXH", "from_date": "01/01/2024"}
        | {"to_date": "31/03/2024", "amount": "4592593", "months_allowed": "6", "months_used": "3"},
    ]


PAYMENT: Final[Row] = {
    "kind": "unemployment_benefit",
    "decision_number": "42/QĐ-SLĐTBXH",
    "paid_on": "05/02/2024",
    "amount": "4592593",
    "method": "account",
    "for_month": "01/2024",
}


def card(citizen: Citizen, agency_code: str, today: date) -> Row:
    """Return a health card that is valid today."""
    return {
        "card_number": f"DN466{citizen.social_insurance_number}",
        "social_insurance_number": citizen.social_insurance_number,
        "full_name": citizen.full_name,
        "sex": "male",
        "birth": "17/03/1990",
        "facility_code": "66001",
        "facility_name": "Bệnh viện Thử Nghiệm Vùng",
        "valid_from": f"01/01/{today.year}",
        "valid_to": f"31/12/{today.year}",
        "issued_on": f"01/01/{today.year}",
        "issuing_agency_code": agency_code,
        "five_year_date": f"01/01/{today.year - 1}",
    }


def visit(citizen: Citizen, year: int, total: int) -> Row:
    """Return a visit of `total` VND, of which the fund pays four fifths."""
    return {
        "dossier_id": f"TRUYEN{year}{citizen.social_insurance_number}",
        "facility_code": "66001",
        "facility_name": "Bệnh viện Thử Nghiệm Vùng",
        "kind": "examination",
        "admitted_at": f"11/03/{year} 08:00",
        "discharged_at": f"11/03/{year} 09:30",
        "disease_name": DIAGNOSIS,
        "main_icd10": "J02.9",
        "discharge_status": "1",
        "outcome": "1",
        "total_cost": str(total),
        "in_scope": str(total),
        "fund_paid": str(total * 4 // 5),
        "copayment": str(total // 5),
        "settlement_month": f"03/{year}",
    }
