"""The QR code of the health card: up to 15 fields divided by `|`, texts in hex of UTF-8, `$` at the end."""

import re
from typing import Final

from registration.domain.qr.reading import CardReading, Damage, UnreadableQrError, card_date
from registration.domain.rules.identity import Sex
from registration.domain.rules.text import person_name, plain_line

_CARD_NUMBER: Final = re.compile(r"[A-Z]{2}[1-5][0-9]{2}(?P<social_insurance_number>[0-9]{10})")
# Cards of before 2017 carry letters among the last ten: a card, but without a social-insurance number.
_OLD_CARD_NUMBER: Final = re.compile(r"[A-Z]{2}[1-5][0-9]{2}[A-Z0-9]{10}")
_YEAR: Final = re.compile(r"(?:19|20|21)[0-9]{2}")
_END_MARK: Final = "$"
_FIELDS_MIN: Final = 4
_MALE: Final = "1"


def is_health_card(fields: list[str]) -> bool:
    number = _upper(fields[0])
    return _OLD_CARD_NUMBER.fullmatch(number) is not None


def read_health_card(fields: list[str]) -> CardReading:
    """Return what the card says. Tolerates capitals, one-digit days, a year alone, missing tail and end mark.

    Fields 5 to 13 (facility, validity, codes, check value) do not fill this form and are not looked at.

    Raises:
        UnreadableQrError: Fewer than 4 fields.
    """
    present = [text for text in fields if text != _END_MARK]
    if len(present) < _FIELDS_MIN:
        raise UnreadableQrError("too_few_fields")
    _, name, birth, sex, address = (*present, "")[:5]
    damage = Damage()
    whole_date = None if _YEAR.fullmatch(birth) else damage.reading("birth_date", lambda: card_date(birth))
    number = _CARD_NUMBER.fullmatch(_upper(present[0]))
    if number is None:
        damage.note("social_insurance_number")
    return CardReading(
        card="health_card",
        social_insurance_number=None if number is None else number["social_insurance_number"],
        full_name=damage.reading("full_name", lambda: person_name(_unhex(name))),
        address_line=damage.reading("address", lambda: plain_line(_unhex(address))) if address else None,
        birth_date=whole_date,
        birth_year=_birth_year(birth) if whole_date is None else whole_date.year,
        sex=_sex(sex),
        unreadable=damage.fields,
    )


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else text


def _sex(text: str) -> Sex | None:
    if not text:
        return None
    return "male" if text == _MALE else "female"


def _birth_year(birth: str) -> int | None:
    return int(birth) if _YEAR.fullmatch(birth) else None


def _unhex(text: str) -> str:
    """Return the text behind the hex digits; odd length and bad UTF-8 raise `ValueError`."""
    return bytes.fromhex(text).decode("utf-8")
