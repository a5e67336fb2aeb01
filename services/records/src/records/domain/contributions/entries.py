"""A period as somebody sent it in JSON, and the check that turns it into one. Values obey the bulk files' rules."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from records.domain.bulk import cells
from records.domain.bulk.rules import BEFORE_BIRTH, IN_THE_FUTURE, REVERSED
from records.domain.contributions.period import Allowances, Period, PeriodDetail
from records.domain.contributions.rules import ISO_MONTH
from records.domain.counting.rows import Currency, Status
from records.domain.kind import Kind
from records.domain.month import Month, NotAMonthError
from records.domain.rules import Checks, RuleBrokenError

# Rules work on bounded text only: no entry is longer than this when its rule is asked.
Entry = Annotated[str, StringConstraints(min_length=1, max_length=1_000)]

_LINE: Final = cells.text(200)
_NOTE: Final = cells.text(500)
_EMPLOYER: Final = cells.code(r"[A-Z0-9]{7}")
_MOVEMENT: Final = cells.code(r"[A-Z]{2}")


class AllowanceEntries(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    position: Entry | None = None
    over_frame_seniority: Entry | None = None
    professional_seniority: Entry | None = None
    wage: Entry | None = None
    additional_payments: Entry | None = None


class PeriodEntries(BaseModel):
    """Months are written `2021-03`, amounts and coefficients with digits and a point, as text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    from_month: Entry
    to_month: Entry
    status: Status = "paid"
    employer_code: Entry
    employer_name: Entry
    workplace: Entry | None = None
    occupation: Entry
    position: Entry | None = None
    title: Entry | None = None
    value: Entry
    currency: Currency = "VND"
    allowances: AllowanceEntries = AllowanceEntries()
    movement_code: Entry | None = None
    contract: Entry | None = None
    note: Entry | None = None


@dataclass(frozen=True, slots=True)
class Possible:
    """The months a person can have contributed in: from the month of birth, if it is known, to the present one."""

    first: Month | None
    last: Month


def check_period(entries: PeriodEntries, checks: Checks, possible: Possible) -> Period | None:
    """Return the period; `None` if an entry breaks its rule, which `checks` then holds."""
    noted = len(checks.violations)
    first = checks.value("from_month", entries.from_month, _month)
    last = checks.value("to_month", entries.to_month, _month)
    employer_code = checks.value("employer_code", entries.employer_code, _EMPLOYER)
    detail = _detail(entries, checks)
    if first is not None and last is not None:
        _check_months(first, last, possible, checks)
    if len(checks.violations) > noted or first is None or last is None or employer_code is None:
        return None
    return Period(
        kind=entries.kind,
        from_month=first,
        to_month=last,
        employer_code=employer_code,
        status=entries.status,
        detail=detail,
    )


def _check_months(first: Month, last: Month, possible: Possible, checks: Checks) -> None:
    if first > last:
        checks.refuse("to_month", REVERSED)
    elif last > possible.last:
        checks.refuse("to_month", IN_THE_FUTURE)
    if possible.first is not None and first < possible.first:
        checks.refuse("from_month", BEFORE_BIRTH)


def _detail(entries: PeriodEntries, checks: Checks) -> PeriodDetail | None:
    employer_name = checks.value("employer_name", entries.employer_name, _LINE)
    occupation = checks.value("occupation", entries.occupation, _LINE)
    value = checks.value("value", entries.value, cells.amount)
    optional = {name: checks.value(name, getattr(entries, name), _LINE) for name in _OPTIONAL_LINES}
    movement_code = checks.value("movement_code", entries.movement_code, _MOVEMENT)
    note = checks.value("note", entries.note, _NOTE)
    allowances = _allowances(entries.allowances, checks)
    if employer_name is None or occupation is None or value is None:
        return None
    return PeriodDetail(
        employer_name=employer_name,
        occupation=occupation,
        value=value,
        currency=entries.currency,
        allowances=allowances,
        movement_code=movement_code,
        note=note,
        **optional,
    )


_OPTIONAL_LINES: Final = ("workplace", "position", "title", "contract")


def _allowances(entries: AllowanceEntries, checks: Checks) -> Allowances:
    checked = {
        name: checks.value(f"allowances.{name}", getattr(entries, name), cells.amount)
        for name in Allowances.model_fields
    }
    return Allowances(**checked)


def _month(raw: str) -> Month:
    try:
        return Month.from_iso(raw)
    except NotAMonthError as error:
        raise RuleBrokenError(ISO_MONTH) from error
