"""A sheet as JSON, for programs: the fields of the paper under fixed names, each with its exact value."""

import json
from typing import Any

from records.domain.exports.sheet import Section, Sheet, Stamp, said


def json_of(sheet: Sheet, stamp: Stamp) -> bytes:
    """Return the file: `{title, as_of, made_at, language, check, sections}`, in UTF-8 without a byte order mark.

    A section is `{key, title, facts, rows}`: facts and the cells of a row by their keys. Months are `2021-03`, money
    is a decimal in a string, moments are RFC 3339.
    """
    content = {
        "title": said(sheet.title, stamp.language),
        "as_of": stamp.as_of.isoformat(),
        "made_at": stamp.made_at.isoformat(),
        "language": stamp.language,
        "check": {"code": stamp.code, "address": stamp.check_address},
        "sections": [_section(section, stamp) for section in sheet.sections],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _section(section: Section, stamp: Stamp) -> dict[str, Any]:
    keys = [column.key for column in section.columns]
    return {
        "key": section.key,
        "title": said(section.title, stamp.language),
        "facts": {fact.key: fact.cell.exact for fact in section.facts},
        "rows": [dict(zip(keys, (cell.exact for cell in row), strict=True)) for row in section.rows],
    }
