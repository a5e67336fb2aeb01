"""What the events of benefits, cards and visits have in common: whose they are, and how a merge passes them on."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.events import DomainEvent


class RowEvent(DomainEvent):
    """Base of all events about rows of one participant."""

    subject_field: ClassVar[str | None] = "participant_id"

    participant_id: str
    occurred_at: datetime


class RowsMoved(RowEvent):
    """Base: the participant was found to be another one, `to`, who takes the rows over. Nothing follows here."""

    to: str


class RowsTakenOver(RowEvent):
    """Base: the rows of `from_participant`, a duplicate of this participant, stand here from now on.

    `also_from` are participants who had been merged into that one: rows are named after whom they were recorded for.
    """

    from_participant: str
    also_from: tuple[str, ...] = ()
