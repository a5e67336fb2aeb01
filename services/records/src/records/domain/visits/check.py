"""The rules a row must keep to be a visit: each cell alone, and the stay, the appointment and the costs together."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from records.domain.feeding.refusal import RowChecks
from records.domain.feeding.values import (
    FROM_AFTER_TO,
    IN_THE_FUTURE,
    amount,
    day,
    facility_code,
    long_line,
    moment,
    month,
)
from records.domain.text import plain_line
from records.domain.visits.cells import (
    discharge_status,
    dossier_id,
    further_icd10,
    icd10,
    treatment_outcome,
    visit_kind,
)
from records.domain.visits.costs import Costs, check_costs
from records.domain.visits.entry import VisitEntry
from records.domain.visits.visit import Visit

_NOTHING: Final = Decimal("0.00")
_NEVER: Final = datetime(1900, 1, 1, tzinfo=UTC)


def check_visit(entry: VisitEntry, *, now: datetime) -> Visit:
    """Return the visit of the row.

    Raises:
        RowRefusedError: Names every field that breaks a rule.
    """
    checks = RowChecks()
    stay = _stay(entry, checks, now)
    costs = _costs(entry, checks)
    visit = Visit(
        dossier_id=checks.required("dossier_id", entry.dossier_id, dossier_id, otherwise=""),
        facility_code=checks.required("facility_code", entry.facility_code, facility_code, otherwise=""),
        facility_name=checks.required("facility_name", entry.facility_name, plain_line, otherwise=""),
        kind=checks.required("kind", entry.kind, visit_kind, otherwise="examination"),
        admitted_at=stay[0],
        discharged_at=stay[1],
        disease_name=checks.required("disease_name", entry.disease_name, long_line, otherwise=""),
        main_icd10=checks.required("main_icd10", entry.main_icd10, icd10, otherwise=""),
        further_icd10=checks.optional("further_icd10", entry.further_icd10, further_icd10) or (),
        admission_diagnosis=checks.optional("admission_diagnosis", entry.admission_diagnosis, long_line),
        discharge_diagnosis=checks.optional("discharge_diagnosis", entry.discharge_diagnosis, long_line),
        reason=checks.optional("reason", entry.reason, long_line),
        next_appointment=_next_appointment(entry, checks, stay[1].date()),
        discharge_status=checks.required(
            "discharge_status", entry.discharge_status, discharge_status, otherwise="discharged"
        ),
        outcome=checks.required("outcome", entry.outcome, treatment_outcome, otherwise="undetermined"),
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
