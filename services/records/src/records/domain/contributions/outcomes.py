"""What a feeder is told about each of its rows, read off what the command led to."""

from collections.abc import Sequence

from ansinh_kit.events import DomainEvent

from records.domain.contributions.book import Book, RowOutcome
from records.domain.contributions.commands import RecordPeriods
from records.domain.contributions.events import PeriodCorrected, PeriodRecorded
from records.domain.contributions.state import Contributions


def outcomes_of(command: RecordPeriods, events: Sequence[DomainEvent], before: Contributions) -> tuple[RowOutcome, ...]:
    """Return what became of each row of `command`, in its order.

    Args:
        events: What the command recorded.
        before: The contributions it was decided on.
    """
    if len(events) == len(command.rows):
        # A row makes one event or none, so here each has made its own.
        return tuple(map(_taken_in, events))
    return tuple(Book(command.participant_id, before).take_all(command.rows))


def _taken_in(event: DomainEvent) -> RowOutcome:
    match event:
        case PeriodRecorded():
            return RowOutcome("recorded", event.period_id)
        case PeriodCorrected():
            return RowOutcome("corrected", event.period_id)
        case _:
            raise AssertionError(f"rows do not make a {event.event_type}")
