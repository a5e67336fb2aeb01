"""A visit as it is kept: where, when, why, how it ended, and what it cost."""

from datetime import date, datetime
from typing import Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict

from records.domain.feeding.values import VIET_NAM
from records.domain.month import Month
from records.domain.visits.costs import Costs

VisitKind = Literal["examination", "outpatient", "inpatient", "day_patient"]
DischargeStatus = Literal["discharged", "transferred", "left_without_leave", "on_own_request"]
TreatmentOutcome = Literal[
    "cured", "better", "unchanged", "worse", "died", "grave_taken_home", "undetermined", "died_outside"
]

VISIT_KINDS: Final[tuple[VisitKind, ...]] = get_args(VisitKind)
# The numbers of Decisions 130 and 4750, in which facilities report.
DISCHARGE_CODES: Final[dict[str, DischargeStatus]] = dict(zip("1234", get_args(DischargeStatus), strict=True))
OUTCOME_CODES: Final[dict[str, TreatmentOutcome]] = dict(zip("12345678", get_args(TreatmentOutcome), strict=True))
_INPATIENT: Final[frozenset[VisitKind]] = frozenset({"inpatient", "day_patient"})


class Visit(BaseModel):
    """One examination or treatment. Moments are of Viet Nam; codes of diseases are ICD-10."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dossier_id: str
    facility_code: str
    facility_name: str
    kind: VisitKind
    admitted_at: datetime
    discharged_at: datetime
    disease_name: str
    main_icd10: str
    further_icd10: tuple[str, ...]
    admission_diagnosis: str | None
    discharge_diagnosis: str | None
    reason: str | None
    next_appointment: date | None
    discharge_status: DischargeStatus
    outcome: TreatmentOutcome
    costs: Costs
    settlement_month: Month | None

    @property
    def named_by(self) -> tuple[str, ...]:
        return (self.facility_code, self.dossier_id)

    @property
    def natural_key(self) -> tuple[str, ...]:
        return self.named_by

    @property
    def key_field(self) -> str:
        return "dossier_id"

    @property
    def good_for(self) -> None:
        """Two visits may overlap: a patient on a ward is sent to another facility for an examination."""
        return

    def clash_with(self, other: Self) -> None:
        """Return `None`: any two visits may both be true."""
        del other

    @property
    def year(self) -> int:
        """The calendar year the visit is shown in: that of the discharge, in Viet Nam."""
        return self.discharged_at.astimezone(VIET_NAM).year

    @property
    def inpatient_days(self) -> int:
        """Days out minus days in plus one for in-patients, 0 for others."""
        if self.kind not in _INPATIENT:
            return 0
        stay = self.discharged_at.astimezone(VIET_NAM).date() - self.admitted_at.astimezone(VIET_NAM).date()
        return stay.days + 1
