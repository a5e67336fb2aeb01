"""What the template of the PDF is given: texts only, and the QR code as a picture."""

import io
from typing import Any

import segno

from records.domain.exports.labels import AS_OF, CHECK_ADDRESS, CODE, MADE_AT, PAGE, QR_SAYS, moment
from records.domain.exports.sheet import Section, Sheet, Stamp, said
from records.domain.language import Language


def paper_of(sheet: Sheet, stamp: Stamp) -> dict[str, Any]:
    """Return the content of the paper as JSON types, in the language of the stamp."""
    language = stamp.language
    return {
        "language": language,
        "made_at": int(stamp.made_at.timestamp()),
        "title": said(sheet.title, language),
        "stamp": [
            [said(AS_OF, language), moment(stamp.as_of)],
            [said(MADE_AT, language), moment(stamp.made_at)],
            [said(CODE, language), stamp.code],
            [said(CHECK_ADDRESS, language), stamp.check_address],
        ],
        "code": f"{said(CODE, language)}: {stamp.code}",
        "page": said(PAGE, language),
        "qr": _picture_of(stamp.check_address),
        "qr_says": said(QR_SAYS, language),
        "sections": [_section(section, language) for section in sheet.sections],
    }


def _section(section: Section, language: Language) -> dict[str, Any]:
    return {
        "title": said(section.title, language),
        "facts": [[said(fact.label, language), fact.cell.said(language)] for fact in section.facts],
        "columns": [
            {"label": said(column.label, language), "width": column.width, "align": column.align}
            for column in section.columns
        ],
        "rows": [[cell.said(language) for cell in row] for row in section.rows],
        "nothing_yet": None if section.nothing_yet is None else said(section.nothing_yet, language),
    }


def _picture_of(address: str) -> str:
    picture = io.BytesIO()
    # A quarter of the code may be dirty or folded, and it still reads; not without its white border (ISO/IEC 18004).
    segno.make(address, error="q", micro=False).save(picture, kind="svg", xmldecl=False, border=4)
    return picture.getvalue().decode()
