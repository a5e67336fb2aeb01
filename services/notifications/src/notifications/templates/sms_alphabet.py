"""The GSM 7-bit default alphabet: what fits into one SMS of 160 characters. Source: 3GPP TS 23.038, section 6.2.1."""

import unicodedata
from typing import Final

SINGLE_SMS_SEPTETS: Final = 160

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_BARRED_D: Final = str.maketrans({"đ": "d", "Đ": "D"})


class NotGsmTextError(ValueError):
    """The text has a character outside the alphabet: it would cost a message of 70 characters."""


def septets(text: str) -> int:
    """Return the length that carriers count; an extended character counts twice.

    Raises:
        NotGsmTextError: A character is outside the alphabet.
    """
    strange = {character for character in text if character not in _BASIC and character not in _EXTENDED}
    if strange:
        raise NotGsmTextError(", ".join(f"U+{ord(character):04X}" for character in sorted(strange)))
    return len(text) + sum(character in _EXTENDED for character in text)


def without_marks(text: str) -> str:
    """Return Vietnamese text as people write it in short messages: letters without their marks."""
    decomposed = unicodedata.normalize("NFD", text.translate(_BARRED_D))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
