"""What a visit cost and who bears it. Source: Decisions 130 and 4750 on the data of treatment costs."""

from decimal import Decimal
from typing import Final

from pydantic import BaseModel, ConfigDict

from records.domain.feeding.refusal import RowChecks
from records.domain.language import Text
from records.domain.rules import Rule

COST_TOTAL: Final = Rule(
    "cost_total",
    Text(
        "Tổng chi phí phải bằng chi phí trong phạm vi, ngoài phạm vi và nguồn khác cộng lại.",
        "The total must be what is in scope, out of scope and from other sources together.",
    ),
    Text("Kiểm tra bốn số tiền này.", "Check these four amounts."),
)
COST_FUND: Final = Rule(
    "cost_fund",
    Text(
        "Quỹ BHYT chi trả phải bằng chi phí trong phạm vi trừ cùng chi trả.",
        "What the fund pays must be what is in scope less the co-payment.",
    ),
    Text("Kiểm tra ba số tiền này.", "Check these three amounts."),
)
COST_COPAYMENT: Final = Rule(
    "cost_copayment",
    Text(
        "Cùng chi trả không được lớn hơn chi phí trong phạm vi.",
        "The co-payment must not be more than what is in scope.",
    ),
    Text("Kiểm tra hai số tiền này.", "Check both amounts."),
)
COST_PARTS: Final = Rule(
    "cost_parts",
    Text(
        "Tiền thuốc và vật tư cộng lại không được lớn hơn tổng chi phí.",
        "Drugs and supplies together must not be more than the total.",
    ),
    Text("Kiểm tra ba số tiền này.", "Check these three amounts."),
)


class Costs(BaseModel):
    """Amounts in VND with two decimals. `fund` and `copayment` share what is in scope of the insurance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    total: Decimal
    in_scope: Decimal
    fund: Decimal
    copayment: Decimal
    out_of_scope: Decimal
    other_sources: Decimal
    drugs: Decimal
    supplies: Decimal

    @property
    def patient(self) -> Decimal:
        """What the patient bears: the co-payment and what is out of scope [Người bệnh tự trả]."""
        return self.copayment + self.out_of_scope


def check_costs(costs: Costs, checks: RowChecks) -> None:
    """Note each sum that does not come out."""
    borne = costs.in_scope + costs.out_of_scope + costs.other_sources
    checks.hold(costs.total == borne, "total_cost", COST_TOTAL)
    checks.hold(costs.copayment <= costs.in_scope, "copayment", COST_COPAYMENT)
    checks.hold(costs.fund == costs.in_scope - costs.copayment, "fund_paid", COST_FUND)
    checks.hold(costs.drugs + costs.supplies <= costs.total, "drugs_cost", COST_PARTS)
