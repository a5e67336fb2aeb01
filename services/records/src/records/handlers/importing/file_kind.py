"""What each kind of row has to say of itself, so that one way into the log serves all of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from ansinh_kit.decider import Decider, Handled
from ansinh_kit.errors import DomainError
from ansinh_kit.events import DomainEvent

from records.domain.bulk.columns import Columns
from records.domain.bulk.refusals import Refusal
from records.domain.imports.counts import Verdict
from records.domain.rules import Rule
from records.handlers.importing.chunks import ReadRow
from records.handlers.importing.people import Insured

Item = TypeVar("Item")
Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event", bound=DomainEvent)


class RowOutcome(NamedTuple):
    """What became of a row; one that was refused names the rule, and the column if it is one column's."""

    verdict: Verdict
    rule: Rule | None = None
    column: str | None = None


class FileKind(Protocol[Item, Command, State, Event]):
    """A kind of row, and the aggregate of a participant that takes it in."""

    @property
    def columns(self) -> Columns: ...

    @property
    def decider(self) -> Decider[Command, State, Event]: ...

    def stream_id(self, participant_id: str) -> str: ...

    def check(self, row: ReadRow, insured: Insured, *, now: datetime) -> Item | list[Refusal]:
        """Return what the row says of this participant, or why it cannot be so."""
        ...

    def command(self, participant_id: str, items: Sequence[Item], *, at: datetime) -> Command:
        """Return the command that takes in all of these rows, each on its own."""
        ...

    def outcomes(
        self, participant_id: str, items: Sequence[Item], handled: Handled[State], *, at: datetime
    ) -> Sequence[RowOutcome]:
        """Return what became of each row of the command, in order, also when it was a repeated one."""
        ...

    def moved_to(self, refusal: DomainError) -> str | None:
        """Return the participant this one was merged into, if that is what the refusal says."""
        ...
