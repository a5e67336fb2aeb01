"""What a notice said, for ever: the record may be corrected since, and was not when the notice went out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from ansinh_kit.events import DomainEvent, Personal
from pydantic import BaseModel, ConfigDict

from records.domain.counting.rows import Currency
from records.domain.dispute.events import Contact
from records.domain.kind import Kind
from records.domain.language import Language
from records.domain.month import Month


class NoticeLine(BaseModel):
    """Months without a break, both ends included, that one employer owes for one kind of insurance.

    `amount` and `currency` are those of `UnpaidPeriod`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    employer_code: str
    employer_name: str | None
    from_month: Month
    to_month: Month
    amount: Decimal | None
    currency: Currency | None


class UnpaidNoticeIssued(DomainEvent):
    """The participant was told what employers owed on `judged_on`; there is one notice a month.

    Without a contact on record it is told in the app only.
    """

    event_type: ClassVar[str] = "unpaid_notice_issued"
    subject_field: ClassVar[str | None] = "participant_id"

    participant_id: str
    month: Month
    judged_on: date
    occurred_at: datetime
    language: Language
    lines: Annotated[tuple[NoticeLine, ...] | None, Personal()] = None
    contact: Annotated[Contact | None, Personal()] = None


NOTICE_EVENTS = (UnpaidNoticeIssued,)
