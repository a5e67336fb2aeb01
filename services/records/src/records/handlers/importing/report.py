"""The report of an import as a file: every refusal with its rule in words, safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Literal

from records.domain.rules import Rule

Form = Literal["csv", "jsonl"]
COLUMNS: Final = ("line", "column", "rule", "shape", "message_vi", "message_en", "way_out_vi", "way_out_en")
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


async def report_lines(
    refusals: AsyncIterator[Mapping[str, Any]], form: Form, rules: Mapping[str, Rule]
) -> AsyncIterator[str]:
    """Yield the report line by line: JSON Lines, or CSV with a header. `rules` gives the words for each rule's name."""
    if form == "csv":
        yield _csv_line(COLUMNS)
    async for refusal in refusals:
        entry = _with_words(refusal, rules.get(refusal["rule"]))
        yield json.dumps(entry, ensure_ascii=False) + "\n" if form == "jsonl" else _csv_line(_cells(entry))


def _with_words(refusal: Mapping[str, Any], rule: Rule | None) -> dict[str, Any]:
    words = dict.fromkeys(COLUMNS[4:])
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
