"""Contribution rows: which period each says, and what its participant's record says to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Final

from ansinh_kit.decider import Decider, Handled
from ansinh_kit.errors import DomainError

from records.domain.bulk.columns import Columns, Values
from records.domain.bulk.contributions import CONTRIBUTION_COLUMNS, months_refusals
from records.domain.bulk.refusals import Refusal
from records.domain.bulk.rules import BEFORE_BIRTH
from records.domain.contributions.commands import ContributionCommand, FedRow, RecordPeriods
from records.domain.contributions.decide import contributions_decider
from records.domain.contributions.outcomes import outcomes_of
from records.domain.contributions.period import Allowances, Period, PeriodDetail
from records.domain.contributions.state import Contributions, Event
from records.domain.feeding.errors import StreamMovedError
from records.domain.feeding.values import VIET_NAM
from records.domain.month import Month
from records.handlers.importing.chunks import ReadRow
from records.handlers.importing.file_kind import RowOutcome
from records.handlers.importing.people import Insured

_NO_ALLOWANCES: Final = Allowances()
_ALLOWANCES: Final = {
    "position": "position_allowance",
    "over_frame_seniority": "over_frame_seniority_allowance",
    "professional_seniority": "professional_seniority_allowance",
    "wage": "wage_allowance",
    "additional_payments": "additional_payments",
}
_amounts: Final = itemgetter(*_ALLOWANCES.values())
_NO_AMOUNTS: Final = (None,) * len(_ALLOWANCES)


@dataclass(frozen=True, slots=True)
class ContributionFiles:
    """`FileKind` of contribution rows."""

    columns: Columns = CONTRIBUTION_COLUMNS
    decider: Decider[ContributionCommand, Contributions, Event] = contributions_decider

    def stream_id(self, participant_id: str) -> str:
        return f"contributions-{participant_id}"

    def check(self, row: ReadRow, insured: Insured, *, now: datetime) -> FedRow | list[Refusal]:
        refusals = months_refusals(row.values, row.line, current=_month_at(now))
        if insured.born is not None and row.values["from_month"] < Month.containing(insured.born):
            refusals.append(Refusal(row.line, BEFORE_BIRTH, "from_month"))
        return refusals or FedRow(_period(row.values), as_correction=row.values["action"] == "correct")

    def command(self, participant_id: str, items: Sequence[FedRow], *, at: datetime) -> RecordPeriods:
        return RecordPeriods(participant_id=participant_id, rows=items, at=at)

    def outcomes(
        self, participant_id: str, items: Sequence[FedRow], handled: Handled[Contributions], *, at: datetime
    ) -> Sequence[RowOutcome]:
        command = self.command(participant_id, items, at=at)
        events = [recorded.event for recorded in handled.events]
        return [RowOutcome(told.verdict, told.rule) for told in outcomes_of(command, events, handled.before)]

    def moved_to(self, refusal: DomainError) -> str | None:
        return refusal.to if isinstance(refusal, StreamMovedError) else None


def _period(values: Values) -> Period:
    return Period(
        values["kind"],
        values["from_month"],
        values["to_month"],
        values["employer_code"],
        values["status"] or "paid",
        # Given as a dictionary: as keywords it takes twice as long.
        PeriodDetail.model_validate(
            {
                "employer_name": values["employer_name"],
                "workplace": values["workplace"],
                "occupation": values["occupation"],
                "position": values["position"],
                "title": values["title"],
                "value": values["value"],
                "currency": values["currency"] or "VND",
                "allowances": _allowances(values),
                "movement_code": values["movement_code"],
                "contract": values["contract"],
                "note": values["note"],
            }
        ),
    )


@lru_cache(maxsize=16)
def _month_at(now: datetime) -> Month:
    """Return the month it is in Vietnam; asked for each row of a chunk with the same `now`."""
    return Month.containing(now.astimezone(VIET_NAM).date())


def _allowances(values: Values) -> Allowances:
    amounts = _amounts(values)
    if amounts == _NO_AMOUNTS:
        return _NO_ALLOWANCES
    given = zip(_ALLOWANCES, amounts, strict=True)
    return Allowances(**{name: amount for name, amount in given if amount is not None})
