"""What can be asked of a participant's visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records.domain.feeding.ledger import Row
from records.domain.visits.events import FormerVisit, KeptVisit
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
    """Let the visits of a merged duplicate stand here, too; what stood there no more is known by `former`.

    `also_from` are the participants who had been merged into the duplicate.
    """

    participant_id: str
    from_participant: str
    visits: Sequence[KeptVisit]
    former: Sequence[FormerVisit] = ()
    also_from: frozenset[str] = frozenset()
    at: datetime


VisitCommand = RecordVisits | WithdrawVisit | MoveVisits | TakeOverVisits
