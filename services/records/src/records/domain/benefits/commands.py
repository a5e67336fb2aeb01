"""What can be asked of a participant's benefits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from records.domain.benefits.benefit import Benefit, FormerBenefit, HeldBenefit, Payment, Stop
from records.domain.benefits.kinds import BenefitKind
from records.domain.feeding.ledger import Row

Said = TypeVar("Said", Payment, Stop)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitReference:
    """What names a benefit outside: kind and decision, and the first day where one decision grants several."""

    kind: BenefitKind
    decision_number: str
    from_date: date | None


@dataclass(frozen=True, slots=True)
class RowOfBenefit(Generic[Said]):
    """What is said of the benefit it names. As a correction it takes the place of what was said before."""

    reference: BenefitReference
    value: Said
    as_correction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantBenefits:
    """Take in the rows of a feeder, each on its own: one that is refused keeps no other out."""

    participant_id: str
    rows: Sequence[Row[Benefit]]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PayBenefits:
    """Note what was paid, each row on its own. One payment of a benefit is of one day and month."""

    participant_id: str
    rows: Sequence[RowOfBenefit[Payment]]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StopBenefits:
    """End benefits, each row on its own. A benefit ends once."""

    participant_id: str
    rows: Sequence[RowOfBenefit[Stop]]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawBenefit:
    """Let a benefit, with its payments, not have been: it was never granted, or to somebody else."""

    participant_id: str
    benefit_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPayment:
    """Let a payment not have been: it was mistyped, or noted with another person's benefit."""

    participant_id: str
    benefit_id: str
    payment_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawStop:
    """Let the benefit go on: its end was said by mistake."""

    participant_id: str
    benefit_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBenefits:
    """Close these benefits: the participant was merged into `to`."""

    participant_id: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverBenefits:
    """Let the benefits of a merged duplicate stand here, too; what stood there no more is known by `former`.

    `also_from` are the participants who had been merged into the duplicate.
    """

    participant_id: str
    from_participant: str
    benefits: Sequence[HeldBenefit]
    former: Sequence[FormerBenefit] = ()
    also_from: frozenset[str] = frozenset()
    at: datetime


FeedBenefits = GrantBenefits | PayBenefits | StopBenefits
Withdrawing = WithdrawBenefit | WithdrawPayment | WithdrawStop
BenefitCommand = FeedBenefits | Withdrawing | MoveBenefits | TakeOverBenefits
