"""What can be asked of a participant's health cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from records.domain.cards.card import Card, FormerCard, HeldCard
from records.domain.cards.events import RefusedRow
from records.domain.feeding.ledger import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCards:
    """Take in the rows of a feeder, each on its own: one that is refused keeps no other out.

    `refused` are those that bear numbers of others; they are not among `rows`.
    """

    participant_id: str
    rows: Sequence[Row[Card]]
    refused: Sequence[RefusedRow] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCard:
    participant_id: str
    card_id: str
    withdrawn_on: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateCard:
    """Take back a withdrawal that was a mistake."""

    participant_id: str
    card_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCards:
    """Close these cards: the participant was merged into `to`."""

    participant_id: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverCards:
    """Let the cards of a merged duplicate stand here, too; what they said before is known by `former`.

    `also_from` are the participants who had been merged into the duplicate.
    """

    participant_id: str
    from_participant: str
    cards: Sequence[HeldCard]
    former: Sequence[FormerCard] = ()
    also_from: frozenset[str] = frozenset()
    at: datetime


CardCommand = RecordCards | WithdrawCard | ReinstateCard | MoveCards | TakeOverCards
