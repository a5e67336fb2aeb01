"""What decisions need to know of a dispute's past."""

from dataclasses import dataclass, replace
from typing import TypedDict, assert_never

from records.domain.dispute import events as happened
from records.domain.dispute.errors import DisputeSettledError
from records.domain.dispute.events import Contact, DisputeEvent, DisputeOpened
from records.domain.dispute.matter import Outcome, Step
from records.domain.language import Language


@dataclass(frozen=True, slots=True)
class Dispute:
    """What was opened, who is in charge, whether it was escalated, how it ended; `None` for what has not been."""

    opened: DisputeOpened | None = None
    officer_id: str | None = None
    escalated_to: str | None = None
    outcome: Outcome | None = None
    last_step: Step = "opened"

    def refuse_if_settled(self) -> None:
        """Raise `DisputeSettledError` if the dispute is over."""
        if self.outcome is not None:
            raise DisputeSettledError(self.outcome)


def evolve(state: Dispute, event: DisputeEvent) -> Dispute:
    match event:
        case happened.DisputeOpened():
            return Dispute(opened=event)
        case happened.DisputeAssigned():
            return replace(state, officer_id=event.officer_id, last_step="assigned")
        case happened.DisputeAnswered():
            return replace(state, last_step="answered")
        case happened.DisputeEscalated():
            return replace(state, escalated_to=event.escalated_to, last_step="escalated")
        case happened.DisputeSettled():
            return replace(state, outcome=event.outcome, last_step=event.outcome)
        case _:
            assert_never(event)


class Told(TypedDict):
    """What every event repeats that the person is told about: it is published without its past."""

    dispute_id: str
    participant_id: str
    number: str
    language: Language
    contact: Contact | None


def told(opened: DisputeOpened) -> Told:
    return {
        "dispute_id": opened.dispute_id,
        "participant_id": opened.participant_id,
        "number": opened.number,
        "language": opened.language,
        "contact": opened.contact,
    }
