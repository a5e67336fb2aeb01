"""What can have happened to a dispute. What people wrote is the participant's data."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from ansinh_kit.events import DomainEvent, OptionalPersonalText, Personal, PersonalText
from pydantic import BaseModel, ConfigDict

from records.domain.dispute.matter import Outcome, Subject
from records.domain.language import Language


class Contact(BaseModel):
    """Whom to tell. `phone` is E.164 (+84…)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    full_name: str
    phone: str
    email: str | None = None


class DisputeEventBase(DomainEvent):
    subject_field: ClassVar[str | None] = "participant_id"

    dispute_id: str
    participant_id: str
    occurred_at: datetime


class ToldDisputeEvent(DisputeEventBase):
    """Base of what the person is told about; without a contact on file there is nobody to tell."""

    number: str
    language: Language
    contact: Annotated[Contact | None, Personal()] = None


class DisputeOpened(ToldDisputeEvent):
    """The person, or the guardian, reported what is wrong. The agency owes an answer by `due_at`."""

    event_type: ClassVar[str] = "dispute_opened"

    subject: Subject
    reference: str | None
    agency_code: str
    opened_by: Literal["participant", "guardian"]
    words: PersonalText
    due_at: datetime


class DisputeAssigned(DisputeEventBase):
    """An officer took the dispute into the own charge."""

    event_type: ClassVar[str] = "dispute_assigned"

    officer_id: str
    agency_code: str


class DisputeAnswered(ToldDisputeEvent):
    """The officer in charge wrote to the person; the dispute stays open."""

    event_type: ClassVar[str] = "dispute_answered"

    officer_id: str
    answer: OptionalPersonalText = None


class DisputeEscalated(DisputeEventBase):
    """The answer is overdue: the provincial office may take the dispute over."""

    event_type: ClassVar[str] = "dispute_escalated"

    due_at: datetime
    escalated_to: str


class DisputeSettled(ToldDisputeEvent):
    """The dispute is over. `officer_id` and `answer` are empty where the person withdrew it."""

    event_type: ClassVar[str] = "dispute_settled"

    outcome: Outcome
    officer_id: str | None
    answer: OptionalPersonalText = None


DISPUTE_EVENTS = (DisputeOpened, DisputeAssigned, DisputeAnswered, DisputeEscalated, DisputeSettled)
DisputeEvent = DisputeOpened | DisputeAssigned | DisputeAnswered | DisputeEscalated | DisputeSettled
