"""What a feeder is told about each of its rows, read off what the command led to."""

from collections import deque
from collections.abc import Sequence

from ansinh_kit.events import DomainEvent

from records.domain.bulk.rules import CONTRADICTS
from records.domain.contributions.book import Book, RowOutcome
from records.domain.contributions.commands import FedRow, RecordPeriods
from records.domain.contributions.events import PeriodCorrected, PeriodRecorded
from records.domain.contributions.state import Contributions


def outcomes_of(command: RecordPeriods, events: Sequence[DomainEvent], state: Contributions) -> tuple[RowOutcome, ...]:
    """Return what became of each row of `command`, in its order.

    A decision gives one event for each row it takes in, in the order of the rows; the rest meets with the same again.
    So the answer to a repeated command can be told from its first outcome.

    Args:
        events: What the command recorded, the first time it came.
        state: The contributions after it.
    """
    recorded, book = deque(events), Book(command.participant_id, state)
    return tuple(_outcome(row, recorded, book) for row in command.rows)


def _outcome(row: FedRow, recorded: deque[DomainEvent], book: Book) -> RowOutcome:
    match recorded[0] if recorded else None:
        case PeriodRecorded() as event if event.period == row.period:
            recorded.popleft()
            return RowOutcome("recorded", event.period_id)
        case PeriodCorrected() as event if event.period == row.period and row.as_correction:
            recorded.popleft()
            return RowOutcome("corrected", event.period_id)
    outcome = book.judge(row)
    if outcome.verdict in ("recorded", "corrected"):
        # It stood against a period that a later row of the same command corrected: free now, and refused then.
        return RowOutcome("refused", rule=CONTRADICTS)
    return outcome
