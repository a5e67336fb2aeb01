"""What may happen to a participant's cards, and what then has. Pure: every fact from outside is in the command."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, assert_never

from ansinh_kit.decider import Decider
from ansinh_kit.errors import RefusedError

from records.domain.cards import events as happened
from records.domain.cards.card import OVERLAPS_CARD, Card
from records.domain.cards.commands import (
    CardCommand,
    MoveCards,
    RecordCards,
    ReinstateCard,
    TakeOverCards,
    WithdrawCard,
)
from records.domain.cards.events import RecordedCardEvent
from records.domain.cards.state import Cards, evolve
from records.domain.cards.taking_over import taken_over
from records.domain.feeding.errors import RowContradictsError, RowNotFoundError, nothing_follows
from records.domain.feeding.ledger import Ledger, Row
from records.domain.feeding.outcome import UNKNOWN_ROW, RowOutcome, refusal_of
from records.domain.feeding.turns import Place, Rules, Turn, events_of, outcomes_of


class CardAlreadyWithdrawnError(RefusedError):
    """The card was withdrawn before, from another day on."""

    code: ClassVar[str] = "card_already_withdrawn"


def decide(command: CardCommand, state: Cards) -> Sequence[RecordedCardEvent]:
    """Return what has happened, or raise the refusal. Rows that are known, or refused by themselves, bring no event."""
    if state.moved_to is not None:
        closed_for = command.to if isinstance(command, MoveCards) else None
        return nothing_follows(state.moved_to, closed_for=closed_for)
    match command:
        case RecordCards():
            return [*events_of(_turns(command, state)), *_refused(command)]
        case WithdrawCard():
            return _withdraw(command, state)
        case ReinstateCard():
            return _reinstate(command, state)
        case MoveCards():
            moved = happened.CardsMoved(participant_id=command.participant_id, occurred_at=command.at, to=command.to)
            return [moved]
        case TakeOverCards():
            return _take_over(command, state)
        case _:
            assert_never(command)


def card_outcomes(command: RecordCards, before: Cards) -> list[RowOutcome]:
    """Return what becomes of each row of a command that is decided on `before`."""
    return outcomes_of(_turns(command, before))


def _refused(command: RecordCards) -> Sequence[RecordedCardEvent]:
    if not command.refused:
        return []
    rows = tuple(command.refused)
    return [happened.CardRowsRefused(participant_id=command.participant_id, occurred_at=command.at, rows=rows)]


def _turns(command: RecordCards, state: Cards) -> list[Turn[RecordedCardEvent]]:
    place = partial(_place, command.participant_id)
    return Rules(place=place, said=partial(_said, command), evolve=evolve).in_turn(command.rows, state)


def _place(participant_id: str, row: Row[Card], state: Cards) -> Place[Card]:
    cards = {card_id: held.card for card_id, held in state.held.items()}
    ledger = Ledger(participant_id, cards, ended=state.withdrawals, earlier=state.earlier, merged=state.taken_over)
    place = ledger.place(row)
    replaces = row.value.replaces
    if place.before is None and replaces is not None and state.unwithdrawn(replaces) is None:
        raise refusal_of("replaces", UNKNOWN_ROW)
    return place


def _said(command: RecordCards, place: Place[Card], row: Row[Card], state: Cards) -> Sequence[RecordedCardEvent]:
    if place.before is not None:
        changed = happened.CardChanged(
            participant_id=command.participant_id, occurred_at=command.at, card_id=place.row_id, card=row.value
        )
        return [changed]
    issued = happened.CardIssued(
        participant_id=command.participant_id, occurred_at=command.at, card_id=place.row_id, card=row.value
    )
    return [*_replaced(row.value, place.row_id, command, state), issued]


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


def _reinstate(command: ReinstateCard, state: Cards) -> Sequence[RecordedCardEvent]:
    held = state.held.get(command.card_id)
    if held is None:
        raise RowNotFoundError
    if held.withdrawn_on is None:
        return []
    others = [other for other in state.held.values() if other.card_id != held.card_id]
    beside = [other.card_id for other in others if other.good_for.meet(held.card.good_for)]
    if beside:
        raise RowContradictsError(OVERLAPS_CARD.name, beside)
    reinstated = happened.CardReinstated(
        participant_id=command.participant_id, occurred_at=command.at, card_id=held.card_id, reason=command.reason
    )
    return [reinstated]


def _take_over(command: TakeOverCards, state: Cards) -> Sequence[RecordedCardEvent]:
    return [] if command.from_participant in state.taken_over else [taken_over(command, state)]


card_decider: Decider[CardCommand, Cards, RecordedCardEvent] = Decider(initial=Cards(), decide=decide, evolve=evolve)
