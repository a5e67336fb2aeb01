"""What can be asked of a participant's benefits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from records.domain.benefits.benefit import Benefit, HeldBenefit, Payment, Stop
from records.domain.benefits.kinds import BenefitKind
from records.domain.feeding.ledger import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitReference:
    """What names a benefit outside: kind and decision, and the first day where one decision grants several."""

    kind: BenefitKind
    decision_number: str
    from_date: date | None


@dataclass(frozen=True, slots=True)
class PaymentRow:
    reference: BenefitReference
    payment: Payment


@dataclass(frozen=True, slots=True)
class StopRow:
    reference: BenefitReference
    stop: Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantBenefits:
    """Take in the rows of a feeder; with `correction` they take the place of what they contradict."""

    participant_id: str
    rows: Sequence[Row[Benefit]]
    correction: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PayBenefits:
    """Note what was paid; with `correction` a payment takes the place of the one of that day and month."""

    participant_id: str
    rows: Sequence[PaymentRow]
    correction: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StopBenefits:
    """End benefits; with `correction` a stop takes the place of an earlier one."""

    participant_id: str
    rows: Sequence[StopRow]
    correction: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBenefits:
    """Close these benefits: the participant was merged into `to`."""

    participant_id: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverBenefits:
    """Let the benefits of a merged duplicate stand here, too."""

    participant_id: str
    from_participant: str
    benefits: Sequence[HeldBenefit]
    at: datetime


BenefitCommand = GrantBenefits | PayBenefits | StopBenefits | MoveBenefits | TakeOverBenefits
