"""What the page of the check says, Vietnamese first."""

from collections.abc import Mapping
from typing import Final, Literal

from records.domain.exports.what import Format
from records.domain.language import Text

Finding = Literal["unknown", "issued", "unaltered", "altered", "no_digest"]
"""Nothing was made under the code; something was; the file is the one; it is another; what was typed is no SHA-256."""

PAGE_TITLE: Final = Text("Kiểm tra tài liệu", "Checking a document")
HEADLINES: Final[Mapping[Finding, Text]] = {
    "unknown": Text("Không có tài liệu nào mang mã này", "No document bears this code"),
    "issued": Text("Mã này là thật", "This code is genuine"),
    "unaltered": Text("Tệp là thật và còn nguyên vẹn", "The file is genuine and unaltered"),
    "altered": Text(
        "Tệp không phải là tệp đã cấp, hoặc đã bị sửa", "The file is not the one we made, or it was altered"
    ),
    "no_digest": Text("Chuỗi đã nhập không phải là mã SHA-256", "What was typed is not a SHA-256"),
}
EXPLANATIONS: Final[Mapping[Finding, Text]] = {
    "unknown": Text(
        "Hệ thống chưa từng cấp mã này, hoặc mã bị gõ sai. Hãy so từng ký tự với mã trên tài liệu. "
        "Nếu mã đúng như trên tài liệu thì tài liệu không phải do hệ thống này lập.",
        "This system never gave out the code, or it was mistyped. Compare it letter by letter with the document. "
        "If it is the one on the document, the document was not made by this system.",
    ),
    "issued": Text(
        "Hệ thống đã lập tài liệu dưới đây với mã này. Hãy so loại tài liệu, tên và các thời điểm với bản đang cầm. "
        "Mã thật chưa chứng tỏ nội dung in không bị sửa: hãy kiểm tra tệp, hoặc đề nghị người đưa lấy bản mới.",
        "The system made the document below under this code. Compare its kind, name and times with the one in hand. "
        "A genuine code does not prove that what is printed is unaltered: check the file, or ask for a new copy.",
    ),
    "unaltered": Text(
        "Tệp giống từng bit với tệp hệ thống đã lập.", "Bit for bit it is the file that the system made."
    ),
    "altered": Text(
        "Mã là của tài liệu dưới đây, nhưng SHA-256 của tệp lại khác. Không nên tin nội dung của tệp này.",
        "The code is that of the document below, but the SHA-256 of the file differs. Do not trust what the file says.",
    ),
    "no_digest": Text(
        "Mã SHA-256 gồm 64 ký tự 0-9 và a-f. Hãy nhập lại.", "A SHA-256 has 64 characters, 0-9 and a-f. Try again."
    ),
}
TOO_MANY: Final = Text("Đã kiểm tra quá nhiều mã từ kết nối này", "Too many codes were checked from this connection")
COME_BACK: Final = Text(
    "Mã này chưa được kiểm tra. Hãy đợi {seconds} giây rồi mở lại trang này.",
    "This code has not been checked. Wait {seconds} seconds, then open this page again.",
)
KIND_OF_DOCUMENT: Final = Text("Tài liệu", "Document")
FORMAT: Final = Text("Định dạng", "Format")
HOLDER: Final = Text("Của (họ tên đã che)", "Of (name masked)")
FORGOTTEN: Final = Text("dữ liệu của người này đã được xóa", "this person's data was erased")
DIGEST: Final = Text("SHA-256 của tệp", "SHA-256 of the file")
ZONE: Final = Text("giờ Việt Nam", "Viet Nam time")
FORMATS: Final[Mapping[Format, Text]] = {
    "pdf": Text("PDF, để in", "PDF, for printing"),
    "csv": Text("CSV, cho bảng tính", "CSV, for spreadsheets"),
    "json": Text("JSON, cho phần mềm", "JSON, for programs"),
}
COMPARE: Final = Text("Kiểm tra tệp", "Check the file")
COMPARE_HOW: Final = Text(
    "Tính SHA-256 của tệp trên máy của bạn rồi dán vào đây; tệp không được gửi đi. "
    "Windows: certutil -hashfile TỆP SHA256. macOS, Linux: shasum -a 256 TỆP.",
    "Have your own machine work out the SHA-256 of the file and paste it here; the file is not sent. "
    "Windows: certutil -hashfile FILE SHA256. macOS, Linux: shasum -a 256 FILE.",
)
