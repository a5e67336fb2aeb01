"""What may happen to a participant's cards, and what then has. Pure; the state is what decisions need."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import ClassVar, assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.errors import FieldViolation, RefusedError
from ansinh_kit.events import DomainEvent

from records.domain.cards import events as happened
from records.domain.cards.card import Card, HeldCard
from records.domain.cards.commands import CardCommand, MoveCards, RecordCards, TakeOverCards, WithdrawCard
from records.domain.cards.events import RecordedCardEvent
from records.domain.feeding.errors import RowNotFoundError, StreamMovedError
from records.domain.feeding.ledger import Judged, Ledger
from records.domain.feeding.outcome import UNKNOWN_ROW, Made, RowOutcome, refused, told_after
from records.domain.feeding.refusal import RowRefusedError


class CardAlreadyWithdrawnError(RefusedError):
    """The card was withdrawn before, from another day on."""

    code: ClassVar[str] = "card_already_withdrawn"


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards, withdrawn ones included. `moved_to` is the participant a merge closed them for."""

    held: Mapping[str, HeldCard] = field(default_factory=dict)
    moved_to: str | None = None
    taken_over: frozenset[str] = frozenset()

    def unwithdrawn(self, card_number: str) -> HeldCard | None:
        """Return the card with this number that is not withdrawn; the one that began last if there are several."""
        found = [held for held in self.held.values() if held.card.card_number == card_number and not held.withdrawn_on]
        return max(found, key=lambda held: held.card.valid_from, default=None)


def judge_cards(command: RecordCards, state: Cards) -> list[Judged[Card]]:
    """Return what becomes of each row of the command on this state."""
    withdrawn = frozenset(card_id for card_id, held in state.held.items() if held.withdrawn_on)
    cards = {card_id: held.card for card_id, held in state.held.items()}
    judged = Ledger(command.participant_id, cards, withdrawn).judge_all(command.rows, correction=command.correction)
    return [_known_replaced(each, state) for each in judged]


def _known_replaced(judged: Judged[Card], state: Cards) -> Judged[Card]:
    replaces = judged.value.replaces
    if replaces is None or judged.outcome.verdict != "recorded" or state.unwithdrawn(replaces) is not None:
        return judged
    refusal = RowRefusedError(FieldViolation("replaces", UNKNOWN_ROW.name))
    return replace(judged, outcome=refused(judged.outcome.index, refusal))


def decide(command: CardCommand, state: Cards) -> Sequence[RecordedCardEvent]:
    """Return what has happened, or raise the refusal. Rows that are refused or known bring no event."""
    if state.moved_to is not None:
        return _when_moved(command, state.moved_to)
    match command:
        case RecordCards():
            return [event for judged in judge_cards(command, state) for event in _events_of(judged, command, state)]
        case WithdrawCard():
            return _withdraw(command, state)
        case MoveCards():
            moved = happened.CardsMoved(participant_id=command.participant_id, occurred_at=command.at, to=command.to)
            return [moved]
        case TakeOverCards():
            return _take_over(command, state)
        case _:
            assert_never(command)


def _when_moved(command: CardCommand, moved_to: str) -> Sequence[RecordedCardEvent]:
    if isinstance(command, MoveCards) and command.to == moved_to:
        return []
    raise StreamMovedError(moved_to)


def _events_of(judged: Judged[Card], command: RecordCards, state: Cards) -> Sequence[RecordedCardEvent]:
    card_id = judged.outcome.row_id
    match judged.outcome.verdict:
        case "recorded" if card_id is not None:
            issued = happened.CardIssued(
                participant_id=command.participant_id, occurred_at=command.at, card_id=card_id, card=judged.value
            )
            return [*_replaced(judged.value, card_id, command, state), issued]
        case "corrected" if card_id is not None:
            changed = happened.CardChanged(
                participant_id=command.participant_id, occurred_at=command.at, card_id=card_id, card=judged.value
            )
            return [changed]
        case _:
            return []


def _replaced(card: Card, card_id: str, command: RecordCards, state: Cards) -> Sequence[RecordedCardEvent]:
    before = None if card.replaces is None else state.unwithdrawn(card.replaces)
    if before is None:
        return []
    withdrawn = happened.CardWithdrawn(
        participant_id=command.participant_id,
        occurred_at=command.at,
        card_id=before.card_id,
        withdrawn_on=card.valid_from,
        replaced_by=card_id,
    )
    return [withdrawn]


def _withdraw(command: WithdrawCard, state: Cards) -> Sequence[RecordedCardEvent]:
    held = state.held.get(command.card_id)
    if held is None:
        raise RowNotFoundError
    if held.withdrawn_on == command.withdrawn_on:
        return []
    if held.withdrawn_on is not None:
        raise CardAlreadyWithdrawnError
    withdrawn = happened.CardWithdrawn(
        participant_id=command.participant_id,
        occurred_at=command.at,
        card_id=command.card_id,
        withdrawn_on=command.withdrawn_on,
        reason=command.reason,
    )
    return [withdrawn]


def _take_over(command: TakeOverCards, state: Cards) -> Sequence[RecordedCardEvent]:
    if command.from_participant in state.taken_over:
        return []
    # The same card under both participants is one card; two versions of it stay side by side for an officer to settle.
    known = [(held.card, held.withdrawn_on) for held in state.held.values()]
    taken = happened.CardsTakenOver(
        participant_id=command.participant_id,
        occurred_at=command.at,
        from_participant=command.from_participant,
        cards=tuple(held for held in command.cards if (held.card, held.withdrawn_on) not in known),
    )
    return [taken]


def evolve(state: Cards, event: RecordedCardEvent) -> Cards:
    """Return the state after the event. Of a forgotten person nothing is held any more."""
    match event:
        case happened.CardIssued():
            return _holding(state, event.card_id, event.card, None)
        case happened.CardChanged():
            before = state.held.get(event.card_id)
            return _holding(state, event.card_id, event.card, before.withdrawn_on if before else None)
        case happened.CardWithdrawn():
            before = state.held.get(event.card_id)
            return _holding(state, event.card_id, before.card if before else None, event.withdrawn_on)
        case happened.CardsMoved():
            return replace(state, moved_to=event.to)
        case happened.CardsTakenOver():
            taken = {held.card_id: held for held in event.cards or ()}
            sources = state.taken_over | {event.from_participant}
            return replace(state, held={**state.held, **taken}, taken_over=sources)
        case _:
            assert_never(event)


def _holding(state: Cards, card_id: str, card: Card | None, withdrawn_on: date | None) -> Cards:
    held = {each: value for each, value in state.held.items() if each != card_id or card is not None}
    if card is not None:
        held[card_id] = HeldCard(card_id=card_id, card=card, withdrawn_on=withdrawn_on)
    return replace(state, held=held)


card_decider: Decider[CardCommand, Cards, RecordedCardEvent] = Decider(initial=Cards(), decide=decide, evolve=evolve)


def card_outcomes(command: RecordCards, events: Sequence[DomainEvent], after: Cards) -> list[RowOutcome]:
    """Return what became of each row, from what the command recorded and the state after it."""
    return told_after(judge_cards(command, after), _made(events))


def _made(events: Sequence[DomainEvent]) -> Iterable[Made]:
    for event in events:
        if isinstance(event, happened.CardIssued):
            yield Made(event.card_id, event.card, "recorded")
        elif isinstance(event, happened.CardChanged):
            yield Made(event.card_id, event.card, "corrected")
