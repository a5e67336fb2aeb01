"""Files as text in, rows and refusals out."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from records.domain.bulk.columns import Columns, Values
from records.domain.bulk.contributions import CONTRIBUTION_COLUMNS
from records.domain.bulk.lines import LineSplitter
from records.domain.bulk.reader import RowReader
from records.domain.bulk.refusals import FileRefusedError, Refusal

ROW = {
    "social_insurance_number": "6600000018",
    "kind": "social",
    "from_month": "01/2020",
    "to_month": "12/2020",
    "employer_code": "TA0001Z",
    "employer_name": "Công ty Mẫu",
    "occupation": "Thợ may",
    "value": "5000000",
}


@dataclass
class Read:
    rows: list[Values] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def told(self) -> list[tuple[int, str | None, str]]:
        return [(refusal.line, refusal.column, refusal.rule.name) for refusal in self.refusals]


def row(**changes: str) -> dict[str, str]:
    return ROW | changes


def csv_of(*rows: dict[str, str]) -> bytes:
    """Return a file whose header is that of the first row; cells are written as they are, unquoted."""
    lines = [",".join(rows[0]), *(",".join(one.values()) for one in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def read(content: bytes, *, columns: Columns = CONTRIBUTION_COLUMNS, block: int = 7, limit: int = 1_000) -> Read:
    splitter, reader, found = LineSplitter(limit_bytes=limit), RowReader(columns), Read()
    blocks: Iterable[bytes] = (content[at : at + block] for at in range(0, len(content), block))
    for line in (*(line for one in blocks for line in splitter.feed(one)), *splitter.finish()):
        answer = reader.read(line)
        if isinstance(answer, list):
            found.refusals += answer
        elif answer is not None:
            found.rows.append(answer)
    reader.finish()
    return found


def file_refusal(content: bytes) -> Refusal:
    try:
        read(content)
    except FileRefusedError as refused:
        return refused.refusal
    raise AssertionError("the file was taken")
