"""A benefit as a feeder writes it."""

from typing import Final

from records.domain.benefits.kinds import Tab
from records.domain.feeding.entry import RowEntry
from records.domain.feeding.values import Cell

_SHARED: Final = frozenset(
    ("kind", "decision_number", "decided_on", "agency_code", "from_date", "to_date", "amount", "payee", "corrects")
)
_OF_TAB: Final[dict[Tab, frozenset[str]]] = {
    "one-off": frozenset(("months_before_2014", "months_since_2014", "average_wage")),
    "short-term": frozenset(("days", "base_pay", "rate_percent", "batch")),
    "monthly": frozenset(("method", "pay_place")),
    "unemployment": frozenset(("months_allowed", "months_used", "months_reserved", "job_search_notices")),
}


class BenefitEntry(RowEntry):
    """One row as it was sent; an empty cell stands for nothing. `kind` decides which of the last cells it may have."""

    kind: Cell = ""
    decision_number: Cell = ""
    decided_on: Cell = ""
    agency_code: Cell = ""
    from_date: Cell = ""
    to_date: Cell = ""
    amount: Cell = ""
    payee: Cell = ""
    months_before_2014: Cell = ""
    months_since_2014: Cell = ""
    average_wage: Cell = ""
    days: Cell = ""
    base_pay: Cell = ""
    rate_percent: Cell = ""
    batch: Cell = ""
    method: Cell = ""
    pay_place: Cell = ""
    months_allowed: Cell = ""
    months_used: Cell = ""
    months_reserved: Cell = ""
    job_search_notices: Cell = ""

    def cells_of_other_tabs(self, tab: Tab) -> list[str]:
        """Return the names of the cells that are filled in and mean nothing for a benefit of this tab."""
        return [name for name, raw in self if raw.strip() and name not in _SHARED | _OF_TAB[tab]]
