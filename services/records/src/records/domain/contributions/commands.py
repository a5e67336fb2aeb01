"""What can be asked of a participant's contributions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from records.domain.contributions.period import Period


class FedRow(NamedTuple):
    """A row as a feeder sends it. As a correction it may take the place of the standing row it contradicts."""

    period: Period
    as_correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPeriods:
    """Take in rows, each on its own: one that is refused does not keep the others out (`outcomes_of` tells which)."""

    participant_id: str
    rows: Sequence[FedRow]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectPeriod:
    """Let the period be `period` from now on."""

    participant_id: str
    period_id: str
    period: Period
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPeriod:
    participant_id: str
    period_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveContributions:
    """Close this stream: the participant was merged into `to`."""

    participant_id: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverContributions:
    """Take over what was said of the periods of a participant who was merged into this one.

    Of `periods`, `earlier` and `withdrawn` each is as in the state of that participant's contributions; `also_from`
    are those who had been merged into it.
    """

    participant_id: str
    from_participant: str
    periods: Mapping[str, Period]
    earlier: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    also_from: frozenset[str] = frozenset()
    at: datetime


ContributionCommand = RecordPeriods | CorrectPeriod | WithdrawPeriod | MoveContributions | TakeOverContributions
