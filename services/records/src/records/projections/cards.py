"""A participant's health cards, each with all its versions (S-41 to S-44)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from ansinh_kit.database import Document
from ansinh_kit.events import ERASED, RecordedEvent
from ansinh_kit.projections.projection import ViewIndex

from records.domain.cards import events as happened
from records.domain.cards.card import Card, HeldCard
from records.projections.versioned_rows import (
    Rows,
    StandingRow,
    ended,
    last_value,
    revised,
    rows_of,
    standing_rows,
    versions_by,
)

_CARDS: Final = "cards"


class HealthCards:
    """One document per participant: the cards by id, withdrawn ones included."""

    name = "health_cards"
    version = 1
    indexes: Sequence[ViewIndex] = ()
    personal_fields: frozenset[str] = frozenset({_CARDS})

    def subject_of(self, document: Document) -> str:
        return str(document["participant_id"])

    def keys(self, event: RecordedEvent) -> Iterable[str]:
        match event.event:
            case happened.CardRowsRefused():
                return []
            case happened.CardEvent() as about_a_card:
                return [about_a_card.participant_id]
            case _:
                return []

    def fold(self, key: str, document: Document | None, event: RecordedEvent) -> Document | None:
        before = document or {"participant_id": key, _CARDS: {}}
        if before[_CARDS] == ERASED or _is_erased(event.event):
            return before | {_CARDS: ERASED}
        return before | {_CARDS: _changed(rows_of(before, _CARDS), event)}


def cards_at(document: Document | None, as_of: datetime | None) -> list[tuple[StandingRow, HeldCard]]:
    """Return the cards as they were known at `as_of`, the one that began last first."""
    standing = [(row, _held(row)) for row in standing_rows(rows_of(document, _CARDS), as_of)]
    if as_of is not None:
        # Before a merge both records may have held a card: it was one.
        standing = list({(held.card, held.withdrawn_on): (row, held) for row, held in standing}.values())
    return sorted(standing, key=lambda each: (each[1].card.valid_from, each[0].row_id), reverse=True)


def card_versions(
    document: Document | None, card_id: str, as_of: datetime | None
) -> list[tuple[StandingRow, HeldCard]]:
    """Return what was said of one card by `as_of`, newest first."""
    return [(row, _held(row)) for row in versions_by(rows_of(document, _CARDS), card_id, as_of)]


def _held(row: StandingRow) -> HeldCard:
    return HeldCard.model_validate({"card_id": row.row_id} | dict(row.value))


def _is_erased(event: object) -> bool:
    match event:
        case happened.CardIssued(card=None) | happened.CardChanged(card=None) | happened.CardsTakenOver(cards=None):
            return True
        case _:
            return False


def _changed(cards: Rows, event: RecordedEvent) -> Rows:
    match event.event:
        case happened.CardIssued() as issued:
            return revised(cards, issued.card_id, event, _value(issued.card))
        case happened.CardChanged() as changed:
            said_before = last_value(cards, changed.card_id) or {}
            return revised(cards, changed.card_id, event, said_before | _value(changed.card))
        case happened.CardWithdrawn() | happened.CardReinstated() as said:
            before = last_value(cards, said.card_id)
            until = said.withdrawn_on.isoformat() if isinstance(said, happened.CardWithdrawn) else None
            return revised(cards, said.card_id, event, None if before is None else before | {"withdrawn_on": until})
        case happened.CardsMoved():
            return ended(cards, cards, event)
        case happened.CardsTakenOver() as taken:
            for held in taken.cards or ():
                cards = revised(cards, held.card_id, event, held.model_dump(mode="json", exclude={"card_id"}))
            return cards
        case _:
            return cards


def _value(card: Card | None) -> Document:
    return {} if card is None else {"card": card.model_dump(mode="json")}
