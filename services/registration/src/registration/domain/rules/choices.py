"""Fields where one of a few answers is chosen."""

from typing import Final, Literal

from registration.domain.rules.refusal import Rule, RuleBrokenError, Text

SubjectKind = Literal["individual"]
PaperDelivery = Literal["post", "counter"]
TransactionChannel = Literal["portal", "intermediary"]

SUBJECT_KIND: Final = Rule(
    "subject_kind",
    Text("Tờ khai này dành cho cá nhân.", "This declaration is for individuals."),
    Text(
        "Cơ quan, tổ chức đăng ký tại cơ quan BHXH đang quản lý.",
        "Organisations register with the agency in charge of them.",
    ),
)
PAPER_DELIVERY: Final = Rule(
    "paper_delivery",
    Text(
        "Hình thức nộp hồ sơ phải là qua bưu chính hoặc tại cơ quan BHXH.",
        "Papers are handed over by post or at the counter.",
    ),
    Text("Chọn một trong hai hình thức.", "Choose one of the two."),
)
TRANSACTION_CHANNEL: Final = Rule(
    "transaction_channel",
    Text(
        "Nơi giao dịch phải là Cổng thông tin điện tử hoặc Tổ chức I-VAN.",
        "Transactions go through the portal or an intermediary.",
    ),
    Text("Chọn một trong hai.", "Choose one of the two."),
)


def subject_kind(raw: str) -> SubjectKind:
    if raw != "individual":
        raise RuleBrokenError(SUBJECT_KIND)
    return "individual"


def paper_delivery(raw: str) -> PaperDelivery:
    match raw:
        case "post" | "counter":
            return raw
        case _:
            raise RuleBrokenError(PAPER_DELIVERY)


def transaction_channel(raw: str) -> TransactionChannel:
    match raw:
        case "portal" | "intermediary":
            return raw
        case _:
            raise RuleBrokenError(TRANSACTION_CHANNEL)
