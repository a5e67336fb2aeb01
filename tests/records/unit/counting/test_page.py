"""The page on counting rules says what the code computes, and names every rule in its own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import pytest
from records.domain.counting.count import count
from records.domain.counting.duration import show
from records.domain.counting.rows import Row, Status
from records.domain.counting.rules import RULES
from records.domain.counting.unemployment import BenefitTaken, unused_months
from records.domain.kind import KIND_LABELS, Kind
from records.domain.month import Month

PAGE: Final = Path(__file__).parents[4] / "docs" / "counting-rules.md"
STATUSES: Final[dict[str, Status]] = {
    "đã đóng": "paid",
    "chưa đóng": "unpaid",
    "bảo lưu": "reserved",
    "paid": "paid",
    "unpaid": "unpaid",
    "reserved": "reserved",
}
KINDS: Final[dict[str, Kind]] = {label.vi: kind for kind, label in KIND_LABELS.items()} | {
    kind: kind for kind in KIND_LABELS
}
_SECTION = re.compile(r"^### (.+)$", re.MULTILINE)
_KIND = re.compile(r"^(?:Ví dụ|Example) \((.+)\):$", re.MULTILINE)
_ROW = re.compile(r"^\| (T[A-Z]\d{4}Z) \| (\S*) ?\| (\S*) ?\| ([^|]+?) \| ([A-Z]*) ?\|$", re.MULTILINE)
_BENEFIT = re.compile(r"^\| (\d\d/\d{4}) \| (\d+) \|$", re.MULTILINE)
_LINE = re.compile(r"^- `([+−]\d+)`", re.MULTILINE)
_APART = re.compile(r"^- `\[(\d+)\]`", re.MULTILINE)
_TOTAL = re.compile(r"^- \*\*(\d+) (tháng|months?) = (.+)\*\*$", re.MULTILINE)
_LEFT = re.compile(r"^- .+: \*\*(\d+) (?:tháng|months?)\*\*$", re.MULTILINE)


@dataclass
class Example:
    title: str
    kind: Kind
    rows: list[Row]
    lines: list[int]
    apart: list[int]
    total: int
    words: str
    language: Literal["vi", "en"]
    benefits: list[BenefitTaken] = field(default_factory=list)
    left: int | None = None


def examples() -> Iterator[Example]:
    _, *parts = _SECTION.split(PAGE.read_text(encoding="utf-8"))
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        total, left, kind = _TOTAL.search(text), _LEFT.search(text), _KIND.search(text)
        assert total, f"no total under {title}"
        assert kind, f"no kind under {title}"
        yield Example(
            title=title,
            kind=KINDS[kind[1]],
            rows=[_row(*cells) for cells in _ROW.findall(text)],
            lines=[int(number.replace("−", "-")) for number in _LINE.findall(text)],
            apart=[int(number) for number in _APART.findall(text)],
            total=int(total[1]),
            words=total[3],
            language="vi" if total[2] == "tháng" else "en",
            benefits=[BenefitTaken(Month.parse(first), int(received)) for first, received in _BENEFIT.findall(text)],
            left=None if left is None else int(left[1]),
        )


def _row(employer: str, first: str, last: str, status: str, code: str) -> Row:
    return Row(
        period_id=f"{employer} {first}",
        employer_code=employer,
        from_month=Month.parse(first) if first else None,
        to_month=Month.parse(last) if last else None,
        status=STATUSES[status],
        movement_code=code or None,
    )


EXAMPLES: Final = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.title)
def test_the_page_says_what_the_code_computes(example: Example) -> None:
    found = count(example.kind, example.rows)

    assert [line.months for line in found.lines] == example.lines
    assert [entry.months for entry in found.left_out] == example.apart
    assert found.total == example.total == sum(example.lines)
    assert getattr(show(found.total), example.language) == example.words
    if example.left is not None:
        assert unused_months(found.counted_spans, example.benefits).unused == example.left


def test_every_table_row_of_the_page_is_read_by_this_test() -> None:
    written = re.findall(r"^\| T[A-Z]\d{4}Z .+$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sum(len(example.rows) for example in EXAMPLES) == len(written) > 20
    assert sum(len(example.benefits) for example in EXAMPLES) == 2


def test_the_page_tells_every_rule_as_the_answers_do_and_names_it() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    for rule in RULES.values():
        assert rule.text.vi in page, rule.id
        assert rule.source.vi in page, rule.id
        assert f"`{rule.id}`" in page
