"""Why an import ends before its file does: nothing is wrong with the file, and it can be sent in again."""

from typing import Final

from records.domain.language import Text
from records.domain.rules import Rule

_SEND_AGAIN: Final = Text(
    "Gửi lại tệp; các dòng đã ghi nhận sẽ không bị ghi hai lần.",
    "Send the file in again; rows that were recorded are not recorded twice.",
)
STORED_FILE_LOST: Final = Rule(
    "stored_file_lost",
    Text("Không còn bản lưu của tệp trên hệ thống.", "The system has no copy of the file any more."),
    _SEND_AGAIN,
)
STORED_FILE_DAMAGED: Final = Rule(
    "stored_file_damaged",
    Text("Bản lưu của tệp trên hệ thống bị hỏng.", "The copy of the file in the system is damaged."),
    _SEND_AGAIN,
)
IMPORT_BROKE_OFF: Final = Rule(
    "import_broke_off",
    Text(
        "Việc nhập tệp dừng nhiều lần vì lỗi của hệ thống; bộ phận vận hành đã được báo.",
        "The import stopped again and again by a fault of the system; its operators were told.",
    ),
    _SEND_AGAIN,
)
