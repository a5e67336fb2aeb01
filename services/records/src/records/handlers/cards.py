"""Feeding health cards, withdrawing one, and handing them over when a participant is merged."""

from collections.abc import Sequence
from datetime import date

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.event_store.store import EventStore

from records.domain.cards.commands import (
    CardCommand,
    MoveCards,
    ReinstateCard,
    TakeOverCards,
    WithdrawCard,
)
from records.domain.cards.decide import card_decider
from records.domain.cards.entry import CardEntry
from records.domain.cards.state import Cards
from records.domain.cards.taking_over import former_cards
from records.handlers.card_recording import CardRecording, card_stream
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed, Sent, at_survivor, corrected, correction_of
from records.handlers.merging import Merge
from records.handlers.participants import Participants
from records.storage.card_numbers import CardNumbers


class CardBook:
    """All commands on health cards. What is sent to a merged participant reaches the survivor."""

    def __init__(
        self, *, store: EventStore, clock: Clock, participants: Participants, card_numbers: CardNumbers
    ) -> None:
        self._store = store
        self._clock = clock
        self._card_numbers = card_numbers
        self._recording = CardRecording(store=store, clock=clock, participants=participants, card_numbers=card_numbers)

    async def record(self, participant_id: str, sent: Sequence[Sent[CardEntry]], *, context: CommandContext) -> Fed:
        """Take in the rows that are sound, bear this person's numbers, and contradict nothing.

        Raises:
            UnavailableError: Others kept taking numbers of these cards at the same moment; nothing was recorded.
        """
        return await self._recording.record(participant_id, sent, context=context)

    async def correct(self, participant_id: str, card_id: str, entry: CardEntry, *, context: CommandContext) -> Fed:
        """Let the card be what the entry says from now on.

        Raises:
            InvalidFieldsError: The entry breaks rules, or names another row.
            RowNotFoundError: The participant has no such card.
            RowContradictsError: What stands does not allow it.
        """
        sent = correction_of(card_id, entry)
        return corrected(await self.record(participant_id, [sent], context=context))

    async def withdraw(
        self, participant_id: str, card_id: str, *, withdrawn_on: date, reason: str, context: CommandContext
    ) -> Handled[Cards]:
        """Let the card be worth nothing from that day on.

        Raises:
            RowNotFoundError: The participant has no such card.
            CardAlreadyWithdrawnError: It was withdrawn before, from another day on.
        """

        async def withdraw_there(there: str) -> Handled[Cards]:
            command = WithdrawCard(
                participant_id=there,
                card_id=card_id,
                withdrawn_on=withdrawn_on,
                reason=reason,
                at=self._clock.now(),
            )
            return await self._handle(there, command, context)

        return await at_survivor(participant_id, withdraw_there)

    async def reinstate(
        self, participant_id: str, card_id: str, *, reason: str, context: CommandContext
    ) -> Handled[Cards]:
        """Let the card be worth again what stands on it.

        Raises:
            RowNotFoundError: The participant has no such card.
            RowContradictsError: Another card is valid on some of its days.
        """

        async def reinstate_there(there: str) -> Handled[Cards]:
            command = ReinstateCard(participant_id=there, card_id=card_id, reason=reason, at=self._clock.now())
            return await self._handle(there, command, context)

        return await at_survivor(participant_id, reinstate_there)

    async def move(self, merge: Merge) -> None:
        """Close the duplicate's cards and give them, with their numbers, to the survivor.

        Bears being called again after a crash.
        """
        now = self._clock.now()
        closing = MoveCards(participant_id=merge.duplicate_id, to=merge.into, at=now)
        await self._handle(merge.duplicate_id, closing, merge.context("cards/close"))
        closed = await load(self._store, card_stream(merge.duplicate_id), card_decider)
        cards = tuple(closed.state.held.values())
        context = merge.context("cards/take_over")
        await self._card_numbers.hand_over(
            [held.card.card_number for held in cards],
            giver=merge.duplicate_id,
            taker=merge.into,
            commit_id=context.commit_id,
        )
        taking = TakeOverCards(
            participant_id=merge.into,
            from_participant=merge.duplicate_id,
            cards=cards,
            former=former_cards(closed.state),
            also_from=closed.state.taken_over,
            at=now,
        )
        await self._handle(merge.into, taking, context)

    async def _handle(self, participant_id: str, command: CardCommand, context: CommandContext) -> Handled[Cards]:
        return await handle(
            self._store,
            card_stream(participant_id),
            command,
            card_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )
