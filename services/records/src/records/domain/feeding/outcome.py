"""What became of each row of a command."""

import hashlib
import json
from dataclasses import dataclass
from typing import Final, Literal

from ansinh_kit.errors import FieldViolation

from records.domain.feeding.refusal import RowRefusedError
from records.domain.language import Text
from records.domain.rules import Rule

Verdict = Literal["recorded", "corrected", "unchanged", "refused"]

CONTRADICTS_STANDING: Final = Rule(
    "contradicts_standing",
    Text("Dữ liệu khác với bản ghi đang có hiệu lực.", "This contradicts what stands."),
    Text(
        "Kiểm tra lại; nếu dữ liệu mới đúng, gửi lại là đính chính (trong tệp: action là correct).",
        "Check it; if it is right, send it as a correction (in a file: with the action correct).",
    ),
)
CORRECTED_SINCE: Final = Rule(
    "row_corrected_since",
    Text("Dữ liệu này là bản cũ, đã được đính chính.", "This is an earlier version that was corrected since."),
    Text(
        "Không cần gửi lại; nếu bản cũ mới đúng, gửi là đính chính.",
        "It need not come again; if the earlier version is right, send it as a correction.",
    ),
)
WITHDRAWN_SINCE: Final = Rule(
    "row_withdrawn_since",
    Text("Bản ghi này đã được thu hồi.", "This row was withdrawn since."),
    Text("Nếu dữ liệu vẫn đúng, gửi lại là đính chính.", "If it is right after all, send a correction."),
)
CORRECTS_SEVERAL: Final = Rule(
    "row_corrects_several",
    Text("Dòng đính chính này trùng với nhiều bản ghi.", "This correction is about more than one row on record."),
    Text("Đính chính từng bản ghi theo mã của nó.", "Correct the rows one by one, by their ids."),
)
AMBIGUOUS_REFERENCE: Final = Rule(
    "ambiguous_reference",
    Text("Có nhiều bản ghi với số này.", "There is more than one row with this number."),
    Text(
        "Ghi thêm ngày bắt đầu hưởng.",
        "Add the first day.",
    ),
)
UNKNOWN_ROW: Final = Rule(
    "unknown_row",
    Text("Không có bản ghi nào như vậy.", "There is no such row."),
    Text("Kiểm tra lại số quyết định, mã hoặc ngày.", "Check its number, code or day."),
)


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of the row at `index` (from 0). `row_id` is what it is kept under; `None` if it was refused.

    `against` are the ids of the rows on record that stand against a refused one.
    """

    index: int
    verdict: Verdict
    row_id: str | None = None
    violations: tuple[FieldViolation, ...] = ()
    against: tuple[str, ...] = ()


def refused(index: int, refusal: RowRefusedError) -> RowOutcome:
    return RowOutcome(index, "refused", violations=refusal.violations, against=refusal.against)


def refusal_of(field: str, rule: Rule, *against: str) -> RowRefusedError:
    """Return the refusal of a row that `rule` keeps out beside the rows `against`."""
    return RowRefusedError(FieldViolation(field, rule.name), against=against)


def row_id_of(*natural_key: str) -> str:
    """Return the id of the row with this natural key, 32 hex digits: the same row always gets the same id.

    The key begins with the participant's random id, so that nobody can find a row by guessing its values.
    """
    return hashlib.sha256(json.dumps(natural_key).encode()).hexdigest()[:32]
