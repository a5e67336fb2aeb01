"""The rules a row must keep to be a benefit, alone and for its kind."""

from datetime import date
from decimal import Decimal
from typing import Final, TypedDict, assert_never

from records.domain.benefits.benefit import (
    Benefit,
    MonthlyBenefit,
    OneOffBenefit,
    ShortTermBenefit,
    UnemploymentBenefit,
)
from records.domain.benefits.cells import benefit_kind, pay_method
from records.domain.benefits.entry import BenefitEntry
from records.domain.benefits.kinds import BenefitKind, OneOffKind, ShortTermKind, UnemploymentKind
from records.domain.codes import agency_code
from records.domain.counting.unemployment import scale_at
from records.domain.feeding.refusal import NOT_IN_THIS_KIND, RowChecks
from records.domain.feeding.values import (
    FROM_AFTER_TO,
    IN_THE_FUTURE,
    amount,
    count,
    day,
    decision_number,
    rate_percent,
)
from records.domain.language import Text
from records.domain.month import Month
from records.domain.rules import Rule
from records.domain.text import person_name, plain_line

_NOTHING: Final = Decimal("0.00")
_UNKNOWN_DAY: Final = date(1900, 1, 1)

DAYS_OF_LEAVE: Final = Rule(
    "days_of_leave",
    Text("Số ngày hưởng phải từ 1 đến số ngày của kỳ nghỉ.", "The days are 1 to as many as the leave has."),
    Text("Kiểm tra số ngày và hai ngày nghỉ.", "Check the days, and the first and last of the leave."),
)
UNEMPLOYMENT_MONTHS: Final = Rule(
    "unemployment_months",
    Text(
        "Số tháng được hưởng phải theo luật tại thời điểm hưởng, và số tháng đã hưởng không vượt quá số đó.",
        "The months allowed must be what the law allows then, and no more may be used than are allowed.",
    ),
    Text("Kiểm tra số tháng được hưởng và đã hưởng.", "Check the months allowed and used."),
)


class _Shared(TypedDict):
    decision_number: str
    decided_on: date
    agency_code: str
    from_date: date
    to_date: date | None
    amount: Decimal
    payee: str | None


def check_benefit(entry: BenefitEntry, *, today: date) -> Benefit:
    """Return the benefit of the row.

    Raises:
        RowRefusedError: Names every field that breaks a rule.
    """
    checks = RowChecks()
    # A one-off benefit needs no cell of its own: standing in for an unknown kind it refuses nothing more.
    kind: BenefitKind = checks.required("kind", entry.kind, benefit_kind, otherwise="lump_sum")
    benefit = _of_kind(kind, entry, _shared(entry, checks, today), checks)
    if checks.sound("kind"):
        for name in entry.cells_of_other_tabs(benefit.tab):
            checks.refuse(name, NOT_IN_THIS_KIND)
    checks.close()
    return benefit


def _shared(entry: BenefitEntry, checks: RowChecks, today: date) -> _Shared:
    shared = _Shared(
        decision_number=checks.required("decision_number", entry.decision_number, decision_number, otherwise=""),
        decided_on=checks.required("decided_on", entry.decided_on, day, otherwise=_UNKNOWN_DAY),
        agency_code=checks.required("agency_code", entry.agency_code, agency_code, otherwise=""),
        from_date=checks.required("from_date", entry.from_date, day, otherwise=_UNKNOWN_DAY),
        to_date=checks.optional("to_date", entry.to_date, day),
        amount=checks.required("amount", entry.amount, amount, otherwise=_NOTHING),
        payee=checks.optional("payee", entry.payee, person_name),
    )
    checks.hold(shared["decided_on"] <= today, "decided_on", IN_THE_FUTURE)
    if checks.sound("from_date", "to_date") and shared["to_date"] is not None:
        checks.hold(shared["from_date"] <= shared["to_date"], "to_date", FROM_AFTER_TO)
    return shared


def _of_kind(kind: BenefitKind, entry: BenefitEntry, shared: _Shared, checks: RowChecks) -> Benefit:
    match kind:
        case "lump_sum" | "retirement_one_off" | "survivorship_one_off" | "accident_disease_one_off":
            return _one_off(kind, entry, shared, checks)
        case "sickness" | "maternity" | "recovery":
            return _short_term(kind, entry, shared, checks)
        case "pension" | "disability_monthly" | "accident_disease_monthly" | "survivorship_monthly":
            return MonthlyBenefit(
                **shared,
                kind=kind,
                method=checks.optional("method", entry.method, pay_method),
                pay_place=checks.optional("pay_place", entry.pay_place, plain_line),
            )
        case "unemployment_benefit":
            return _unemployment(kind, entry, shared, checks)
        case _:
            assert_never(kind)


def _one_off(kind: OneOffKind, entry: BenefitEntry, shared: _Shared, checks: RowChecks) -> OneOffBenefit:
    return OneOffBenefit(
        **shared,
        kind=kind,
        months_before_2014=checks.optional("months_before_2014", entry.months_before_2014, count),
        months_since_2014=checks.optional("months_since_2014", entry.months_since_2014, count),
        average_wage=checks.optional("average_wage", entry.average_wage, amount),
    )


def _short_term(kind: ShortTermKind, entry: BenefitEntry, shared: _Shared, checks: RowChecks) -> ShortTermBenefit:
    days = checks.required("days", entry.days, count, otherwise=1)
    if checks.sound("from_date", "to_date", "days"):
        leave = None if shared["to_date"] is None else (shared["to_date"] - shared["from_date"]).days + 1
        checks.hold(days >= 1 and (leave is None or days <= leave), "days", DAYS_OF_LEAVE)
    return ShortTermBenefit(
        **shared,
        kind=kind,
        days=days,
        base_pay=checks.optional("base_pay", entry.base_pay, amount),
        rate_percent=checks.optional("rate_percent", entry.rate_percent, rate_percent),
        batch=checks.optional("batch", entry.batch, plain_line),
    )


def _unemployment(
    kind: UnemploymentKind, entry: BenefitEntry, shared: _Shared, checks: RowChecks
) -> UnemploymentBenefit:
    allowed = checks.required("months_allowed", entry.months_allowed, count, otherwise=0)
    used = checks.optional("months_used", entry.months_used, count) or 0
    if checks.sound("months_allowed", "months_used", "from_date"):
        scale = scale_at(Month.containing(shared["from_date"]))
        checks.hold(scale.base <= allowed <= scale.most, "months_allowed", UNEMPLOYMENT_MONTHS)
        checks.hold(used <= allowed, "months_used", UNEMPLOYMENT_MONTHS)
    return UnemploymentBenefit(
        **shared,
        kind=kind,
        months_allowed=allowed,
        months_used=used,
        months_reserved=checks.optional("months_reserved", entry.months_reserved, count) or 0,
        job_search_notices=checks.optional("job_search_notices", entry.job_search_notices, count) or 0,
    )
