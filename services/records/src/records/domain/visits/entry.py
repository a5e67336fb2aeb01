"""A visit as a feeder writes it, and the rules it is checked by."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from records.domain.codes import matching
from records.domain.feeding.entry import RowEntry
from records.domain.feeding.refusal import RowChecks
from records.domain.feeding.values import (
    FROM_AFTER_TO,
    IN_THE_FUTURE,
    Cell,
    amount,
    day,
    facility_code,
    long_line,
    moment,
    month,
)
from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError
from records.domain.text import plain_line
from records.domain.visits.costs import Costs, check_costs
from records.domain.visits.visit import (
    DISCHARGE_CODES,
    OUTCOME_CODES,
    VISIT_KINDS,
    DischargeStatus,
    TreatmentOutcome,
    Visit,
    VisitKind,
)

_ICD10: Final = r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,2})?"
_FURTHER_MAX: Final = 12  # Decision 130 holds up to 12 further codes
_NOTHING: Final = Decimal("0.00")
_NEVER: Final = datetime(1900, 1, 1, tzinfo=UTC)

DOSSIER_ID: Final = Rule(
    "dossier_id",
    Text("Mã lượt khám chỉ gồm chữ cái và chữ số, tối đa 100 ký tự.", "The id of a visit has letters and digits."),
    Text("Ghi mã liên kết (MA_LK) của cơ sở.", "Write the facility's id of the visit (MA_LK), at most 100."),
)
VISIT_KIND: Final = Rule(
    "visit_kind",
    Text("Loại khám chữa bệnh không có trong danh sách.", "This kind of visit is not in the list."),
    Text("Dùng examination, outpatient, inpatient hoặc day_patient.", "Write examination, outpatient, inpatient …"),
)
ICD10: Final = Rule(
    "icd10",
    Text("Mã bệnh phải theo ICD-10, ví dụ J20.9.", "A disease code is of ICD-10, such as J20.9."),
    Text("Nhiều mã kèm theo cách nhau bằng dấu chấm phẩy, tối đa 12.", "Separate further codes by ;, at most 12."),
)
DISCHARGE_STATUS: Final = Rule(
    "discharge_status",
    Text("Tình trạng ra viện phải từ 1 đến 4.", "The state at discharge is 1 to 4."),
    Text("1 ra viện, 2 chuyển tuyến, 3 trốn viện, 4 xin ra viện.", "1 discharged, 2 transferred, 3 left, 4 asked."),
)
OUTCOME: Final = Rule(
    "treatment_outcome",
    Text("Kết quả điều trị phải từ 1 đến 8.", "The outcome of a treatment is 1 to 8."),
    Text("1 khỏi, 2 đỡ, 3 không thay đổi, 4 nặng hơn, 5 tử vong, …", "1 cured, 2 better, 3 unchanged, 4 worse …"),
)


class VisitEntry(RowEntry):
    """One row as it was sent; an empty cell stands for nothing. Days `dd/MM/yyyy`, amounts with a dot."""

    dossier_id: Cell = ""
    facility_code: Cell = ""
    facility_name: Cell = ""
    kind: Cell = ""
    admitted_at: Cell = ""
    discharged_at: Cell = ""
    disease_name: Cell = ""
    main_icd10: Cell = ""
    further_icd10: Cell = ""
    admission_diagnosis: Cell = ""
    discharge_diagnosis: Cell = ""
    reason: Cell = ""
    next_appointment: Cell = ""
    discharge_status: Cell = ""
    outcome: Cell = ""
    total_cost: Cell = ""
    in_scope: Cell = ""
    fund_paid: Cell = ""
    copayment: Cell = ""
    out_of_scope: Cell = ""
    other_sources: Cell = ""
    drugs_cost: Cell = ""
    supplies_cost: Cell = ""
    settlement_month: Cell = ""


def check_visit(entry: VisitEntry, *, now: datetime) -> Visit:
    """Return the visit of the row.

    Raises:
        RowRefusedError: Names every field that breaks a rule.
    """
    checks = RowChecks()
    stay = _stay(entry, checks, now)
    costs = _costs(entry, checks)
    visit = Visit(
        dossier_id=checks.required("dossier_id", entry.dossier_id, _dossier_id, otherwise=""),
        facility_code=checks.required("facility_code", entry.facility_code, facility_code, otherwise=""),
        facility_name=checks.required("facility_name", entry.facility_name, plain_line, otherwise=""),
        kind=checks.required("kind", entry.kind, _kind, otherwise="examination"),
        admitted_at=stay[0],
        discharged_at=stay[1],
        disease_name=checks.required("disease_name", entry.disease_name, long_line, otherwise=""),
        main_icd10=checks.required("main_icd10", entry.main_icd10, _icd10, otherwise=""),
        further_icd10=checks.optional("further_icd10", entry.further_icd10, _further) or (),
        admission_diagnosis=checks.optional("admission_diagnosis", entry.admission_diagnosis, long_line),
        discharge_diagnosis=checks.optional("discharge_diagnosis", entry.discharge_diagnosis, long_line),
        reason=checks.optional("reason", entry.reason, long_line),
        next_appointment=_next_appointment(entry, checks, stay[1].date()),
        discharge_status=checks.required("discharge_status", entry.discharge_status, _status, otherwise="discharged"),
        outcome=checks.required("outcome", entry.outcome, _outcome, otherwise="undetermined"),
        costs=costs,
        settlement_month=checks.optional("settlement_month", entry.settlement_month, month),
    )
    checks.close()
    return visit


def _stay(entry: VisitEntry, checks: RowChecks, now: datetime) -> tuple[datetime, datetime]:
    admitted = checks.required("admitted_at", entry.admitted_at, moment, otherwise=_NEVER)
    discharged = checks.required("discharged_at", entry.discharged_at, moment, otherwise=_NEVER)
    if checks.sound("admitted_at", "discharged_at"):
        checks.hold(admitted <= discharged, "discharged_at", FROM_AFTER_TO)
        checks.hold(discharged <= now, "discharged_at", IN_THE_FUTURE)
    return admitted, discharged


def _next_appointment(entry: VisitEntry, checks: RowChecks, discharged_on: date) -> date | None:
    appointment = checks.optional("next_appointment", entry.next_appointment, day)
    if appointment is not None and checks.sound("discharged_at"):
        checks.hold(appointment >= discharged_on, "next_appointment", FROM_AFTER_TO)
    return appointment


def _costs(entry: VisitEntry, checks: RowChecks) -> Costs:
    def required(name: str, raw: str) -> Decimal:
        return checks.required(name, raw, amount, otherwise=_NOTHING)

    def optional(name: str, raw: str) -> Decimal:
        return checks.optional(name, raw, amount) or _NOTHING

    costs = Costs(
        total=required("total_cost", entry.total_cost),
        in_scope=required("in_scope", entry.in_scope),
        fund=required("fund_paid", entry.fund_paid),
        copayment=required("copayment", entry.copayment),
        out_of_scope=optional("out_of_scope", entry.out_of_scope),
        other_sources=optional("other_sources", entry.other_sources),
        drugs=optional("drugs_cost", entry.drugs_cost),
        supplies=optional("supplies_cost", entry.supplies_cost),
    )
    amounts = ("total_cost", "in_scope", "fund_paid", "copayment", "out_of_scope", "other_sources", "drugs_cost")
    if checks.sound(*amounts, "supplies_cost"):
        check_costs(costs, checks)
    return costs


def _dossier_id(raw: str) -> str:
    return matching(raw, r"[0-9A-Z]{1,100}", DOSSIER_ID)


def _kind(raw: str) -> VisitKind:
    for kind in VISIT_KINDS:
        if raw.strip() == kind:
            return kind
    raise RuleBrokenError(VISIT_KIND)


def _icd10(raw: str) -> str:
    return matching(raw, _ICD10, ICD10)


def _further(raw: str) -> tuple[str, ...]:
    codes = tuple(_icd10(code) for code in raw.split(";") if code.strip())
    if len(codes) > _FURTHER_MAX:
        raise RuleBrokenError(ICD10)
    return tuple(dict.fromkeys(codes))


def _status(raw: str) -> DischargeStatus:
    status = DISCHARGE_CODES.get(raw.strip())
    if status is None:
        raise RuleBrokenError(DISCHARGE_STATUS)
    return status


def _outcome(raw: str) -> TreatmentOutcome:
    outcome = OUTCOME_CODES.get(raw.strip())
    if outcome is None:
        raise RuleBrokenError(OUTCOME)
    return outcome
