"""A benefit as it was granted, one shape per tab; what was paid of it; and when it ended."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from records.domain.benefits.kinds import BenefitKind, MonthlyKind, OneOffKind, ShortTermKind, Tab, UnemploymentKind
from records.domain.feeding.days import Days
from records.domain.language import Text
from records.domain.month import Month
from records.domain.rules import Rule

PayMethod = Literal["cash", "account"]

OVERLAPS_BENEFIT: Final = Rule(
    "overlaps_standing_benefit",
    Text(
        "Cùng loại trợ cấp đã được giải quyết cho khoảng thời gian này theo quyết định khác.",
        "The same kind of benefit was granted for this time by another decision.",
    ),
    Text("Kiểm tra số quyết định và các ngày.", "Check the number of the decision and the days."),
)


class _Grant(BaseModel):
    """What every benefit has. `amount` is in VND, for the whole or for a month, as its tab says.

    Without `to_date` it lasts until it is stopped.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: BenefitKind
    decision_number: str
    decided_on: date
    agency_code: str
    from_date: date
    to_date: date | None
    amount: Decimal
    payee: str | None

    @property
    def named_by(self) -> tuple[str, ...]:
        return (self.kind, self.decision_number)

    @property
    def natural_key(self) -> tuple[str, ...]:
        return (*self.named_by, self.from_date.isoformat())

    @property
    def key_field(self) -> str:
        return "decision_number"

    @property
    def good_for(self) -> Days | None:
        """The days it is granted for; a one-off benefit has none."""
        return Days(self.from_date, self.to_date)

    def clash_with(self, other: "_Grant") -> Rule | None:
        """One kind is granted once for a time."""
        return OVERLAPS_BENEFIT if self.kind == other.kind else None


class OneOffBenefit(_Grant):
    """Paid once. The months are those it was counted from, before 2014 and since, at the average wage."""

    tab: Literal["one-off"] = "one-off"
    kind: OneOffKind
    months_before_2014: int | None
    months_since_2014: int | None
    average_wage: Decimal | None

    @property
    def good_for(self) -> None:
        return


class ShortTermBenefit(_Grant):
    """For a leave. `rate_percent` of `base_pay` is paid for `days`; `batch` is the list it was settled in."""

    tab: Literal["short-term"] = "short-term"
    kind: ShortTermKind
    days: int
    base_pay: Decimal | None
    rate_percent: Decimal | None
    batch: str | None


class MonthlyBenefit(_Grant):
    """`amount` is paid every month from `from_date` on."""

    tab: Literal["monthly"] = "monthly"
    kind: MonthlyKind
    method: PayMethod | None
    pay_place: str | None


class UnemploymentBenefit(_Grant):
    """`amount` a month for `months_allowed` months, of which `months_used` were received.

    `months_reserved` are paid months of insurance that it did not use up.
    """

    tab: Literal["unemployment"] = "unemployment"
    kind: UnemploymentKind
    months_allowed: int
    months_used: int
    months_reserved: int
    job_search_notices: int


Benefit = Annotated[OneOffBenefit | ShortTermBenefit | MonthlyBenefit | UnemploymentBenefit, Field(discriminator="tab")]


class Payment(BaseModel):
    """What was paid of a benefit: in VND, on a day; for a month, if it is paid by the month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paid_on: date
    amount: Decimal
    method: PayMethod
    for_month: Month | None

    @property
    def key_field(self) -> str:
        return "paid_on"

    @property
    def natural_key(self) -> tuple[str, ...]:
        return (self.paid_on.isoformat(), "" if self.for_month is None else self.for_month.iso)


class Stop(BaseModel):
    """From `stopped_on` on the benefit is no longer paid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stopped_on: date
    reason: str

    @property
    def key_field(self) -> str:
        return "stopped_on"


class HeldBenefit(BaseModel):
    """A benefit with all that became of it, payments by their ids."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    benefit_id: str
    benefit: Benefit
    payments: dict[str, Payment] = Field(default_factory=dict)
    stop: Stop | None = None

    @property
    def tab(self) -> Tab:
        return self.benefit.tab

    def says_no_more_than(self, other: Self) -> bool:
        """Whether `other` is the same benefit and knows of every payment and stop that this one knows of."""
        payments = all(payment in other.payments.values() for payment in self.payments.values())
        return self.benefit == other.benefit and payments and self.stop in (None, other.stop)


class FormerBenefit(BaseModel):
    """What was said of a benefit and stands no more: an old file is known by it.

    `said` is the benefit before it was corrected or withdrawn, `withdrawn_payments` are natural keys by payment id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    benefit_id: str
    said: tuple[Benefit, ...] = ()
    withdrawn: bool = False
    withdrawn_payments: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    earlier_stops: tuple[Stop, ...] = ()
