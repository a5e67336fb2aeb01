"""A visit as a feeder writes it."""

from records.domain.feeding.entry import RowEntry
from records.domain.feeding.values import Cell


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
