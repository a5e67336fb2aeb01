"""What reading participation answers with. Months are `2021-03`, with `03/2021` beside them as people read them."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, with_config

from records.domain.counting.rows import Currency, Status
from records.domain.counting.rules import RuleId
from records.domain.kind import Kind


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Answer):
    vi: str
    en: str


class Duration(_Answer):
    """A number of months, and the same in years and months."""

    months: int
    text: Words


class Months(_Answer):
    """From month to month, both included."""

    from_month: str
    to_month: str
    from_label: str
    to_label: str
    months: int


# No model, and not frozen: an answer has sixty of them, and what we fill in ourselves needs no check at run time.
@with_config(ConfigDict(extra="forbid"))
@dataclass(slots=True, kw_only=True)
class PeriodRow:
    """A row of the list. `since` and `event_id` tell from when on it was recorded so, and by which event.

    `error` is the rule that keeps the row from being counted, if one does.
    """

    period_id: str
    from_month: str
    to_month: str
    from_label: str
    to_label: str
    employer_code: str
    employer_name: str | None
    occupation: str | None
    position: str | None
    status: Status
    since: str
    event_id: str
    error: RuleId | None = None


class ExplanationLine(_Answer):
    """`months` are added to the total, or with a minus taken from it. Without an employer it concerns several."""

    rule: RuleId
    months: int
    employer_code: str | None
    employer_name: str | None
    spans: list[Months]


class LeftOutLine(_Answer):
    """Months that are not part of the total."""

    rule: RuleId
    months: int
    employer_code: str | None
    employer_name: str | None
    spans: list[Months]


class OverlapEntry(_Answer):
    """Months with several employers; they count once, for `counted_for` if for any."""

    span: Months
    employer_codes: list[str]
    counted_for: str | None


class RuleWords(_Answer):
    text: Words
    source: Words


class Explanation(_Answer):
    """How the total comes about: `lines` add up to it. `rules` explains every rule named here."""

    lines: list[ExplanationLine]
    left_out: list[LeftOutLine]
    overlaps: list[OverlapEntry]
    rules: dict[RuleId, RuleWords]


class RangeTotal(_Answer):
    """The time between two months, and beside it the whole time of social and of unemployment insurance."""

    span: Months
    total: Duration
    overall: dict[Literal["social", "unemployment"], Duration]


class BenefitUse(_Answer):
    """Paid months that an unemployment benefit used up; its first month, and for how many it was received."""

    from_month: str
    from_label: str
    months_received: int
    used: int


class UnusedTime(_Answer):
    """Paid months of unemployment insurance less those that benefits used up.

    `entitlement_months` is how many months of benefit the rest would give by the law in force now.
    """

    paid: Duration
    uses: list[BenefitUse]
    unused: Duration
    entitlement_months: int
    rule: RuleId


class KindTotal(_Answer):
    """What the rows of a kind come to. `message` says so in words where there are none (S-35)."""

    kind: Kind
    label: Words
    total: Duration
    unpaid: Duration
    reserved: Duration
    periods: int
    message: Words | None


class Totals(_Answer):
    as_of: str | None
    kinds: list[KindTotal]


class KindParticipation(_Answer):
    """Newest period first. The total is counted from exactly these rows; `unused` is of unemployment insurance only."""

    as_of: str | None
    summary: KindTotal
    rows: list[PeriodRow]
    explanation: Explanation
    range: RangeTotal | None = None
    unused: UnusedTime | None = None


class AllowanceAmounts(_Answer):
    position: str | None = None
    over_frame_seniority: str | None = None
    professional_seniority: str | None = None
    wage: str | None = None
    additional_payments: str | None = None


class PeriodContent(_Answer):
    """What a period says. `value` is exact, `value_text` as people read it: `5.000.000,00`."""

    from_month: str
    to_month: str
    from_label: str
    to_label: str
    status: Status
    employer_code: str
    employer_name: str | None = None
    workplace: str | None = None
    occupation: str | None = None
    position: str | None = None
    title: str | None = None
    value: str | None = None
    value_text: str | None = None
    value_is: Literal["coefficient", "money"] | None = None
    currency: Currency | None = None
    allowances: AllowanceAmounts | None = None
    movement_code: str | None = None
    contract: str | None = None
    note: str | None = None


class PeriodVersion(_Answer):
    """What was recorded from `since` on. `content` is empty where the period was withdrawn."""

    since: str
    event_id: str
    content: PeriodContent | None


class PeriodAnswer(_Answer):
    """A period as it stood, and the versions it had had by then, newest first."""

    as_of: str | None
    period_id: str
    kind: Kind
    since: str
    event_id: str
    content: PeriodContent
    versions: list[PeriodVersion]


class UnpaidEntry(_Answer):
    """Months one employer owes. `amount` is the contribution value recorded for them, summed up over the months.

    It is empty where a value is a coefficient: that is no sum of money.
    """

    employer_code: str
    employer_name: str | None
    span: Months
    amount: str | None
    amount_text: str | None
    currency: Currency | None
    period_ids: list[str]


class UnpaidKind(_Answer):
    kind: Kind
    label: Words
    total: Duration
    periods: list[UnpaidEntry]
    message: Words | None


class Unpaid(_Answer):
    as_of: str | None
    kinds: list[UnpaidKind]
