"""What a feeder is told about each of its rows, read off what the command led to."""

from collections.abc import Sequence
from typing import cast

from ansinh_kit.events import DomainEvent

from records.domain.contributions.book import Book, RowOutcome
from records.domain.contributions.commands import RecordPeriods
from records.domain.contributions.state import Contributions, Event, before


def outcomes_of(command: RecordPeriods, events: Sequence[DomainEvent], after: Contributions) -> tuple[RowOutcome, ...]:
    """Return what became of each row of `command`, in its order.

    Args:
        events: What the command recorded.
        after: The contributions right after it.
    """
    stood = before(cast("Sequence[Event]", events), after)
    return tuple(Book(command.participant_id, stood).take_all(command.rows))
