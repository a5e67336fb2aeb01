"""What can have happened to a participant's health cards. Types, versions and fields are stored for ever.

What stands on a card is one field marked `Personal`, which reads `None` once the person is forgotten.
"""

from datetime import date
from typing import Annotated, ClassVar, Final

from ansinh_kit.events import OptionalPersonalText, Personal
from pydantic import BaseModel, ConfigDict

from records.domain.cards.card import Card, FormerCard, HeldCard
from records.domain.feeding.events import RowEvent, RowsMoved, RowsTakenOver


class CardEvent(RowEvent):
    """Base of all events of a participant's cards."""


class CardIssued(CardEvent):
    """The participant got a card."""

    event_type: ClassVar[str] = "card_issued"

    card_id: str
    card: Annotated[Card | None, Personal()] = None


class CardChanged(CardEvent):
    """From here on the card reads like this: another facility, a longer validity, a corrected name."""

    event_type: ClassVar[str] = "card_changed"

    card_id: str
    card: Annotated[Card | None, Personal()] = None


class CardWithdrawn(CardEvent):
    """From `withdrawn_on` on the card is worth nothing. `replaced_by` is the card that took its place, if one did."""

    event_type: ClassVar[str] = "card_withdrawn"

    card_id: str
    withdrawn_on: date
    replaced_by: str | None = None
    reason: OptionalPersonalText = None


class CardReinstated(CardEvent):
    """The withdrawal was a mistake: from here on the card is worth again what stands on it."""

    event_type: ClassVar[str] = "card_reinstated"

    card_id: str
    reason: OptionalPersonalText = None


class CardsMoved(CardEvent, RowsMoved):
    """The participant was found to be another one, `to`, who takes the cards over. Nothing follows here."""

    event_type: ClassVar[str] = "cards_moved"


class CardsTakenOver(CardEvent, RowsTakenOver):
    """The cards of `from_participant`, a duplicate of this participant, stand here from now on.

    `former` is what they said before. Version 1 did not carry it.
    """

    event_type: ClassVar[str] = "cards_taken_over"
    schema_version: ClassVar[int] = 2

    cards: Annotated[tuple[HeldCard, ...] | None, Personal()] = None
    former: Annotated[tuple[FormerCard, ...] | None, Personal()] = None


class RefusedRow(BaseModel):
    """The row at `index` of what was sent, from 0; `field` breaks `rule`. Never what was sent in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index: int
    field: str
    rule: str


class CardRowsRefused(CardEvent):
    """Rows bore numbers that were not this person's to have. It changes no card.

    Whose a number is changes: by this event the same request is answered again as it was the first time.
    """

    event_type: ClassVar[str] = "card_rows_refused"

    rows: tuple[RefusedRow, ...]


RecordedCardEvent = (
    CardIssued | CardChanged | CardWithdrawn | CardReinstated | CardRowsRefused | CardsMoved | CardsTakenOver
)
CARD_EVENTS: Final[tuple[type[CardEvent], ...]] = (
    CardIssued,
    CardChanged,
    CardWithdrawn,
    CardReinstated,
    CardRowsRefused,
    CardsMoved,
    CardsTakenOver,
)
