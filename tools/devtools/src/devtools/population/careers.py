"""Working lives: jobs with gaps between them, two at once, changes of pay and position, maternity, late payers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from devtools.population.draw import Draw
from devtools.population.employers import EMPLOYERS, Employer, employer_at
from devtools.population.months import MonthNumber
from devtools.population.people import Person

Status = Literal["paid", "unpaid", "reserved"]

_POSITIONS: Final = ("Nhân viên", "Tổ trưởng", "Chuyên viên", "Phó phòng", "Trưởng phòng")
_RETIREMENT_YEARS: Final = {"male": 61, "female": 57}
_FERTILE_YEARS: Final = range(22, 40)
_MATERNITY_MONTHS: Final = 6
_FIRST_YEAR: Final = 1995
_UI_SINCE: Final = 2009 * 12
_DECEMBER: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Months, both included, in which nothing about a job changed. `value` is a coefficient or VND."""

    employer: Employer
    first: MonthNumber
    last: MonthNumber
    occupation: str
    position: str
    value: str
    status: Status = "paid"
    movement_code: str = ""

    @property
    def months(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Job:
    employer: Employer
    first: MonthNumber
    last: MonthNumber
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Career:
    """Jobs by their beginning; two may run at once. `retired_in` is the month of the first pension, if it has come."""

    jobs: tuple[Job, ...]
    retired_in: MonthNumber | None = None


def career_of(person: Person, *, seed: int, until: MonthNumber) -> Career:
    """Return the working life of a person up to `until`; empty for children."""
    if person.is_child(until):
        return Career(())
    draw = Draw(seed, f"career/{person.index}")
    retiring = person.aged(_RETIREMENT_YEARS[person.sex])
    jobs = tuple(_jobs(person, draw, min(until, retiring - 1)))
    return Career(jobs, retiring if retiring <= until else None)


def _jobs(person: Person, draw: Draw, end: MonthNumber) -> Iterator[Job]:
    month = max(person.aged(draw.between(18, 25)), _FIRST_YEAR * 12 + draw.between(0, 60))
    while month <= end:
        last = min(end, month + draw.mostly_small(5, 220))
        yield _job(person, draw, employer_at(draw.between(0, EMPLOYERS - 1)), month, last)
        if draw.chance(6) and last - month > _DECEMBER:
            beside = employer_at(draw.between(0, EMPLOYERS - 1) + EMPLOYERS)
            yield _job(person, draw, beside, month + 3, min(last, month + 3 + draw.between(4, 40)))
        month = last + 1 + (0 if draw.chance(55) else draw.mostly_small(1, 48))


def _job(person: Person, draw: Draw, employer: Employer, first: MonthNumber, last: MonthNumber) -> Job:
    stretches = _with_maternity(person, draw, _changes(draw, employer, first, last))
    return Job(employer, first, last, tuple(_with_arrears(draw, employer, list(stretches))))


def _changes(draw: Draw, employer: Employer, first: MonthNumber, last: MonthNumber) -> Iterator[Stretch]:
    """Yield a stretch for every change: pay changes with the year, a position now and then within it."""
    level, pay = draw.mostly_small(0, 2), employer.first_pay(draw, first)
    month = first
    while month <= last:
        year_end = month - month % 12 + _DECEMBER
        stays_on = 12 * draw.mostly_small(0, 3)
        change = min(last, year_end + stays_on if draw.chance(85) else month + draw.between(0, 5))
        yield Stretch(
            employer=employer,
            first=month,
            last=change,
            occupation=employer.occupation,
            position=_POSITIONS[level],
            value=employer.written(pay),
        )
        level = min(level + draw.chance(12), len(_POSITIONS) - 1)
        pay, month = employer.raised(pay), change + 1


def _with_maternity(person: Person, draw: Draw, stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    children = 0
    for stretch in stretches:
        age = (stretch.first - person.aged(0)) // 12
        expecting = person.sex == "female" and age in _FERTILE_YEARS and children < 2 and draw.chance(12)  # noqa: PLR2004 - two children are the most common
        if not expecting or stretch.months <= _MATERNITY_MONTHS:
            yield stretch
            continue
        children += 1
        back = stretch.first + _MATERNITY_MONTHS
        yield replace(stretch, last=back - 1, movement_code="TS")
        yield replace(stretch, first=back)


def _with_arrears(draw: Draw, employer: Employer, stretches: list[Stretch]) -> list[Stretch]:
    """A late payer owes the last months of a job."""
    owed = draw.between(1, 10) if employer.pays_late and draw.chance(60) else 0
    last = stretches[-1]
    if not 0 < owed < last.months or last.movement_code:
        return stretches
    paid_to = last.last - owed
    return [*stretches[:-1], replace(last, last=paid_to), replace(last, first=paid_to + 1, status="unpaid")]


def unemployment_months(stretches: Iterator[Stretch]) -> set[MonthNumber]:
    """Return the months that count for unemployment insurance: paid since 2009, and not on maternity leave."""
    return {
        month
        for stretch in stretches
        if stretch.status == "paid" and not stretch.movement_code
        for month in range(max(stretch.first, _UI_SINCE), stretch.last + 1)
    }
