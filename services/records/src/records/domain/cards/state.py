"""What decisions need to know of a participant's cards. Read models hold the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from records.domain.cards import events as happened
from records.domain.cards.card import Card, HeldCard
from records.domain.cards.events import RecordedCardEvent


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards, withdrawn ones included. `moved_to` is the participant a merge closed them for.

    Attributes:
        earlier: What cards said before they were corrected, with their ids: an old file is known by it.
        taken_over: The participants whose cards were taken over, and those whose cards these had taken over.
    """

    held: Mapping[str, HeldCard] = field(default_factory=dict)
    earlier: Mapping[Card, str] = field(default_factory=dict)
    moved_to: str | None = None
    taken_over: frozenset[str] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers on the cards, withdrawn ones included."""
        return frozenset(held.card.card_number for held in self.held.values())

    @property
    def withdrawals(self) -> Mapping[str, date]:
        """From which day on withdrawn cards are worth nothing, by id."""
        return {card_id: held.withdrawn_on for card_id, held in self.held.items() if held.withdrawn_on is not None}

    def unwithdrawn(self, card_number: str) -> HeldCard | None:
        """Return the card with this number that is not withdrawn; the one that began last if there are several."""
        found = [held for held in self.held.values() if held.card.card_number == card_number and not held.withdrawn_on]
        return max(found, key=lambda held: held.card.valid_from, default=None)


def evolve(state: Cards, event: RecordedCardEvent) -> Cards:
    """Return the state after the event. Of a forgotten person nothing is held any more."""
    match event:
        case happened.CardIssued():
            return _holding(state, event.card_id, event.card, None)
        case happened.CardChanged():
            before = state.held.get(event.card_id)
            changed = _holding(state, event.card_id, event.card, before.withdrawn_on if before else None)
            earlier = state.earlier if before is None else {**state.earlier, before.card: event.card_id}
            return replace(changed, earlier=earlier)
        case happened.CardWithdrawn() | happened.CardReinstated():
            before = state.held.get(event.card_id)
            withdrawn_on = event.withdrawn_on if isinstance(event, happened.CardWithdrawn) else None
            return _holding(state, event.card_id, before.card if before else None, withdrawn_on)
        case happened.CardRowsRefused():
            return state
        case happened.CardsMoved():
            return replace(state, moved_to=event.to)
        case happened.CardsTakenOver():
            return _taken_over(state, event)
        case _:
            assert_never(event)


def _taken_over(state: Cards, event: happened.CardsTakenOver) -> Cards:
    return replace(
        state,
        held={**state.held, **{held.card_id: held for held in event.cards or ()}},
        earlier={**state.earlier, **{said: each.card_id for each in event.former or () for said in each.said}},
        taken_over=state.taken_over | {event.from_participant, *event.also_from},
    )


def _holding(state: Cards, card_id: str, card: Card | None, withdrawn_on: date | None) -> Cards:
    held = {each: value for each, value in state.held.items() if each != card_id or card is not None}
    if card is not None:
        held[card_id] = HeldCard(card_id=card_id, card=card, withdrawn_on=withdrawn_on)
    return replace(state, held=held)
