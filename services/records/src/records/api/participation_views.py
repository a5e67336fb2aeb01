"""Rows and counts as the answers show them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from records.api import participation_models as models
from records.domain.amounts import vietnamese
from records.domain.contributions.period import Allowances, Period
from records.domain.counting.count import Count
from records.domain.counting.duration import show
from records.domain.counting.explanation import LeftOut, Line
from records.domain.counting.rules import RULES, RuleId
from records.domain.counting.span import Span
from records.domain.counting.unemployment import UnusedMonths, ui_months
from records.domain.counting.unpaid import COEFFICIENT_MAX, UnpaidPeriod
from records.domain.kind import KIND_LABELS, Kind
from records.domain.language import Text
from records.handlers.participation import KindRead, PeriodRead
from records.projections.history import Version, written
from records.projections.participation import StandingPeriod, read_period

Names = Mapping[str, str | None]
"""Employer names by code, as the newest row has them."""

_LABELS: Final[Mapping[Kind, models.Words]] = {
    kind: models.Words(vi=label.vi, en=label.en) for kind, label in KIND_LABELS.items()
}
_RULE_WORDS: Final[Mapping[RuleId, models.RuleWords]] = {
    rule.id: models.RuleWords(
        text=models.Words(vi=rule.text.vi, en=rule.text.en), source=models.Words(vi=rule.source.vi, en=rule.source.en)
    )
    for rule in RULES.values()
}


def as_of_text(as_of: datetime | None) -> str | None:
    return None if as_of is None else written(as_of)


def kind_words(kind: Kind) -> models.Words:
    return _LABELS[kind]


def duration(months: int) -> models.Duration:
    return models.Duration(months=months, text=_words(show(months)))


def months(span: Span) -> models.Months:
    return models.Months(
        from_month=span.first.iso,
        to_month=span.last.iso,
        from_label=span.first.label,
        to_label=span.last.label,
        months=span.months,
    )


def kind_total(read: KindRead) -> models.KindTotal:
    label = KIND_LABELS[read.kind]
    nothing = models.Words(vi=f"Chưa có quá trình tham gia {label.vi}.", en=f"{label.en}: no periods on record yet.")
    return models.KindTotal(
        kind=read.kind,
        label=kind_words(read.kind),
        total=duration(read.count.total),
        unpaid=duration(read.count.unpaid_months),
        reserved=duration(read.count.reserved_months),
        periods=len(read.periods),
        message=None if read.periods else nothing,
    )


def period_rows(read: KindRead) -> list[models.PeriodRow]:
    errors = {error.period_id: error.rule for error in read.count.row_errors}
    return [_row(one, errors.get(one.period_id)) for one in read.periods]


def _row(one: StandingPeriod, error: RuleId | None) -> models.PeriodRow:
    period, detail = one.period, one.period.detail
    return models.PeriodRow(
        period_id=one.period_id,
        from_month=period.from_month.iso,
        to_month=period.to_month.iso,
        from_label=period.from_month.label,
        to_label=period.to_month.label,
        employer_code=period.employer_code,
        employer_name=detail.employer_name if detail else None,
        occupation=detail.occupation if detail else None,
        position=detail.position if detail else None,
        status=period.status,
        since=one.since,
        event_id=one.event_id,
        error=error,
    )


def employer_names(periods: Iterable[StandingPeriod]) -> Names:
    """Return the name of each employer as its newest row has it; `periods` come newest first."""
    found: dict[str, str | None] = {}
    for one in periods:
        found.setdefault(one.period.employer_code, one.period.detail.employer_name if one.period.detail else None)
    return found


def explanation(count: Count, names: Names) -> models.Explanation:
    """Return how the total comes about, with the words of every rule it names."""
    lines, left_out, overlaps = count.lines, count.left_out, count.overlaps
    entries: list[Line | LeftOut] = [*lines, *left_out]
    named = dict.fromkeys([*(entry.rule for entry in entries), *(error.rule for error in count.row_errors)])
    if count.kind == "unemployment":
        named["used_for_benefit"] = None
    return models.Explanation(
        lines=[models.ExplanationLine.model_validate(_entry(line, names)) for line in lines],
        left_out=[models.LeftOutLine.model_validate(_entry(entry, names)) for entry in left_out],
        overlaps=[
            models.OverlapEntry(
                span=months(overlap.span),
                employer_codes=list(overlap.employer_codes),
                counted_for=overlap.counted_for,
            )
            for overlap in overlaps
        ],
        rules={rule: _RULE_WORDS[rule] for rule in named},
    )


def _entry(entry: Line | LeftOut, names: Names) -> dict[str, object]:
    return {
        "rule": entry.rule,
        "months": entry.months,
        "employer_code": entry.employer_code,
        "employer_name": None if entry.employer_code is None else names.get(entry.employer_code),
        "spans": [months(span) for span in entry.spans],
    }


def unused_time(unused: UnusedMonths) -> models.UnusedTime:
    uses = [
        models.BenefitUse(
            from_month=use.benefit.first_month.iso,
            from_label=use.benefit.first_month.label,
            months_received=use.benefit.months_received,
            used=use.used,
        )
        for use in unused.uses
    ]
    return models.UnusedTime(
        paid=duration(unused.paid),
        uses=uses,
        unused=duration(unused.unused),
        entitlement_months=ui_months(unused.unused),
        rule="used_for_benefit",
    )


def period_answer(kind: Kind, read: PeriodRead, as_of: datetime | None) -> models.PeriodAnswer:
    return models.PeriodAnswer(
        as_of=as_of_text(as_of),
        period_id=read.standing.period_id,
        kind=kind,
        since=read.standing.since,
        event_id=read.standing.event_id,
        content=period_content(read.standing.period),
        versions=[_version(kind, version) for version in reversed(read.versions)],
    )


def _version(kind: Kind, version: Version) -> models.PeriodVersion:
    value = version["value"]
    return models.PeriodVersion(
        since=version["since"],
        event_id=version["event_id"],
        content=None if value is None else period_content(read_period(kind, value)),
    )


def period_content(period: Period) -> models.PeriodContent:
    """Return everything a period says."""
    span, detail = months(Span(period.from_month, period.to_month)), period.detail
    open_part = {**span.model_dump(exclude={"months"}), "status": period.status, "employer_code": period.employer_code}
    if detail is None:
        return models.PeriodContent.model_validate(open_part)
    return models.PeriodContent.model_validate(
        detail.model_dump(exclude={"value", "allowances"})
        | open_part
        | {
            "value": str(detail.value),
            "value_text": vietnamese(detail.value),
            "value_is": "coefficient" if detail.value <= COEFFICIENT_MAX else "money",
            "allowances": _allowances(detail.allowances),
        }
    )


def _allowances(allowances: Allowances) -> models.AllowanceAmounts:
    amounts = allowances.model_dump(exclude_none=True)
    return models.AllowanceAmounts(**{name: str(amount) for name, amount in amounts.items()})


def unpaid_kind(read: KindRead) -> models.UnpaidKind:
    label, names = KIND_LABELS[read.kind], employer_names(read.periods)
    nothing = models.Words(vi=f"Không có tháng {label.vi} nào chưa đóng.", en=f"{label.en}: no unpaid months.")
    owed: Sequence[UnpaidPeriod] = read.count.unpaid
    return models.UnpaidKind(
        kind=read.kind,
        label=kind_words(read.kind),
        total=duration(read.count.unpaid_months),
        periods=[_unpaid(period, names) for period in owed],
        message=None if owed else nothing,
    )


def _unpaid(period: UnpaidPeriod, names: Names) -> models.UnpaidEntry:
    amount: Decimal | None = period.amount
    return models.UnpaidEntry(
        employer_code=period.employer_code,
        employer_name=names.get(period.employer_code),
        span=months(period.span),
        amount=None if amount is None else str(amount),
        amount_text=None if amount is None else vietnamese(amount),
        currency=period.currency,
        period_ids=list(period.period_ids),
    )


def _words(text: Text) -> models.Words:
    return models.Words(vi=text.vi, en=text.en)
