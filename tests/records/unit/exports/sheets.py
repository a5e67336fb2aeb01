"""Sheets with dull values; a test names only the cells it is about."""

from datetime import UTC, datetime

from records.domain.exports.sheet import Column, Fact, Section, Sheet, Stamp, plain
from records.domain.language import Text

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
STAMP = Stamp(
    code="4F7QK-0ZB2M-9XW3R-HT6CD",
    check_address="https://kiem-tra.example/4F7QK-0ZB2M-9XW3R-HT6CD",
    as_of=AT,
    made_at=AT,
    language="vi",
)


def sheet(*cells: str, rows: int = 1, fact: str = "Nguyễn Văn Mẫu") -> Sheet:
    """Return a sheet with one fact and a table in which each row has these cells."""
    section = Section(
        key="participation-social",
        title=Text("Quá trình tham gia BHXH", "Participation: Social insurance"),
        facts=(Fact("full_name", Text("Họ và tên", "Full name"), plain(fact)),),
        columns=tuple(
            Column(f"column_{place}", Text(f"Cột {place}", f"Column {place}")) for place in range(len(cells))
        ),
        rows=(tuple(plain(cell) for cell in cells),) * rows,
    )
    return Sheet(title=Text("Sổ bảo hiểm xã hội", "Social-insurance book"), sections=(section,))
