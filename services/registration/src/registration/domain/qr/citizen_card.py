"""The QR code of the citizen card: 7 fields divided by `|`; older printers leave out the old identity number."""

import re
import unicodedata
from typing import Final

from ansinh_kit.visible_text import without_marks

from registration.domain.qr.reading import CardReading, Damage, UnreadableQrError, card_date
from registration.domain.rules.identity import IdentityDocument, Sex
from registration.domain.rules.text import person_name, plain_line

_CITIZEN_ID: Final = re.compile(r"[0-9]{12}")
_FIELDS_MIN: Final = 6
_SEXES: Final[dict[str, Sex]] = {"nam": "male", "nu": "female"}


def is_citizen_card(fields: list[str]) -> bool:
    return _CITIZEN_ID.fullmatch(fields[0]) is not None


def read_citizen_card(fields: list[str]) -> CardReading:
    """Return what the card says. Tolerates 6 fields, dates with slashes, NFD text, lost diacritics, extra fields.

    Raises:
        UnreadableQrError: Fewer than 6 fields.
    """
    if len(fields) < _FIELDS_MIN:
        raise UnreadableQrError("too_few_fields")
    # The second field is the old identity number (digits or empty), or, where it was dropped, already the name.
    after_number = fields[1:] if _is_name(fields[1]) else fields[2:]
    name, birth, sex, address = (unicodedata.normalize("NFC", text) for text in (*after_number, "", "")[:4])
    damage = Damage()
    birth_date = damage.reading("birth_date", lambda: card_date(birth))
    return CardReading(
        card="citizen_card",
        identity=IdentityDocument(kind="citizen_id", number=fields[0]),
        full_name=damage.reading("full_name", lambda: person_name(name)),
        address_line=damage.reading("address", lambda: plain_line(address)),
        birth_date=birth_date,
        birth_year=None if birth_date is None else birth_date.year,
        sex=damage.reading("sex", lambda: _sex(sex)),
        unreadable=damage.fields,
    )


def _is_name(text: str) -> bool:
    return bool(text) and not any(character.isdigit() for character in text)


def _sex(text: str) -> Sex:
    try:
        return _SEXES[without_marks(text)]
    except KeyError as error:
        raise ValueError("neither Nam nor Nữ") from error
