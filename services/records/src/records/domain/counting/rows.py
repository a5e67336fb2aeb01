"""What counting needs to know of a period, and nothing else."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from records.domain.counting.rules import RuleId
from records.domain.month import Month

Status = Literal["paid", "unpaid", "reserved"]
Currency = Literal["VND", "USD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One period of one kind at one employer; both months are included.

    `value` is the contribution value as recorded: up to 100 a coefficient, above it money.
    """

    period_id: str
    employer_code: str
    from_month: Month | None
    to_month: Month | None
    status: Status = "paid"
    movement_code: str | None = None
    value: Decimal | None = None
    currency: Currency = "VND"


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be counted, and why."""

    period_id: str
    rule: RuleId


def row_error(row: Row) -> RowError | None:
    """Return what keeps the row from being counted; `None` if nothing does."""
    if row.from_month is None or row.to_month is None:
        return RowError(row.period_id, "month_missing")
    if row.from_month > row.to_month:
        return RowError(row.period_id, "months_reversed")
    return None
