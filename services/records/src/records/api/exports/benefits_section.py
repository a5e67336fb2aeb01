"""A tab of benefits on a sheet: the lines of the list, and below them each payment that their sums add up."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from records.api.benefit_models import BenefitState
from records.api.benefit_routes import benefit_line, payment_lines
from records.api.exports.cells import day, money, month, number
from records.domain.benefits.benefit import PayMethod
from records.domain.benefits.kinds import KIND_LABELS, NOTHING_YET, Tab
from records.domain.exports.sheet import Cell, Column, Section, plain
from records.domain.exports.what import TITLES, benefits_of
from records.domain.language import Text
from records.projections.benefits import BenefitSeen

_DECISION: Final = Column("decision_number", Text("Số quyết định", "Decision"), 4)
_COLUMNS: Final = (
    Column("kind", Text("Loại trợ cấp", "Benefit"), 5),
    _DECISION,
    Column("decided_on", Text("Ngày quyết định", "Decided on"), 3),
    Column("from_date", Text("Từ ngày", "From"), 3),
    Column("to_date", Text("Đến ngày", "To"), 3),
    Column("amount", Text("Mức hưởng (VND)", "Amount (VND)"), 3, "right"),
    Column("paid_total", Text("Đã chi trả (VND)", "Paid so far (VND)"), 3, "right"),
    Column("state", Text("Tình trạng", "Status"), 3),
)
# What only the benefits of one tab say: whole numbers, under their own names.
_COUNTS: Final[Mapping[Tab, tuple[Column, ...]]] = {
    "one-off": (
        Column("months_before_2014", Text("Số tháng trước 2014", "Months before 2014"), 3, "right"),
        Column("months_since_2014", Text("Số tháng từ 2014", "Months since 2014"), 3, "right"),
    ),
    "short-term": (Column("days", Text("Số ngày", "Days"), 2, "right"),),
    "monthly": (),
    "unemployment": (
        Column("months_allowed", Text("Số tháng được hưởng", "Months allowed"), 3, "right"),
        Column("months_used", Text("Số tháng đã hưởng", "Months received"), 3, "right"),
        Column("months_reserved", Text("Số tháng bảo lưu", "Months reserved"), 3, "right"),
    ),
}
_PAYMENT_COLUMNS: Final = (
    _DECISION,
    Column("paid_on", Text("Ngày chi trả", "Paid on"), 3),
    Column("for_month", Text("Cho tháng", "For month"), 3),
    Column("amount", Text("Số tiền (VND)", "Amount (VND)"), 4, "right"),
    Column("method", Text("Hình thức nhận", "Received"), 4),
)
_STATES: Final[Mapping[BenefitState, Text]] = {
    "granted": Text("Đã có quyết định", "Granted"),
    "paid": Text("Đã chi trả", "Paid"),
    "stopped": Text("Đã dừng hưởng", "Stopped"),
}
_METHODS: Final[Mapping[PayMethod, Text]] = {
    "cash": Text("Tiền mặt", "Cash"),
    "account": Text("Tài khoản cá nhân", "Bank account"),
}


def benefits_section(tab: Tab, seen: Sequence[BenefitSeen], on: date) -> Section:
    """Return the list of a tab, newest first, with the states of `on`."""
    counts = _COUNTS[tab]
    return Section(
        key=benefits_of(tab),
        title=TITLES[benefits_of(tab)],
        columns=(*_COLUMNS, *counts),
        rows=tuple(_row(each, counts, on) for each in seen),
        nothing_yet=None if seen else NOTHING_YET[tab],
    )


def payments_section(tab: Tab, seen: Sequence[BenefitSeen]) -> Section:
    """Return every payment of the tab's benefits, in the order of the list, each newest first."""
    rows = tuple(row for each in seen for row in _payments(each))
    return Section(
        key=f"{benefits_of(tab)}-payments",
        title=Text("Các lần chi trả", "Payments"),
        columns=_PAYMENT_COLUMNS,
        rows=rows,
        nothing_yet=None if rows else Text("Chưa có lần chi trả nào.", "Nothing has been paid yet."),
    )


def _row(seen: BenefitSeen, counts: tuple[Column, ...], on: date) -> tuple[Cell, ...]:
    line, granted = benefit_line(seen, on), seen.held.benefit
    return (
        Cell(line.kind, KIND_LABELS[line.kind]),
        plain(line.decision_number),
        day(line.decided_on),
        day(line.from_date),
        day(line.to_date),
        money(line.amount),
        money(line.paid_total),
        Cell(line.state, _STATES[line.state]),
        *(number(getattr(granted, column.key)) for column in counts),
    )


def _payments(seen: BenefitSeen) -> list[tuple[Cell, ...]]:
    return [
        (
            plain(seen.held.benefit.decision_number),
            day(paid.paid_on),
            month(paid.for_month),
            money(paid.amount),
            Cell(paid.method, _METHODS[paid.method]),
        )
        for paid in payment_lines(seen)
    ]
