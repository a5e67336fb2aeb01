"""What of a duplicate's cards goes on in the record it was merged into."""

from records.domain.cards.card import FormerCard
from records.domain.cards.commands import TakeOverCards
from records.domain.cards.events import CardsTakenOver
from records.domain.cards.state import Cards


def former_cards(closed: Cards) -> tuple[FormerCard, ...]:
    """Return what these cards said before they were corrected."""
    return tuple(
        FormerCard(card_id=card_id, said=tuple(card for card, said_by in closed.earlier.items() if said_by == card_id))
        for card_id in sorted(set(closed.earlier.values()))
    )


def taken_over(command: TakeOverCards, state: Cards) -> CardsTakenOver:
    """Take over the cards but for those that are here already.

    The same card under both participants is one card; two versions of it stay side by side for an officer to settle.
    """
    here = {(held.card, held.withdrawn_on): card_id for card_id, held in state.held.items()}
    new = tuple(held for held in command.cards if (held.card, held.withdrawn_on) not in here)
    goes_on_as = {held.card_id: here.get((held.card, held.withdrawn_on), held.card_id) for held in command.cards}
    return CardsTakenOver(
        participant_id=command.participant_id,
        occurred_at=command.at,
        from_participant=command.from_participant,
        also_from=tuple(sorted(command.also_from)),
        cards=new,
        former=tuple(
            each.model_copy(update={"card_id": goes_on_as.get(each.card_id, each.card_id)}) for each in command.former
        ),
    )
