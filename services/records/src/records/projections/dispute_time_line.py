"""A dispute as its person sees it, folded from its stream when asked: always current, nothing stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ansinh_kit.events import RecordedEvent

from records.domain.dispute import events as happened
from records.domain.dispute.matter import Step


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step, when it was recorded and by which event; `answer` is what the agency wrote with it."""

    step: Step
    at: datetime
    event_id: str
    answer: str | None = None


def time_line(history: Sequence[RecordedEvent], as_of: datetime | None) -> list[TakenStep]:
    """Return the steps recorded by `as_of`, oldest first; all of them if that is `None`."""
    recorded = [event for event in history if as_of is None or event.recorded_at <= as_of]
    return [step for event in recorded if (step := _step(event)) is not None]


def _step(recorded: RecordedEvent) -> TakenStep | None:
    at, event_id = recorded.recorded_at, recorded.event_id
    match recorded.event:
        case happened.DisputeOpened():
            return TakenStep("opened", at, event_id)
        case happened.DisputeAssigned():
            return TakenStep("assigned", at, event_id)
        case happened.DisputeAnswered() as answered:
            return TakenStep("answered", at, event_id, answered.answer)
        case happened.DisputeEscalated():
            return TakenStep("escalated", at, event_id)
        case happened.DisputeSettled() as settled:
            return TakenStep(settled.outcome, at, event_id, settled.answer)
        case _:
            return None
