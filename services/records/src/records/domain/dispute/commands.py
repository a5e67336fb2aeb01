"""What can be asked of a dispute. Number, due date and contact come from outside and are in here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from records.domain.dispute.events import Contact
from records.domain.dispute.matter import Matter
from records.domain.language import Language
from records.domain.offices import Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDispute:
    dispute_id: str
    participant_id: str
    number: str
    matter: Matter
    words: str
    agency_code: str
    opened_by: Literal["participant", "guardian"]
    language: Language
    contact: Contact | None
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignDispute:
    """Take the dispute into the officer's own charge."""

    officer: Officer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDispute:
    """Write to the person; the dispute stays open."""

    officer: Officer
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDispute:
    """End the dispute, with the answer in words that the person is owed."""

    officer: Officer
    outcome: Literal["corrected", "stands"]
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDispute:
    """Take the dispute back: the person's own wish."""

    participant_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateDispute:
    """Pass the dispute to the provincial office if the answer is overdue at `at`."""

    at: datetime


OfficerCommand = AssignDispute | AnswerDispute | SettleDispute
DisputeCommand = OpenDispute | OfficerCommand | WithdrawDispute | EscalateDispute
