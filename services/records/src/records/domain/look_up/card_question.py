"""Whether a card is valid: asked by its number, and by a name and a birth date that fit it (V-04)."""

import re
from dataclasses import dataclass
from typing import Final

from records.domain.birth_date import BirthDate
from records.domain.cards.card import Card
from records.domain.cards.number import card_number
from records.domain.codes import compact
from records.domain.look_up.names import bare
from records.domain.look_up.number_keys import IndexKey

_TEN_DIGITS: Final = re.compile(r"[0-9]{10}")
_PRINTED_DIGITS: Final = 10


@dataclass(frozen=True, slots=True)
class CardQuestion:
    """`number` has the 15 characters of a card, or the 10 digits that newer cards print."""

    number: str
    full_name: str
    birth_date: BirthDate

    def asked_about(self) -> IndexKey:
        """Return what a limit per card counts: the number alone, so that names and dates cannot be tried on it.

        Its last ten digits, which newer cards print alone: one card has one count, whichever number is asked by.
        """
        return "card_look_up/asked", self.number[-_PRINTED_DIGITS:]

    def fits(self, card: Card) -> bool:
        """Say whether name, marks or not, and birth date are the card's; of some cards only the year is known."""
        day = self.birth_date.day
        born = self.birth_date.year == card.birth_year if card.birth_date is None else day == card.birth_date
        return born and bare(self.full_name) == bare(card.full_name)


def asked_number(raw: str) -> str:
    """Return the number in capitals without blanks.

    Raises:
        RuleBrokenError: Neither a card number nor 10 digits.
    """
    number = compact(raw)
    return number if _TEN_DIGITS.fullmatch(number) else card_number(raw)
