"""What became of each row of a command."""

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from ansinh_kit.errors import FieldViolation

from records.domain.feeding.refusal import RowRefusedError
from records.domain.language import Text
from records.domain.rules import Rule

Verdict = Literal["recorded", "corrected", "unchanged", "refused"]

CONTRADICTS_STANDING: Final = Rule(
    "contradicts_standing",
    Text("Dữ liệu khác với bản ghi đang có hiệu lực.", "This contradicts what stands."),
    Text("Kiểm tra lại; nếu dữ liệu mới đúng, gửi lại là đính chính.", "Check it; if it is right, send a correction."),
)
CORRECTED_SINCE: Final = Rule(
    "row_corrected_since",
    Text("Dữ liệu này là bản cũ, đã được đính chính.", "This is an earlier version that was corrected since."),
    Text("Không cần gửi lại bản cũ.", "The earlier version need not be sent again."),
)
WITHDRAWN_SINCE: Final = Rule(
    "row_withdrawn_since",
    Text("Bản ghi này đã được thu hồi.", "This row was withdrawn since."),
    Text("Nếu dữ liệu vẫn đúng, gửi lại là đính chính.", "If it is right after all, send a correction."),
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
    """What became of the row at `index` (from 0). `row_id` is what it is kept under; `None` if it was refused."""

    index: int
    verdict: Verdict
    row_id: str | None = None
    violations: tuple[FieldViolation, ...] = ()


def refused(index: int, refusal: RowRefusedError) -> RowOutcome:
    return RowOutcome(index, "refused", violations=refusal.violations)


def row_id_of(*natural_key: str) -> str:
    """Return the id of the row with this natural key, 32 hex digits: the same row always gets the same id.

    The key begins with the participant's random id, so that nobody can find a row by guessing its values.
    """
    return hashlib.sha256(json.dumps(natural_key).encode()).hexdigest()[:32]


class JudgedRow(Protocol):
    """A row beside its outcome on some state."""

    @property
    def outcome(self) -> RowOutcome: ...

    @property
    def fact(self) -> object:
        """What the row says, and of what: equal for the event it led to."""
        ...

    @property
    def key_field(self) -> str:
        """The field a refusal of the whole row is shown at."""
        ...


@dataclass(frozen=True, slots=True)
class Made:
    """What one event of a command says about a row: under which id, the fact, and whether it was new."""

    row_id: str
    fact: object
    verdict: Literal["recorded", "corrected"]


def told_after(judged: Sequence[JudgedRow], made: Iterable[Made]) -> list[RowOutcome]:
    """Return what a command did with each of its rows, from what it recorded.

    A decision gives an event for each row it takes in, in the order of the rows; the rest meets with the same again.
    So the first answer is found again for a command that was repeated, and for one of a batch.

    Args:
        judged: The rows on the state after the command, which tells why a row was not taken in.
        made: What the command recorded, in order.
    """
    recorded = tuple(made)
    waiting, touched = deque(recorded), frozenset(each.row_id for each in recorded)
    return [_told(each, waiting, touched) for each in judged]


def _told(judged: JudgedRow, waiting: deque[Made], touched: frozenset[str]) -> RowOutcome:
    outcome = judged.outcome
    if waiting and waiting[0].fact == judged.fact:
        event = waiting.popleft()
        return RowOutcome(outcome.index, event.verdict, event.row_id)
    if outcome.verdict in ("refused", "unchanged"):
        return outcome
    if outcome.row_id in touched:
        # It stood as it is until a later row of the command corrected it.
        return RowOutcome(outcome.index, "unchanged", outcome.row_id)
    # It stood against something that a later row of the command corrected: free now, and refused then.
    violation = FieldViolation(judged.key_field, CONTRADICTS_STANDING.name)
    return RowOutcome(outcome.index, "refused", violations=(violation,))
