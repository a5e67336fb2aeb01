"""What the records service tells the others about insurance records: ids, and sealed how to reach the person."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal

from ansinh_kit.integration_event import IntegrationEvent, SealedFor
from pydantic import BaseModel, ConfigDict

from ansinh_contracts.language import Language


class _ParticipantEvent(IntegrationEvent):
    participant_id: str
    occurred_at: datetime


class ParticipantRegisteredV1(_ParticipantEvent):
    """A person's insurance record was begun; `agency_code` manages it."""

    name: ClassVar[str] = "records.participant_registered"

    agency_code: str


class AccountLinkedV1(_ParticipantEvent):
    """The holder of an account, known to auth as `person_id`, may read this record."""

    name: ClassVar[str] = "records.account_linked"

    person_id: str


class AccountUnlinkedV1(_ParticipantEvent):
    """The holder of the account may no longer read this record."""

    name: ClassVar[str] = "records.account_unlinked"

    person_id: str


class ParticipantMergedV1(_ParticipantEvent):
    """The record was a second one of the same person; everything it held goes on under `into`."""

    name: ClassVar[str] = "records.participant_merged"

    into: str


class ForgottenAccount(BaseModel):
    """An account of the person, by auth's id of its holder, and the declaration it came from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    person_id: str
    declaration_id: str


class PersonForgottenV1(_ParticipantEvent):
    """The person is to be forgotten by everyone: whoever holds data under one of these ids destroys its keys.

    `duplicates` are further participant ids of the same person.
    """

    name: ClassVar[str] = "records.person_forgotten"

    accounts: tuple[ForgottenAccount, ...]
    duplicates: tuple[str, ...]


class DisputeContact(BaseModel):
    """Whom to tell. `phone` is E.164 (+84…)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    full_name: str
    phone: str
    email: str | None = None


class _DisputeEvent(_ParticipantEvent):
    dispute_id: str
    dispute_number: str


class DisputeOpenedV1(_DisputeEvent):
    """A person reported an error, or fraud; `agency_code` owes an answer by `due_at`."""

    name: ClassVar[str] = "records.dispute_opened"

    subject: Literal["period", "benefit", "card", "visit", "identity"]
    nature: Literal["error", "fraud"]
    agency_code: str
    due_at: datetime


class DisputeAnsweredV1(_DisputeEvent):
    """The agency wrote to the person; the dispute stays open. Without a contact on record nobody can be told."""

    name: ClassVar[str] = "records.dispute_answered"

    language: Language
    contact: Annotated[DisputeContact | None, SealedFor("notifications")] = None


class DisputeSettledV1(_DisputeEvent):
    """The dispute is over: the record was corrected, or stands, or the person withdrew it."""

    name: ClassVar[str] = "records.dispute_settled"

    outcome: Literal["corrected", "stands", "withdrawn"]
    language: Language
    contact: Annotated[DisputeContact | None, SealedFor("notifications")] = None


class NoticeContact(BaseModel):
    """Whom to tell. `phone` is E.164 (+84…)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    full_name: str
    phone: str
    email: str | None = None


class UnpaidMonths(BaseModel):
    """Months, written `2021-03` and both included, that an employer owes; `employer` is its name, or else its code."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["social", "unemployment", "accident", "health"]
    employer: str
    from_month: str
    to_month: str


class UnpaidNoticeIssuedV1(_ParticipantEvent):
    """Employers are late with contributions; there is one notice a month, of `month`. Amounts are in the record only.

    Without a contact on record nobody can be told outside the app.
    """

    name: ClassVar[str] = "records.unpaid_notice_issued"

    month: str
    language: Language
    contact: Annotated[NoticeContact | None, SealedFor("notifications")] = None
    lines: Annotated[tuple[UnpaidMonths, ...] | None, SealedFor("notifications")] = None


class PeriodRecordedV1(_ParticipantEvent):
    """A contribution period came in. Which months, where and how much stays in the record."""

    name: ClassVar[str] = "records.period_recorded"

    period_id: str


class PeriodCorrectedV1(_ParticipantEvent):
    """The period says something else from now on."""

    name: ClassVar[str] = "records.period_corrected"

    period_id: str


class PeriodWithdrawnV1(_ParticipantEvent):
    """The period should never have been recorded, and is not counted from now on."""

    name: ClassVar[str] = "records.period_withdrawn"

    period_id: str


class BenefitGrantedV1(_ParticipantEvent):
    """A benefit was decided on. What it is stays in the record: it is income, and may tell of an illness."""

    name: ClassVar[str] = "records.benefit_granted"

    benefit_id: str


class BenefitPaidV1(_ParticipantEvent):
    """Something of a benefit was paid."""

    name: ClassVar[str] = "records.benefit_paid"

    benefit_id: str
    payment_id: str


class BenefitCorrectedV1(_ParticipantEvent):
    """The benefit, one of its payments or its end says something else from now on."""

    name: ClassVar[str] = "records.benefit_corrected"

    benefit_id: str


class BenefitStoppedV1(_ParticipantEvent):
    """The benefit ends. When and why stays in the record."""

    name: ClassVar[str] = "records.benefit_stopped"

    benefit_id: str


class BenefitWithdrawnV1(_ParticipantEvent):
    """The benefit was never granted, or is another person's: it does not stand, nor do its payments."""

    name: ClassVar[str] = "records.benefit_withdrawn"

    benefit_id: str


class BenefitPaymentWithdrawnV1(_ParticipantEvent):
    """The payment was never made, or not of this benefit: it does not stand."""

    name: ClassVar[str] = "records.benefit_payment_withdrawn"

    benefit_id: str
    payment_id: str


class BenefitStopWithdrawnV1(_ParticipantEvent):
    """The end of the benefit was said by mistake: it goes on."""

    name: ClassVar[str] = "records.benefit_stop_withdrawn"

    benefit_id: str


class CardIssuedV1(_ParticipantEvent):
    """The participant got a health card."""

    name: ClassVar[str] = "records.card_issued"

    card_id: str


class CardChangedV1(_ParticipantEvent):
    """The card reads otherwise from now on: another facility, a longer validity, a corrected name."""

    name: ClassVar[str] = "records.card_changed"

    card_id: str


class CardWithdrawnV1(_ParticipantEvent):
    """From `withdrawn_on` on the card is worth nothing."""

    name: ClassVar[str] = "records.card_withdrawn"

    card_id: str
    withdrawn_on: date


class CardReinstatedV1(_ParticipantEvent):
    """The withdrawal was a mistake: the card is worth again what stands on it."""

    name: ClassVar[str] = "records.card_reinstated"

    card_id: str


class VisitRecordedV1(_ParticipantEvent):
    """A facility's visit was taken into the medical book. That there was one is all that is told."""

    name: ClassVar[str] = "records.visit_recorded"

    visit_id: str


class VisitCorrectedV1(_ParticipantEvent):
    """The visit says something else from now on."""

    name: ClassVar[str] = "records.visit_corrected"

    visit_id: str


class VisitWithdrawnV1(_ParticipantEvent):
    """The visit did not take place, or is another person's: it does not stand from now on."""

    name: ClassVar[str] = "records.visit_withdrawn"

    visit_id: str


class RecordReadByStaffV1(_ParticipantEvent):
    """A part of the record was shown to a member of staff, who had written down why; `opening_id` leads to the reason.

    `officer_id` is the account that read, for the agency `agency_code`. What was read, and the reason, are not told.
    """

    name: ClassVar[str] = "records.record_read_by_staff"

    opening_id: str
    officer_id: str
    agency_code: str
    part: Literal["person", "participation", "benefits", "card", "visits", "disputes", "readings", "export"]
