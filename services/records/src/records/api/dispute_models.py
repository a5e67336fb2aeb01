"""What goes in and out about disputes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from records.domain.dispute.matter import Nature, Step, Subject
from records.domain.free_text import WORDS_MAX_CHARACTERS
from records.domain.language import Language

_Words = Annotated[str, Field(max_length=4 * WORDS_MAX_CHARACTERS)]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DisputeBody(_Body):
    """`reference` is the id of what is wrong, or the field of the identity; leave it out if something is missing."""

    subject: Subject
    reference: Annotated[str | None, Field(pattern=r"^[0-9a-z_-]{1,64}$")] = None
    words: _Words
    language: Language = "vi"


class AnswerBody(_Body):
    answer: _Words


class SettlementBody(_Body):
    outcome: Literal["corrected", "stands"]
    answer: _Words


class DisputeEntry(_Answer):
    """A dispute without what was written. `state` is the last step; `nature` is `fraud` for disputed visits."""

    dispute_id: str
    number: str
    subject: Subject
    reference: str | None
    nature: Nature
    agency_code: str
    state: Step
    opened_at: datetime
    due_at: datetime


class DisputeList(_Answer):
    """Newest first."""

    disputes: list[DisputeEntry]


class TimeLineStep(_Answer):
    """A step that was taken; `answer` is what the agency wrote with it."""

    step: Step
    at: datetime
    event_id: str
    answer: str | None


class DisputeDetail(DisputeEntry):
    opened_by: Literal["participant", "guardian"]
    words: str
    time_line: list[TimeLineStep]


class QueueEntry(DisputeEntry):
    """A dispute the agency has to answer. `version` is what a command names in `If-Match`."""

    participant_id: str
    officer_id: str | None
    escalated_to: str | None
    version: int


class DisputeQueue(_Answer):
    """First due first."""

    disputes: list[QueueEntry]
    total: int


class DisputeState(_Answer):
    dispute_id: str
    number: str
    state: Step
    due_at: datetime
