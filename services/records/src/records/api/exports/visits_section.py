"""The medical-examination book on a sheet: a list for each year under its sums (S-45, S-46). All health data."""

from collections.abc import Mapping, Sequence
from typing import Final

from records.api.exports.cells import minute, money, number
from records.api.visit_routes import MedicalBookYear, VisitAnswer
from records.domain.exports.sheet import Cell, Column, Fact, Section, joined
from records.domain.exports.what import TITLES
from records.domain.language import Text
from records.domain.visits.visit import TreatmentOutcome

_TOTAL: Final = Text("Tổng chi phí (VND)", "Total cost (VND)")
_FUND: Final = Text("Quỹ BHYT chi trả (VND)", "Paid by the fund (VND)")
_PATIENT: Final = Text("Người bệnh tự trả (VND)", "Paid by the patient (VND)")
_COLUMNS: Final = (
    Column("facility", Text("Cơ sở khám chữa bệnh", "Facility"), 5),
    Column("admitted_at", Text("Ngày vào", "In"), 3),
    Column("discharged_at", Text("Ngày ra", "Out"), 3),
    Column("diagnosis", Text("Chẩn đoán", "Diagnosis"), 6),
    Column("outcome", Text("Kết quả điều trị", "Outcome"), 3),
    Column("total", _TOTAL, 3, "right"),
    Column("fund", _FUND, 3, "right"),
    Column("patient", _PATIENT, 3, "right"),
)
_OUTCOMES: Final[Mapping[TreatmentOutcome, Text]] = {
    "cured": Text("Khỏi", "Cured"),
    "better": Text("Đỡ", "Better"),
    "unchanged": Text("Không thay đổi", "Unchanged"),
    "worse": Text("Nặng hơn", "Worse"),
    "died": Text("Tử vong", "Died"),
    "grave_taken_home": Text("Tiên lượng nặng, xin về", "Grave, taken home"),
    "undetermined": Text("Chưa xác định", "Undetermined"),
    "died_outside": Text("Tử vong ngoại viện", "Died outside"),
}


def visit_sections(years: Sequence[MedicalBookYear]) -> tuple[Section, ...]:
    """Return a section for each year, in the order given."""
    if years:
        return tuple(_year(year) for year in years)
    nothing = Text("Chưa có lần khám chữa bệnh nào.", "No examination or treatment yet.")
    return (Section(key="visits", title=TITLES["visits"], nothing_yet=nothing),)


def _year(year: MedicalBookYear) -> Section:
    totals = year.totals
    return Section(
        key=f"visits-{totals.year}",
        title=Text(f"Năm {totals.year}", f"Year {totals.year}"),
        facts=(
            Fact("visits", Text("Số lượt", "Visits"), number(totals.visits)),
            Fact("inpatient_days", Text("Số ngày điều trị nội trú", "In-patient days"), number(totals.inpatient_days)),
            Fact("total", _TOTAL, money(totals.total)),
            Fact("fund", _FUND, money(totals.fund)),
            Fact("patient", _PATIENT, money(totals.patient)),
        ),
        columns=_COLUMNS,
        rows=tuple(_row(visit) for visit in year.visits),
    )


def _row(visit: VisitAnswer) -> tuple[Cell, ...]:
    return (
        joined((visit.facility_name, visit.facility_code)),
        minute(visit.admitted_at),
        minute(visit.discharged_at),
        joined((visit.discharge_diagnosis or visit.disease_name, visit.main_icd10, *visit.further_icd10)),
        Cell(visit.outcome, _OUTCOMES[visit.outcome]),
        money(visit.costs.total),
        money(visit.costs.fund),
        money(visit.costs.patient),
    )
