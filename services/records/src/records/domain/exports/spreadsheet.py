"""A sheet as CSV, for people who open it in a spreadsheet: the texts of the paper, one table under the other.

RFC 4180 with every cell in quotes, UTF-8 *with* a byte order mark: without it Excel reads Vietnamese letters as
Latin-1. Programs that want exact values and no mark take the JSON.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from records.domain.exports.labels import AS_OF, CHECK_ADDRESS, CODE, MADE_AT, moment
from records.domain.exports.sheet import Section, Sheet, Stamp, said

_BYTE_ORDER_MARK: Final = "\ufeff"
# What makes a spreadsheet take a cell for a formula, also in full width (U+FF0B…), also behind blanks it strips.
_FORMULA_STARTS: Final = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")
_CONTROLS: Final = frozenset("\t\r\n")


def csv_of(sheet: Sheet, stamp: Stamp) -> bytes:
    """Return the file; no cell of it is a formula, whatever the record holds."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in line] for line in _lines(sheet, stamp))
    return (_BYTE_ORDER_MARK + written.getvalue()).encode()


def safe(text: str) -> str:
    """Return the text so that a spreadsheet shows it and does not calculate it: with an apostrophe where needed."""
    bare = text.lstrip()
    risky = bare[:1] in _FORMULA_STARTS if bare else False
    return f"'{text}" if risky or text[:1] in _CONTROLS else text


def _lines(sheet: Sheet, stamp: Stamp) -> Iterator[Iterable[str]]:
    language = stamp.language
    yield [said(sheet.title, language)]
    yield [said(AS_OF, language), moment(stamp.as_of)]
    yield [said(MADE_AT, language), moment(stamp.made_at)]
    yield [said(CODE, language), stamp.code]
    yield [said(CHECK_ADDRESS, language), stamp.check_address]
    for section in sheet.sections:
        yield []
        yield from _section(section, stamp)


def _section(section: Section, stamp: Stamp) -> Iterator[Iterable[str]]:
    language = stamp.language
    yield [said(section.title, language)]
    yield from ([said(fact.label, language), fact.cell.said(language)] for fact in section.facts)
    if section.nothing_yet is not None:
        yield [said(section.nothing_yet, language)]
    elif section.columns:
        yield [said(column.label, language) for column in section.columns]
        yield from ([cell.said(language) for cell in row] for row in section.rows)
