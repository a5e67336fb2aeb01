"""What is answered about benefits. Answers are made from these only: no internal field can slip out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from records.api.feeding import BilingualAnswer
from records.domain.benefits.benefit import Benefit, PayMethod
from records.domain.benefits.kinds import BenefitKind, Tab
from records.domain.month import Month

BenefitState = Literal["granted", "paid", "stopped"]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BenefitLine(_Answer):
    """A benefit in its tab's list. `amount` is in VND, for a month where the benefit is paid by the month."""

    benefit_id: str
    kind: BenefitKind
    label: BilingualAnswer
    state: BenefitState
    decision_number: str
    decided_on: date
    agency_code: str
    from_date: date
    to_date: date | None
    amount: Decimal
    paid_total: Decimal
    last_paid_on: date | None
    since: datetime
    event_id: str


class BenefitList(_Answer):
    """A tab, newest first. `nothing_yet` is the tab's own text if it is empty, else `null`."""

    tab: Tab
    label: BilingualAnswer
    nothing_yet: BilingualAnswer | None
    benefits: list[BenefitLine]


class PaymentLine(_Answer):
    payment_id: str
    paid_on: date
    amount: Decimal
    method: PayMethod
    for_month: Month | None
    since: datetime
    event_id: str


class StopAnswer(_Answer):
    stopped_on: date
    reason: str


class BenefitVersion(_Answer):
    """What was said of the benefit from `since` until the next version."""

    benefit: Benefit
    stop: StopAnswer | None
    since: datetime
    event_id: str


class BenefitDetail(BenefitLine):
    """A benefit with its level [mức hưởng], payments newest first, and every version recorded so far."""

    benefit: Benefit
    stop: StopAnswer | None
    payments: list[PaymentLine]
    versions: list[BenefitVersion]
