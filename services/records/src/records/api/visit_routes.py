"""The medical book: its years, and the visits of one with their costs (S-45, S-46). All of it is health data (S-47)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final

from ansinh_kit.http.callers import AnyCaller
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from records.api.access import Access, OpeningId, Who
from records.api.as_of import AsOf
from records.domain.month import Month
from records.domain.visits.visit import DischargeStatus, TreatmentOutcome, Visit, VisitKind
from records.handlers.row_history import RowHistory
from records.projections.versioned_rows import StandingRow
from records.projections.visits import book_key, visits_at

Year = Annotated[int, Path(ge=1900, le=2199)]
Visits = Sequence[tuple[StandingRow, Visit]]
_NOTHING: Final = Decimal("0.00")
_YEARS_AT_MOST: Final = 200


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CostShares(_Answer):
    """In VND. `fund` and `copayment` share `in_scope`; `patient` bears `copayment` and `out_of_scope`."""

    total: Decimal
    in_scope: Decimal
    fund: Decimal
    copayment: Decimal
    out_of_scope: Decimal
    other_sources: Decimal
    patient: Decimal
    drugs: Decimal
    supplies: Decimal


class VisitAnswer(_Answer):
    visit_id: str
    facility_code: str
    facility_name: str
    kind: VisitKind
    admitted_at: datetime
    discharged_at: datetime
    inpatient_days: int
    disease_name: str
    main_icd10: str
    further_icd10: tuple[str, ...]
    admission_diagnosis: str | None
    discharge_diagnosis: str | None
    reason: str | None
    next_appointment: date | None
    discharge_status: DischargeStatus
    outcome: TreatmentOutcome
    costs: CostShares
    settlement_month: Month | None
    since: datetime
    event_id: str


class YearTotals(_Answer):
    """Added up from exactly the visits that stand in the year."""

    year: int
    visits: int
    inpatient_days: int
    total: Decimal
    fund: Decimal
    patient: Decimal


class MedicalBookYears(_Answer):
    years: list[YearTotals]


class MedicalBookYear(_Answer):
    totals: YearTotals
    visits: list[VisitAnswer]


def visit_routes(*, access: Access, book: RowHistory) -> APIRouter:
    router = APIRouter(prefix="/v1/participants/{who}/visits", tags=["visits"])

    @router.get("")
    async def read_years(who: Who, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None) -> MedicalBookYears:
        """Return the years in which there were visits, newest first.

        A visit that was withdrawn since may be another person's: with an earlier `as_of` staff alone are shown it.
        """
        participant_id = await access.admit(caller, who, "visits", opening_id)
        years = await _years(book, participant_id, as_of, also_withdrawn=caller.kind == "staff")
        return MedicalBookYears(years=[_totals(year, visits) for year, visits in years])

    @router.get("/{year}")
    async def read_year(
        who: Who, year: Year, caller: AnyCaller, as_of: AsOf, opening_id: OpeningId = None
    ) -> MedicalBookYear:
        """Return the year's visits as the records said at `as_of`, last discharge first.

        A visit that was withdrawn since may be another person's: with an earlier `as_of` staff alone are shown it.
        """
        participant_id = await access.admit(caller, who, "visits", opening_id)
        document = await book.get(book_key(participant_id, year), as_of)
        visits = visits_at(document, as_of, also_withdrawn=caller.kind == "staff")
        return _year(year, visits)

    return router


async def whole_book(book: RowHistory, participant_id: str, as_of: datetime | None) -> list[MedicalBookYear]:
    """Return every year with its visits, newest first, as the records said at `as_of`, less those withdrawn since."""
    return [_year(year, visits) for year, visits in await _years(book, participant_id, as_of, also_withdrawn=False)]


async def _years(
    book: RowHistory, participant_id: str, as_of: datetime | None, *, also_withdrawn: bool
) -> list[tuple[int, Visits]]:
    """Return the years in which visits stood at `as_of`, newest first."""
    found = await book.find(participant_id, as_of, by="year", limit=_YEARS_AT_MOST)
    years = [(document["year"], visits_at(document, as_of, also_withdrawn=also_withdrawn)) for document in found]
    return [(year, visits) for year, visits in years if visits]


def _year(year: int, visits: Visits) -> MedicalBookYear:
    return MedicalBookYear(totals=_totals(year, visits), visits=[_visit(row, visit) for row, visit in visits])


def _totals(year: int, visits: Visits) -> YearTotals:
    costs = [visit.costs for _, visit in visits]
    return YearTotals(
        year=year,
        visits=len(visits),
        inpatient_days=sum(visit.inpatient_days for _, visit in visits),
        total=sum((cost.total for cost in costs), _NOTHING),
        fund=sum((cost.fund for cost in costs), _NOTHING),
        patient=sum((cost.patient for cost in costs), _NOTHING),
    )


def _visit(row: StandingRow, visit: Visit) -> VisitAnswer:
    shown = VisitAnswer.model_fields.keys() & Visit.model_fields.keys() - {"costs"}
    return VisitAnswer(
        visit_id=row.row_id,
        inpatient_days=visit.inpatient_days,
        costs=CostShares(**dict(visit.costs), patient=visit.costs.patient),
        since=row.since,
        event_id=row.event_id,
        **{name: getattr(visit, name) for name in shown},
    )
