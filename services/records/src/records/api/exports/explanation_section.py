"""How a total comes about, on a sheet: what is added to it, taken from it, and left out, by which rule."""

from collections.abc import Sequence
from typing import Final

from records.api import participation_models as models
from records.api.participation_views import employer_names, explanation
from records.domain.exports.sheet import Cell, Column, Section, joined
from records.domain.exports.what import participation_of
from records.domain.language import Text
from records.handlers.participation import KindRead

_COLUMNS: Final = (
    Column("months", Text("Số tháng", "Months"), 2, "right"),
    Column("counted", Text("Tính vào tổng", "Part of the total"), 3),
    Column("rule", Text("Quy định", "Rule"), 8),
    Column("employer", Text("Đơn vị", "Employer"), 5),
    Column("spans", Text("Thời gian", "Time"), 5),
)
_COUNTED: Final = Cell(exact=True, text=Text("Có", "Yes"))
_LEFT_OUT: Final = Cell(exact=False, text=Text("Không", "No"))


def explanation_section(read: KindRead) -> Section:
    """Return the explanation of the total; the months that are part of it add up to it."""
    told = explanation(read.count, employer_names(read.periods))
    added = [_row(line, _COUNTED, told) for line in told.lines]
    apart = [_row(line, _LEFT_OUT, told) for line in told.left_out]
    return Section(
        key=f"{participation_of(read.kind)}-explanation",
        title=Text("Cách tính tổng thời gian tham gia", "How the total comes about"),
        columns=_COLUMNS,
        rows=(*added, *apart),
    )


def _row(
    line: models.ExplanationLine | models.LeftOutLine, counted: Cell, told: models.Explanation
) -> tuple[Cell, ...]:
    rule = told.rules[line.rule].text
    return (
        # A minus sign, not a hyphen: a spreadsheet would calculate with that.
        Cell(line.months, str(line.months).replace("-", "\u2212")),
        counted,
        Cell(line.rule, Text(rule.vi, rule.en)),
        joined((line.employer_name, line.employer_code)),
        _spans(line.spans),
    )


def _spans(spans: Sequence[models.Months]) -> Cell:
    return Cell(
        "; ".join(f"{span.from_month}/{span.to_month}" for span in spans),
        "; ".join(f"{span.from_label} \u2013 {span.to_label}" for span in spans),
    )
