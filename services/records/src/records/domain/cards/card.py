"""A health card as it is kept, and what it is worth on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict

from records.domain.cards.number import LEVEL_PERCENT
from records.domain.feeding.days import Days
from records.domain.language import Text
from records.domain.participant.details import Sex
from records.domain.rules import Rule

LivingArea = Literal["K1", "K2", "K3"]
CardState = Literal["valid", "not_yet_valid", "expired", "withdrawn"]

OVERLAPS_CARD: Final = Rule(
    "overlaps_standing_card",
    Text("Thời hạn trùng với một thẻ đang có hiệu lực.", "The validity overlaps that of a standing card."),
    Text(
        "Ghi mã thẻ cũ vào ô thẻ được thay thế, hoặc thu hồi thẻ cũ trước.",
        "Name the earlier card as the one that is replaced, or withdraw it first.",
    ),
)


class Card(BaseModel):
    """What stands on a card.

    Without `valid_to` it is valid until it is withdrawn; `birth_date` is `None` if only the year is known. `replaces`
    is the number of the card it took the place of while that was still valid.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    card_number: str
    social_insurance_number: str
    full_name: str
    sex: Sex
    birth_date: date | None
    birth_year: int
    address: str | None
    facility_code: str
    facility_name: str
    valid_from: date
    valid_to: date | None
    issued_on: date
    issuing_agency_code: str
    five_year_date: date | None
    copayment_exempt_from: date | None
    living_area: LivingArea | None
    parent_name: str | None
    replaces: str | None

    @property
    def named_by(self) -> tuple[str, ...]:
        return (self.card_number,)

    @property
    def natural_key(self) -> tuple[str, ...]:
        return (*self.named_by, self.valid_from.isoformat())

    @property
    def key_field(self) -> str:
        return "card_number"

    @property
    def subject_code(self) -> str:
        return self.card_number[:2]

    @property
    def benefit_level(self) -> str:
        return self.card_number[2]

    @property
    def benefit_percent(self) -> int:
        return LEVEL_PERCENT[self.benefit_level]

    @property
    def good_for(self) -> Days:
        return Days(self.valid_from, self.valid_to)

    def clash_with(self, other: Self) -> Rule | None:
        """A person has one valid card on any day; a card may end another by naming it."""
        replaced = other.card_number == self.replaces or other.replaces == self.card_number
        return None if replaced else OVERLAPS_CARD


def state_on(card: Card, withdrawn_on: date | None, day: date) -> CardState:
    """Return what the card is worth on `day`; on the day of its withdrawal it is worth nothing any more."""
    if withdrawn_on is not None and withdrawn_on <= day:
        return "withdrawn"
    if day < card.valid_from:
        return "not_yet_valid"
    if card.valid_to is not None and card.valid_to < day:
        return "expired"
    return "valid"


class FormerCard(BaseModel):
    """What a card said before it was corrected: an old file is known by it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    card_id: str
    said: tuple[Card, ...]


class HeldCard(BaseModel):
    """A card under the id it was recorded with, and from when on it is withdrawn, if it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    card_id: str
    card: Card
    withdrawn_on: date | None = None

    @property
    def good_for(self) -> Days:
        """The days it is, was or will be valid on."""
        return self.card.good_for.ended(self.withdrawn_on)

    def state_on(self, day: date) -> CardState:
        return state_on(self.card, self.withdrawn_on, day)


def card_to_show(cards: Iterable[HeldCard], day: date) -> HeldCard | None:
    """Return the card that is valid on `day`, else the one that began last; `None` without any."""
    by_start = sorted(cards, key=lambda held: (held.state_on(day) == "valid", held.card.valid_from, held.card_id))
    return by_start[-1] if by_start else None
