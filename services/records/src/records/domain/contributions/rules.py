"""Why a row of a feeder is not taken in. One that contradicts a standing period breaks the bulk rule `CONTRADICTS`."""

from typing import Final

from records.domain.language import Text
from records.domain.rules import Rule

ISO_MONTH: Final = Rule(
    "iso_month",
    Text("Tháng phải viết dạng năm-tháng.", "A month is written year-month."),
    Text("Viết tháng như 2021-03.", "Write the month like 2021-03."),
)
CORRECTS_SEVERAL: Final = Rule(
    "corrects_several",
    Text(
        "Dòng đính chính này trùng tháng với nhiều quá trình đã ghi.",
        "This correction has months of more than one period on record.",
    ),
    Text("Đính chính từng quá trình theo mã của nó.", "Correct the periods one by one, by their ids."),
)
CORRECTED_SINCE: Final = Rule(
    "corrected_since",
    Text("Đây là bản cũ của một quá trình đã được đính chính.", "This is an earlier version of a corrected period."),
    Text(
        "Không cần gửi lại; nếu bản cũ mới đúng, gửi là đính chính.",
        "It need not come again; if the earlier version is right, send it as a correction.",
    ),
)
WITHDRAWN_SINCE: Final = Rule(
    "withdrawn_since",
    Text("Quá trình này đã bị hủy ghi nhận.", "This period was withdrawn."),
    Text("Nếu quá trình này đúng, gửi là đính chính.", "If it is right after all, send it as a correction."),
)
