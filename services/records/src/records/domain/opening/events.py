"""What can have happened to an opening. The reason was written about the participant: it is the participant's data."""

from datetime import datetime
from typing import ClassVar

from ansinh_kit.events import DomainEvent, PersonalText

from records.domain.parts import Part, Scope


class OpeningEvent(DomainEvent):
    """Base of the events of an opening: whose record, and who of which office in which role."""

    subject_field: ClassVar[str | None] = "participant_id"

    opening_id: str
    participant_id: str
    officer_id: str
    agency_code: str
    role: str
    occurred_at: datetime


class RecordOpened(OpeningEvent):
    """A member of staff said why the record has to be read; until `closes_at` this officer may read under it."""

    event_type: ClassVar[str] = "record_opened"

    scope: Scope
    reason: PersonalText
    closes_at: datetime


class RecordReadByStaff(OpeningEvent):
    """A part of the record was shown to the officer who opened it: recorded before it was shown (PII-10)."""

    event_type: ClassVar[str] = "record_read_by_staff"

    part: Part


OPENING_EVENTS = (RecordOpened, RecordReadByStaff)
