"""The published rules of bulk files. Their names never change: people and programs look for them in reports."""

from typing import Final

from records.domain.language import Text
from records.domain.rules import Rule

KIND_NOT_TAKEN: Final = Rule(
    "kind_not_taken",
    Text("Hệ thống chưa nhận tệp loại này.", "Files of this kind are not taken in."),
    Text("Nhập từng hồ sơ qua giao diện cán bộ.", "Enter the records one by one."),
)
NOT_UTF8: Final = Rule(
    "not_utf8",
    Text("Không phải văn bản UTF-8.", "This is not UTF-8 text."),
    Text("Lưu tệp với bảng mã UTF-8.", "Save the file with the encoding UTF-8."),
)
DAMAGED_GZIP: Final = Rule(
    "damaged_gzip",
    Text("Tệp nén bị hỏng hoặc bị cắt cụt.", "The compressed file is damaged or cut off."),
    Text("Nén và gửi lại tệp.", "Compress the file again and send it anew."),
)
UNPACKED_TOO_LARGE: Final = Rule(
    "unpacked_too_large",
    Text("Tệp sau khi giải nén quá lớn.", "Unpacked, the file is too large."),
    Text("Chia tệp thành nhiều tệp nhỏ hơn.", "Split the file into smaller ones."),
)
EMPTY_FILE: Final = Rule(
    "empty_file",
    Text("Tệp không có dữ liệu.", "The file holds nothing."),
    Text("Chọn tệp khác.", "Choose another file."),
)
LINE_TOO_LONG: Final = Rule(
    "line_too_long",
    Text("Dòng dài quá 64 KiB.", "The line is longer than 64 KiB."),
    Text("Kiểm tra dấu xuống dòng của tệp.", "Check the line ends of the file."),
)
CONTROL_CHARACTER: Final = Rule(
    "control_character",
    Text("Có ký tự điều khiển.", "There is a control character."),
    Text("Xóa ký tự đó.", "Remove it."),
)
UNKNOWN_COLUMN: Final = Rule(
    "unknown_column",
    Text("Cột này không có trong mẫu.", "This column is not part of the form."),
    Text("Xóa cột hoặc sửa tên cột.", "Remove the column, or correct its name."),
)
MISSING_COLUMN: Final = Rule(
    "missing_column",
    Text("Thiếu cột này.", "This column is missing."),
    Text("Thêm cột theo mẫu.", "Add the column as the form has it."),
)
DOUBLED_COLUMN: Final = Rule(
    "doubled_column",
    Text("Cột này có hai lần.", "This column is there twice."),
    Text("Xóa một trong hai cột.", "Remove one of the two."),
)
COLUMN_COUNT: Final = Rule(
    "column_count",
    Text("Số ô không khớp với dòng tiêu đề.", "The number of cells is not that of the header."),
    Text("Kiểm tra dấu phẩy và dấu ngoặc kép của dòng.", "Check the commas and quotation marks of the line."),
)
BROKEN_QUOTES: Final = Rule(
    "broken_quotes",
    Text("Dấu ngoặc kép không đóng trên cùng một dòng.", "Quotation marks do not close on the same line."),
    Text("Viết mỗi bản ghi trên một dòng.", "Write each record on one line."),
)
NOT_AN_OBJECT: Final = Rule(
    "not_an_object",
    Text("Dòng không phải một đối tượng JSON.", "The line is not one JSON object."),
    Text(
        "Viết mỗi bản ghi thành một đối tượng JSON trên một dòng.", "Write each record as one JSON object on one line."
    ),
)
NOT_TEXT: Final = Rule(
    "not_text",
    Text("Giá trị phải là văn bản hoặc số nguyên.", "The value must be text or a whole number."),
    Text("Viết giá trị trong dấu ngoặc kép.", "Write the value in quotation marks."),
)
REQUIRED: Final = Rule(
    "required",
    Text("Ô này không được để trống.", "This cell must not be empty."),
    Text("Điền giá trị.", "Fill it in."),
)
TOO_LONG: Final = Rule(
    "too_long",
    Text("Giá trị quá dài.", "The value is too long."),
    Text("Rút ngắn giá trị.", "Shorten it."),
)
FORMULA: Final = Rule(
    "formula",
    Text("Giá trị bắt đầu như một công thức bảng tính.", "The value begins like a formula of a spreadsheet."),
    Text("Bỏ ký tự đầu (=, +, -, @).", "Remove the first character (=, +, -, @)."),
)
WRONG_SHAPE: Final = Rule(
    "wrong_shape",
    Text("Giá trị không đúng mẫu của cột.", "The value has not the form of this column."),
    Text("Xem mẫu tệp.", "See the description of the file."),
)
NOT_ONE_OF: Final = Rule(
    "not_one_of",
    Text("Giá trị không có trong danh sách.", "The value is not in the list."),
    Text("Chọn một giá trị trong danh sách của mẫu tệp.", "Choose a value of the list in the description."),
)
NOT_A_MONTH: Final = Rule(
    "not_a_month",
    Text("Không phải tháng dạng MM/yyyy.", "This is not a month as MM/yyyy."),
    Text("Viết tháng như 03/2021.", "Write the month like 03/2021."),
)
NOT_A_DATE: Final = Rule(
    "not_a_date",
    Text("Không có ngày này trong lịch.", "There is no such day in the calendar."),
    Text("Viết ngày như 28/02/2021.", "Write the day like 28/02/2021."),
)
NOT_AN_AMOUNT: Final = Rule(
    "not_an_amount",
    Text("Không phải số tiền hoặc hệ số.", "This is no amount and no coefficient."),
    Text(
        "Viết chữ số, phần lẻ sau dấu chấm, như 5000000 hoặc 2.34.", "Write digits and a point, like 5000000 or 2.34."
    ),
)
NEGATIVE: Final = Rule(
    "negative",
    Text("Số không được âm.", "The number must not be negative."),
    Text("Sửa lại số.", "Correct the number."),
)
IN_THE_FUTURE: Final = Rule(
    "in_the_future",
    Text("Thời điểm này chưa tới.", "This time has not come yet."),
    Text("Sửa lại thời điểm.", "Correct it."),
)
REVERSED: Final = Rule(
    "reversed",
    Text("Kết thúc trước khi bắt đầu.", "It ends before it begins."),
    Text("Đổi lại hai giá trị.", "Swap the two values."),
)
BEFORE_BIRTH: Final = Rule(
    "before_birth",
    Text("Trước ngày sinh của người tham gia.", "It is before the participant was born."),
    Text("Kiểm tra mã số và thời gian.", "Check the number and the time."),
)
UNKNOWN_PARTICIPANT: Final = Rule(
    "unknown_participant",
    Text("Không có người tham gia nào của cơ quan này mang số này.", "No participant of this agency has this number."),
    Text("Kiểm tra mã số BHXH hoặc số định danh.", "Check the social-insurance or citizen number."),
)
NUMBERS_DISAGREE: Final = Rule(
    "numbers_disagree",
    Text("Hai số thuộc về hai người khác nhau.", "The two numbers belong to two people."),
    Text("Kiểm tra cả hai số.", "Check both numbers."),
)
CONTRADICTS: Final = Rule(
    "contradicts",
    Text(
        "Trái với một quá trình đã ghi của cùng đơn vị trong cùng thời gian.",
        "It contradicts a period on record of the same employer and time.",
    ),
    Text(
        "Nếu đây là bản sửa, gửi lại dòng này với action là correct.",
        "If this row corrects it, send it again with the action correct.",
    ),
)
STAFF_BARRED: Final = Rule(
    "staff_barred",
    Text("Hồ sơ của chính người gửi tệp hoặc người thân.", "It is the sender's own record, or of somebody close."),
    Text("Để đồng nghiệp gửi dòng này.", "Let a colleague send this row."),
)
NOT_TAKEN: Final = Rule(
    "not_taken",
    Text("Hồ sơ của người này không nhận dòng này.", "The record of this person does not take this row."),
    Text("Liên hệ người phụ trách hồ sơ.", "Ask who looks after the record."),
)

FILE_RULES: Final = (
    KIND_NOT_TAKEN,
    NOT_UTF8,
    DAMAGED_GZIP,
    UNPACKED_TOO_LARGE,
    EMPTY_FILE,
    LINE_TOO_LONG,
    CONTROL_CHARACTER,
    UNKNOWN_COLUMN,
    MISSING_COLUMN,
    DOUBLED_COLUMN,
    COLUMN_COUNT,
    BROKEN_QUOTES,
    NOT_AN_OBJECT,
    NOT_TEXT,
)
VALUE_RULES: Final = (
    REQUIRED,
    TOO_LONG,
    FORMULA,
    WRONG_SHAPE,
    NOT_ONE_OF,
    NOT_A_MONTH,
    NOT_A_DATE,
    NOT_AN_AMOUNT,
    NEGATIVE,
    IN_THE_FUTURE,
    REVERSED,
)
RECORD_RULES: Final = (BEFORE_BIRTH, UNKNOWN_PARTICIPANT, NUMBERS_DISAGREE, CONTRADICTS, STAFF_BARRED, NOT_TAKEN)
BULK_RULES: Final = (*FILE_RULES, *VALUE_RULES, *RECORD_RULES)
