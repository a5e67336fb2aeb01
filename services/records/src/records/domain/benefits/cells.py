"""Single values of rows about benefits: the kind, and how it is paid."""

from typing import Final

from records.domain.benefits.benefit import PayMethod
from records.domain.benefits.kinds import (
    MONTHLY_KINDS,
    ONE_OFF_KINDS,
    SHORT_TERM_KINDS,
    UNEMPLOYMENT_KINDS,
    BenefitKind,
)
from records.domain.language import Text
from records.domain.rules import Rule, RuleBrokenError

BENEFIT_KIND: Final = Rule(
    "benefit_kind",
    Text("Loại trợ cấp không có trong danh sách.", "This kind of benefit is not in the list."),
    Text("Chọn một loại, ví dụ lump_sum, sickness hoặc pension.", "Choose one, such as lump_sum, sickness or pension."),
)
PAY_METHOD: Final = Rule(
    "pay_method",
    Text("Hình thức nhận phải là cash hoặc account.", "A method of payment is cash or account."),
    Text("cash là tiền mặt, account là tài khoản.", "Write cash or account."),
)


def benefit_kind(raw: str) -> BenefitKind:
    for kind in (*ONE_OFF_KINDS, *SHORT_TERM_KINDS, *MONTHLY_KINDS, *UNEMPLOYMENT_KINDS):
        if raw.strip() == kind:
            return kind
    raise RuleBrokenError(BENEFIT_KIND)


def pay_method(raw: str) -> PayMethod:
    match raw.strip():
        case "cash" | "account" as method:
            return method
        case _:
            raise RuleBrokenError(PAY_METHOD)
