"""Rows that are fed in again and again: what each means beside the periods that stand.

An identical row changes nothing. A row that shares months with a standing period of the same kind and employer but
says something else is refused, and names it; sent as a correction it takes that period's place. What was corrected or
withdrawn does not come back by an old file.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ansinh_kit.errors import FieldViolation

from records.domain.bulk.rules import CONTRADICTS
from records.domain.contributions.commands import FedRow
from records.domain.contributions.period import Period, period_id_of
from records.domain.contributions.rules import CORRECTED_SINCE, CORRECTS_SEVERAL, WITHDRAWN_SINCE
from records.domain.contributions.state import Contributions
from records.domain.feeding.outcome import Verdict
from records.domain.rules import Rule


class RowOutcome(NamedTuple):
    """What became of one row. `period_id` is what it stands under, `None` if it was refused.

    A refusal names its rule and the ids of the periods on record that stand against the row; or, for a row that says
    no period, which of its values break which rules.
    """

    verdict: Verdict
    period_id: str | None = None
    rule: Rule | None = None
    against: tuple[str, ...] = ()
    violations: tuple[FieldViolation, ...] = ()


class Book:
    """The standing periods of one participant while the rows of one command come in; later rows see earlier ones."""

    def __init__(self, participant_id: str, state: Contributions) -> None:
        # Periods are named after whom they were recorded for: after a merge that may be somebody else.
        self._recorded_as = (participant_id, *sorted(state.merged))
        self._periods = dict(state.periods)
        self._withdrawn = state.withdrawn
        self._earlier = {period: period_id for period_id, said in state.earlier.items() for period in said}
        self._places: dict[tuple[str, str], set[str]] = {}
        for period_id, period in state.periods.items():
            self._places.setdefault(_place(period), set()).add(period_id)

    def take_all(self, rows: Sequence[FedRow]) -> list[RowOutcome]:
        return [self.take(row) for row in rows]

    def take(self, row: FedRow) -> RowOutcome:
        """Return what becomes of the row, and let it stand if it is taken in."""
        outcome = self.judge(row)
        if outcome.period_id is not None:
            self._put(outcome.period_id, row.period)
        return outcome

    def judge(self, row: FedRow) -> RowOutcome:
        meeting = self.meeting(row.period)
        same = next((period_id for period_id, period in meeting.items() if period == row.period), None)
        if same is not None:
            return RowOutcome("unchanged", same)
        if not row.as_correction and self._earlier and row.period in self._earlier:
            return self._refused_as_old(self._earlier[row.period])
        if not meeting:
            return self._judge_alone(row)
        if not row.as_correction:
            return _refused(CONTRADICTS, *meeting)
        if len(meeting) > 1:
            return _refused(CORRECTS_SEVERAL, *meeting)
        return RowOutcome("corrected", next(iter(meeting)))

    def meeting(self, period: Period) -> Mapping[str, Period]:
        """Return the standing periods of the same kind and employer that share a month with `period`, by id."""
        there = self._places.get(_place(period))
        if not there:
            return {}
        first, last = period.from_month.number, period.to_month.number
        periods = self._periods
        met = [
            period_id
            for period_id in there
            if (other := periods[period_id]).from_month.number <= last and first <= other.to_month.number
        ]
        return {period_id: periods[period_id] for period_id in sorted(met)}

    def _judge_alone(self, row: FedRow) -> RowOutcome:
        """Judge a row whose months are free: its period may still have been corrected to others, or withdrawn."""
        ids = [period_id_of(each, row.period) for each in self._recorded_as]
        known = next((each for each in ids if each in self._periods), None)
        if row.as_correction:
            return RowOutcome("recorded", ids[0]) if known is None else RowOutcome("corrected", known)
        old = known or next((each for each in ids if each in self._withdrawn), None)
        return RowOutcome("recorded", ids[0]) if old is None else self._refused_as_old(old)

    def _refused_as_old(self, period_id: str) -> RowOutcome:
        return _refused(CORRECTED_SINCE if period_id in self._periods else WITHDRAWN_SINCE, period_id)

    def _put(self, period_id: str, period: Period) -> None:
        before = self._periods.get(period_id)
        if before is not None:
            self._places[_place(before)].discard(period_id)
            self._earlier[before] = period_id
        self._periods[period_id] = period
        self._places.setdefault(_place(period), set()).add(period_id)


def _place(period: Period) -> tuple[str, str]:
    return period.kind, period.employer_code


def _refused(rule: Rule, *against: str) -> RowOutcome:
    return RowOutcome("refused", rule=rule, against=against)
