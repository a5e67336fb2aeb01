"""The rules a count follows, each with the words a citizen reads and the law it comes from."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from records.domain.language import Text

RuleId = Literal[
    "paid_month",
    "maternity_counts",
    "counted_once",
    "gap_not_counted",
    "leave_not_counted",
    "reserved_apart",
    "unpaid_apart",
    "better_status",
    "month_missing",
    "months_reversed",
    "used_for_benefit",
]


@dataclass(frozen=True, slots=True)
class CountingRule:
    """One published rule. Clients branch on `id`, which never changes; people read the rest."""

    id: RuleId
    text: Text
    source: Text


_OURS: Final = Text("Quy ước hiển thị của hệ thống", "Convention of this system")
_TIME_IS_A_SUM: Final = Text("Luật 58/2014/QH13, Điều 3 khoản 5", "Law 58/2014/QH13, Article 3(5)")

_ALL: Final = (
    CountingRule(
        "paid_month",
        Text("Mỗi tháng đã đóng được tính một tháng.", "Each month that was paid counts as one month."),
        _TIME_IS_A_SUM,
    ),
    CountingRule(
        "maternity_counts",
        Text(
            "Tháng nghỉ thai sản từ 14 ngày làm việc trở lên được tính vào thời gian BHXH dù không phải đóng.",
            "A month with 14 or more working days of maternity leave counts for social insurance without payment.",
        ),
        Text("Luật 58/2014/QH13, Điều 39 khoản 2", "Law 58/2014/QH13, Article 39(2)"),
    ),
    CountingRule(
        "counted_once",
        Text(
            "Tháng làm việc ở hai đơn vị trở lên chỉ được tính một lần.",
            "A month with two or more employers counts once.",
        ),
        Text("Quyết định 595/QĐ-BHXH năm 2017", "Decision 595/QĐ-BHXH of 2017"),
    ),
    CountingRule(
        "gap_not_counted",
        Text(
            "Khoảng gián đoạn không được tính, nhưng không làm mất thời gian trước đó.",
            "A gap does not count, and does not break what came before it.",
        ),
        _TIME_IS_A_SUM,
    ),
    CountingRule(
        "leave_not_counted",
        Text(
            "Tháng nghỉ việc không hưởng lương hoặc nghỉ chế độ từ 14 ngày làm việc trở lên không được tính.",
            "A month with 14 or more working days of leave without contribution does not count.",
        ),
        Text(
            "Luật 58/2014/QH13, Điều 85 khoản 3; BHTN: Nghị định 28/2015/NĐ-CP, Điều 11",
            "Law 58/2014/QH13, Article 85(3); unemployment insurance: Decree 28/2015/NĐ-CP, Article 11",
        ),
    ),
    CountingRule(
        "reserved_apart",
        Text(
            "Tháng bảo lưu được ghi riêng, không cộng vào tổng thời gian.",
            "A reserved month is shown apart and is not part of the total.",
        ),
        _OURS,
    ),
    CountingRule(
        "unpaid_apart",
        Text(
            "Tháng chưa đóng được ghi riêng theo đơn vị, không cộng vào tổng thời gian.",
            "An unpaid month is shown apart, with its employer, and is not part of the total.",
        ),
        _OURS,
    ),
    CountingRule(
        "better_status",
        Text(
            "Tháng này đã có trạng thái tốt hơn ở đơn vị khác: đã đóng, rồi bảo lưu, rồi chưa đóng.",
            "The month has a better status at another employer: paid, then reserved, then unpaid.",
        ),
        _OURS,
    ),
    CountingRule(
        "month_missing",
        Text("Dòng thiếu từ tháng hoặc đến tháng nên không được tính.", "A row without both months is not counted."),
        _OURS,
    ),
    CountingRule(
        "months_reversed",
        Text(
            "Dòng có từ tháng sau đến tháng nên không được tính.",
            "A row whose first month comes after its last is not counted.",
        ),
        _OURS,
    ),
    CountingRule(
        "used_for_benefit",
        Text(
            "Mỗi tháng đã hưởng trợ cấp thất nghiệp dùng hết 12 tháng đã đóng; phần còn lại được bảo lưu.",
            "Each month of unemployment benefit received uses up 12 paid months; the rest stays reserved.",
        ),
        Text("Luật Việc làm 38/2013/QH13, Điều 53", "Employment Law 38/2013/QH13, Article 53"),
    ),
)

RULES: Final = MappingProxyType({rule.id: rule for rule in _ALL})
