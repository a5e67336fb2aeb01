"""A participation list on a sheet: the rows, details and totals that the reading routes answer."""

from collections.abc import Mapping
from typing import Final

from records.api import participation_models as models
from records.api.participation_views import kind_total, period_content, period_rows
from records.domain.counting.rows import Status
from records.domain.exports.sheet import Cell, Column, Fact, Section, joined, plain
from records.domain.exports.what import TITLES, participation_of
from records.domain.language import Text
from records.handlers.participation import KindRead

# S-31 and S-34, and beside them whether the time was paid for: the total above counts the paid time alone.
_COLUMNS: Final = (
    Column("from_month", Text("Từ tháng", "From month"), 2),
    Column("to_month", Text("Đến tháng", "To month"), 2),
    Column("employer", Text("Đơn vị", "Employer"), 6),
    Column("occupation", Text("Nghề nghiệp, Chức vụ", "Occupation, position"), 5),
    Column("workplace", Text("Nơi làm việc", "Place of work"), 4),
    Column("value", Text("Hệ số lương", "Coefficient or salary"), 3, "right"),
    Column("currency", Text("Loại tiền", "Currency"), 2),
    Column("status", Text("Tình trạng", "Status"), 2),
)
_STATUS: Final[Mapping[Status, Text]] = {
    "paid": Text("Đã đóng", "Paid"),
    "unpaid": Text("Chưa đóng", "Unpaid"),
    "reserved": Text("Bảo lưu", "Reserved"),
}


def participation_section(read: KindRead) -> Section:
    """Return the list of one kind, newest period first, under its total."""
    summary = kind_total(read)
    contents = (period_content(one.period) for one in read.periods)
    return Section(
        key=participation_of(read.kind),
        title=TITLES[participation_of(read.kind)],
        facts=(
            _months("total_months", Text("Tổng thời gian tham gia", "Total participation"), summary.total),
            _months("unpaid_months", _STATUS["unpaid"], summary.unpaid),
            _months("reserved_months", _STATUS["reserved"], summary.reserved),
        ),
        columns=_COLUMNS,
        rows=tuple(_row(row, content) for row, content in zip(period_rows(read), contents, strict=True)),
        nothing_yet=None if summary.message is None else Text(summary.message.vi, summary.message.en),
    )


def _row(row: models.PeriodRow, content: models.PeriodContent) -> tuple[Cell, ...]:
    return (
        Cell(row.from_month, row.from_label),
        Cell(row.to_month, row.to_label),
        joined((row.employer_name, row.employer_code)),
        joined((row.occupation, row.position)),
        plain(content.workplace),
        Cell(content.value, content.value_text or ""),
        # A coefficient is no sum of money, in whatever currency its row came.
        plain(content.currency if content.value_is == "money" else None),
        Cell(row.status, _STATUS[row.status]),
    )


def _months(key: str, label: Text, duration: models.Duration) -> Fact:
    return Fact(key, label, Cell(duration.months, Text(duration.text.vi, duration.text.en)))
