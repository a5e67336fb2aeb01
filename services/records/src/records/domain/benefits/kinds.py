"""The kinds of benefits, and the four tabs they are read in."""

from typing import Final, Literal, get_args

from records.domain.language import Text

Tab = Literal["one-off", "short-term", "monthly", "unemployment"]
OneOffKind = Literal["lump_sum", "retirement_one_off", "survivorship_one_off", "accident_disease_one_off"]
ShortTermKind = Literal["sickness", "maternity", "recovery"]
MonthlyKind = Literal["pension", "disability_monthly", "accident_disease_monthly", "survivorship_monthly"]
UnemploymentKind = Literal["unemployment_benefit"]
BenefitKind = OneOffKind | ShortTermKind | MonthlyKind | UnemploymentKind

TABS: Final[tuple[Tab, ...]] = get_args(Tab)
ONE_OFF_KINDS: Final[tuple[OneOffKind, ...]] = get_args(OneOffKind)
SHORT_TERM_KINDS: Final[tuple[ShortTermKind, ...]] = get_args(ShortTermKind)
MONTHLY_KINDS: Final[tuple[MonthlyKind, ...]] = get_args(MonthlyKind)
UNEMPLOYMENT_KINDS: Final[tuple[UnemploymentKind, ...]] = get_args(UnemploymentKind)

TAB_LABELS: Final[dict[Tab, Text]] = {
    "one-off": Text("BHXH một lần", "One-off social insurance"),
    "short-term": Text("Ốm đau, thai sản, DSPHSK", "Sickness, maternity, recovery"),
    "monthly": Text("BHXH hàng tháng", "Monthly social insurance"),
    "unemployment": Text("BHTN", "Unemployment insurance"),
}
NOTHING_YET: Final[dict[Tab, Text]] = {
    "one-off": Text("Chưa có thông tin hưởng BHXH một lần.", "No one-off social-insurance benefit yet."),
    "short-term": Text(
        "Chưa có thông tin hưởng chế độ ốm đau, thai sản, dưỡng sức phục hồi sức khỏe.",
        "No sickness, maternity or recovery benefit yet.",
    ),
    "monthly": Text(
        "Chưa có thông tin hưởng lương hưu, trợ cấp BHXH hàng tháng.",
        "No pension or other monthly social-insurance benefit yet.",
    ),
    "unemployment": Text("Chưa có thông tin hưởng trợ cấp thất nghiệp.", "No unemployment benefit yet."),
}
KIND_LABELS: Final[dict[BenefitKind, Text]] = {
    "lump_sum": Text("BHXH một lần", "Lump sum"),
    "retirement_one_off": Text("Trợ cấp một lần khi nghỉ hưu", "One-off allowance at retirement"),
    "survivorship_one_off": Text("Trợ cấp tuất một lần", "One-off survivorship benefit"),
    "accident_disease_one_off": Text("Trợ cấp TNLĐ-BNN một lần", "One-off accident or disease benefit"),
    "sickness": Text("Ốm đau", "Sickness"),
    "maternity": Text("Thai sản", "Maternity"),
    "recovery": Text("Dưỡng sức, phục hồi sức khỏe", "Convalescence and recovery"),
    "pension": Text("Lương hưu", "Pension"),
    "disability_monthly": Text("Trợ cấp mất sức lao động hàng tháng", "Monthly disability allowance"),
    "accident_disease_monthly": Text("Trợ cấp TNLĐ-BNN hàng tháng", "Monthly accident or disease allowance"),
    "survivorship_monthly": Text("Trợ cấp tuất hàng tháng", "Monthly survivorship allowance"),
    "unemployment_benefit": Text("Trợ cấp thất nghiệp", "Unemployment benefit"),
}
