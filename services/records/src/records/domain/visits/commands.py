"""What can be asked of a participant's visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records.domain.feeding.ledger import Row
from records.domain.visits.events import KeptVisit
from records.domain.visits.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordVisits:
    """Take in the rows of a feeder, each on its own: one that is refused keeps no other out."""

    participant_id: str
    rows: Sequence[Row[Visit]]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawVisit:
    participant_id: str
    visit_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveVisits:
    """Close these visits: the participant was merged into `to`."""

    participant_id: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverVisits:
    """Let the visits of a merged duplicate stand here, too."""

    participant_id: str
    from_participant: str
    visits: Sequence[KeptVisit]
    at: datetime


VisitCommand = RecordVisits | WithdrawVisit | MoveVisits | TakeOverVisits
