"""The report of an import as a file: every refusal with its rule in words, safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Literal

from records.domain.bulk.rules import BULK_RULES
from records.domain.rules import Rule

Form = Literal["csv", "jsonl"]
COLUMNS: Final = ("line", "column", "rule", "shape", "message_vi", "message_en", "way_out_vi", "way_out_en")
_RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in BULK_RULES}
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


async def report_lines(refusals: AsyncIterator[Mapping[str, Any]], form: Form) -> AsyncIterator[str]:
    """Yield the report line by line: JSON Lines, or CSV with a header."""
    if form == "csv":
        yield _csv_line(COLUMNS)
    async for refusal in refusals:
        entry = _with_words(refusal)
        yield json.dumps(entry, ensure_ascii=False) + "\n" if form == "jsonl" else _csv_line(_cells(entry))


def _with_words(refusal: Mapping[str, Any]) -> dict[str, Any]:
    words = dict.fromkeys(COLUMNS[4:])
    rule = _RULES.get(refusal["rule"])
    if rule is not None:
        words = {
            "message_vi": rule.message.vi,
            "message_en": rule.message.en,
            "way_out_vi": rule.way_out.vi,
            "way_out_en": rule.way_out.en,
        }
    return {name: refusal[name] for name in COLUMNS[:4]} | words


def _cells(entry: Mapping[str, Any]) -> tuple[str, ...]:
    cells = ("" if entry[name] is None else str(entry[name]) for name in COLUMNS)
    # The shape of a formula still begins like one: the quotation mark keeps a spreadsheet from running it.
    return tuple(f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell for cell in cells)


def _csv_line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
