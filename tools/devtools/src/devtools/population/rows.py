"""What becomes of a person in the files: one function per kind, in the columns that `docs/bulk-files.md` names."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, TypeAlias

from devtools.population.careers import Career, Stretch, career_of, unemployment_months
from devtools.population.draw import Draw
from devtools.population.months import MonthNumber, day_label, first_day, last_day, month_label
from devtools.population.people import Person, person_at

Row: TypeAlias = dict[str, str]

_UI_SINCE: Final = 2009 * 12
_UI_LEAST_PAID: Final = 12
_PENSION_LEAST_MONTHS: Final = 180
_FACILITIES: Final = (("66001", "Bệnh viện Thử Nghiệm Vùng"), ("66002", "Trạm y tế Thử Nghiệm Tân Lợi"))
_DISEASES: Final = (
    ("J06.9", "Nhiễm khuẩn hô hấp trên cấp"),
    ("K29.7", "Viêm dạ dày"),
    ("I10", "Tăng huyết áp"),
    ("M54.5", "Đau thắt lưng"),
)


@dataclass(frozen=True, slots=True)
class Life:
    """A person with the whole career, as known at the end of the month `until`."""

    person: Person
    career: Career
    seed: int
    until: MonthNumber

    def draw(self, purpose: str) -> Draw:
        return Draw(self.seed, f"{purpose}/{self.person.index}")

    def stretches(self) -> Iterator[Stretch]:
        return (stretch for job in self.career.jobs for stretch in job.stretches)


def life_of(index: int, *, seed: int, until: MonthNumber) -> Life:
    person = person_at(index, seed=seed, until=until)
    return Life(person, career_of(person, seed=seed, until=until), seed, until)


def participant_rows(life: Life) -> Iterator[Row]:
    person = life.person
    yield {
        "social_insurance_number": person.social_insurance_number,
        "citizen_number": person.citizen_number,
        "full_name": person.full_name,
        "birth_date": day_label(person.born),
        "sex": person.sex,
        "agency_code": person.agency_code,
        "phone": person.phone,
        "address": person.address,
    }


def contribution_rows(life: Life) -> Iterator[Row]:
    """Yield a row per stretch and kind; unemployment insurance began in 2009 and leaves maternity out."""
    for stretch in life.stretches():
        yield _contribution(life, stretch, "social", stretch.first)
        yield _contribution(life, stretch, "accident", stretch.first)
        yield _contribution(life, stretch, "health", stretch.first)
        if stretch.last >= _UI_SINCE and not stretch.movement_code:
            yield _contribution(life, stretch, "unemployment", max(stretch.first, _UI_SINCE))


def benefit_rows(life: Life) -> Iterator[Row]:
    draw = life.draw("benefit")
    numbers = (f"{number:05}/{life.person.index % 100_000:05}" for number in range(1, 1_000))
    found = [*_leaves(life, draw), *_unemployment(life), *_old_age(life, draw)]
    for row, number in zip(found, numbers, strict=False):
        yield dict.fromkeys(_BENEFIT_COLUMNS, "") | _named(life, row | {"decision_number": number})


def card_rows(life: Life) -> Iterator[Row]:
    """Yield the card in force."""
    person, draw = life.person, life.draw("card")
    subject = _card_subject(life)
    facility, facility_name = draw.one_of(_FACILITIES)
    number = f"{subject}66{person.social_insurance_number}"
    valid_from = max(date(life.until // 12, 1, 1), person.born)
    yield {
        "social_insurance_number": person.social_insurance_number,
        "card_number": number,
        "full_name": person.full_name,
        "sex": person.sex,
        "birth": day_label(person.born),
        "address": person.address,
        "facility_code": facility,
        "facility_name": facility_name,
        "valid_from": day_label(valid_from),
        "valid_to": day_label(date(life.until // 12, 12, 31)),
        "issued_on": day_label(min(valid_from, last_day(life.until))),
        "issuing_agency_code": person.agency_code,
        "five_year_date": day_label(date(life.until // 12 + draw.between(-4, 4), 1, 1)),
    }


def visit_rows(life: Life) -> Iterator[Row]:
    """Yield the visits of the last five years, some of them stays of several days."""
    draw = life.draw("visit")
    for number in range(draw.mostly_small(0, 12)):
        admitted = last_day(life.until) - timedelta(days=draw.between(20, 5 * 365))
        if admitted > life.person.born:
            yield _visit(life, draw, number, admitted)


ROWS: Final[Mapping[str, Callable[[Life], Iterator[Row]]]] = {
    "participants": participant_rows,
    "contributions": contribution_rows,
    "benefits": benefit_rows,
    "cards": card_rows,
    "visits": visit_rows,
}
"""By the name of the file; in the order in which the files are to be imported."""

_BENEFIT_COLUMNS: Final = (
    "social_insurance_number",
    "kind",
    "decision_number",
    "decided_on",
    "agency_code",
    "from_date",
    "to_date",
    "amount",
    "months_before_2014",
    "months_since_2014",
    "average_wage",
    "days",
    "base_pay",
    "rate_percent",
    "method",
    "months_allowed",
    "months_used",
)


def _contribution(life: Life, stretch: Stretch, kind: str, first: MonthNumber) -> Row:
    return {
        "social_insurance_number": life.person.social_insurance_number,
        "kind": kind,
        "from_month": month_label(first),
        "to_month": month_label(stretch.last),
        "status": stretch.status,
        "employer_code": stretch.employer.code,
        "employer_name": stretch.employer.name,
        "workplace": stretch.employer.workplace,
        "occupation": stretch.occupation,
        "position": stretch.position,
        "value": stretch.value,
        "position_allowance": "0.30" if stretch.employer.public and stretch.position != "Nhân viên" else "",
        "movement_code": stretch.movement_code,
    }


def _named(life: Life, row: Row) -> Row:
    return {
        "social_insurance_number": life.person.social_insurance_number,
        "agency_code": life.person.agency_code,
        "decided_on": row["from_date"],
    } | row


def _leaves(life: Life, draw: Draw) -> Iterator[Row]:
    """Yield leaves that never overlap: who has two employers falls ill once."""
    free_from = date.min
    for stretch in life.stretches():
        start, pay = first_day(stretch.first), _monthly_pay(stretch)
        if start < free_from:
            continue
        if stretch.movement_code == "TS":
            days = (last_day(stretch.last) - start).days + 1
            yield _leave("maternity", start, days, pay, percent=100)
            free_from = start + timedelta(days=days)
        elif draw.chance(4):
            start, days = start + timedelta(days=draw.between(0, 20)), draw.between(1, 7)
            yield _leave("sickness", start, days, pay, percent=75)
            free_from = start + timedelta(days=days)


def _leave(kind: str, start: date, days: int, pay: int, *, percent: int) -> Row:
    return {
        "kind": kind,
        "from_date": day_label(start),
        "to_date": day_label(start + timedelta(days=days - 1)),
        "days": str(days),
        "base_pay": str(pay),
        "rate_percent": str(percent),
        "amount": str(pay * days * percent // 100 // 26),
    }


def _unemployment(life: Life) -> Iterator[Row]:
    """Yield a benefit for each gap of three months or more after a year of unused paid months."""
    jobs, used = life.career.jobs, set[MonthNumber]()
    for job, following in pairwise(jobs):
        earlier = (stretch for one in jobs if one.first <= job.first for stretch in one.stretches)
        unused = {month for month in unemployment_months(earlier) if month <= job.last} - used
        gap = following.first - job.last - 1
        if gap < 3 or len(unused) < _UI_LEAST_PAID:  # noqa: PLR2004 - nobody asks for shorter ones
            continue
        used |= unused
        allowed = min(12, 3 + max(0, (len(unused) - 36) // 12))
        start = job.last + 2
        yield {
            "kind": "unemployment_benefit",
            "from_date": day_label(first_day(start)),
            "to_date": day_label(last_day(start + min(allowed, gap - 1) - 1)),
            "amount": str(_monthly_pay(job.stretches[-1]) * 60 // 100),
            "months_allowed": str(allowed),
            "months_used": str(min(allowed, gap - 1)),
        }


def _old_age(life: Life, draw: Draw) -> Iterator[Row]:
    retired, stretches = life.career.retired_in, list(life.stretches())
    if retired is None or not stretches:
        return
    months = sum(stretch.months for stretch in stretches if stretch.status == "paid")
    pay = _monthly_pay(stretches[-1])
    started = {"from_date": day_label(first_day(retired))}
    if months >= _PENSION_LEAST_MONTHS:
        method = draw.one_of(("cash", "account"))
        yield started | {"kind": "pension", "amount": str(pay * 60 // 100), "method": method}
        return
    before = sum(stretch.months for stretch in stretches if stretch.last < 2014 * 12)
    yield started | {
        "kind": "lump_sum",
        "amount": str(pay * months // 6),
        "months_before_2014": str(before),
        "months_since_2014": str(max(0, months - before)),
        "average_wage": str(pay),
    }


def _monthly_pay(stretch: Stretch) -> int:
    """Return the pay in VND; a coefficient is of the base wage of 1,800,000."""
    return round(float(stretch.value) * 1_800_000) if stretch.employer.public else int(stretch.value)


def _card_subject(life: Life) -> str:
    if life.person.is_child(life.until):
        return "TE1" if life.until < life.person.aged(6) else "HS4"
    if life.career.retired_in is not None:
        return "HT3"
    working = any(job.first <= life.until <= job.last for job in life.career.jobs)
    return "DN4" if working else "GD4"


def _visit(life: Life, draw: Draw, number: int, admitted: date) -> Row:
    days = draw.between(2, 9) if draw.chance(15) else 0
    facility, facility_name = draw.one_of(_FACILITIES)
    code, disease = draw.one_of(_DISEASES)
    in_scope = draw.between(80, 900) * 1_000 * (days + 1)
    out_of_scope = draw.between(0, 100) * 1_000
    copayment = in_scope * 20 // 100
    return {
        "social_insurance_number": life.person.social_insurance_number,
        "dossier_id": f"TN{life.person.index:09}{number:03}",
        "facility_code": facility,
        "facility_name": facility_name,
        "kind": "inpatient" if days else "examination",
        "admitted_at": f"{day_label(admitted)} 08:00",
        "discharged_at": f"{day_label(admitted + timedelta(days=days))} 15:30",
        "disease_name": disease,
        "main_icd10": code,
        "discharge_status": "1",
        "outcome": draw.one_of(("1", "2", "2")),
        "total_cost": str(in_scope + out_of_scope),
        "in_scope": str(in_scope),
        "fund_paid": str(in_scope - copayment),
        "copayment": str(copayment),
        "out_of_scope": str(out_of_scope),
        "drugs_cost": str(in_scope // 2),
        "settlement_month": month_label(admitted.year * 12 + admitted.month - 1),
    }
