"""Which numbers an event told that are one person's alone: what a new key of the blind index has to find (PII-05)."""

from collections.abc import Iterable

from ansinh_kit.events import DomainEvent
from ansinh_kit.re_indexing import Number

from records.domain.cards.events import CardChanged, CardIssued, CardsTakenOver
from records.domain.participant.details import Numbers
from records.domain.participant.events import DuplicateTakenOver, NumbersChanged, ParticipantRegistered
from records.storage.card_numbers import CARD_NUMBER_SCOPE


def numbers_told(event: DomainEvent) -> Iterable[Number]:
    """Return the numbers of a person or of a card, each in the scope in which it is reserved; none once forgotten."""
    match event:
        case ParticipantRegistered(numbers=Numbers() as numbers) | NumbersChanged(numbers=Numbers() as numbers):
            return numbers.number_keys()
        case DuplicateTakenOver(former_numbers=Numbers() as numbers):
            return numbers.number_keys()
        case CardIssued(card=card) | CardChanged(card=card) if card is not None:
            return ((CARD_NUMBER_SCOPE, card.card_number),)
        case CardsTakenOver(cards=cards) if cards is not None:
            return [(CARD_NUMBER_SCOPE, held.card.card_number) for held in cards]
        case _:
            return ()
