"""Feeding health cards, withdrawing one, and handing them over when a participant is merged."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.errors import FieldViolation, UnavailableError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.reservations import AlreadyReservedError

from records.domain.cards.card import Card
from records.domain.cards.commands import (
    CardCommand,
    MoveCards,
    RecordCards,
    ReinstateCard,
    TakeOverCards,
    WithdrawCard,
)
from records.domain.cards.decide import card_decider, card_outcomes
from records.domain.cards.entry import CardEntry, check_card
from records.domain.cards.number import CARD_NUMBER_TAKEN, OTHER_PERSONS_NUMBER
from records.domain.cards.state import Cards
from records.domain.feeding.ledger import Row
from records.domain.feeding.refusal import RowRefusedError
from records.domain.feeding.values import VIET_NAM
from records.domain.participant.details import insurance_key
from records.domain.rules import Rule
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed, Sent, Sifted, at_survivor, corrected, correction_of, sift
from records.handlers.merging import Merge
from records.handlers.participants import Participants
from records.storage.card_numbers import CardNumbers

_RACES: Final = 3


def card_stream(participant_id: str) -> str:
    return f"cards-{participant_id}"


class CardBook:
    """All commands on health cards. What is sent to a merged participant reaches the survivor."""

    def __init__(
        self, *, store: EventStore, clock: Clock, participants: Participants, card_numbers: CardNumbers
    ) -> None:
        self._store = store
        self._clock = clock
        self._participants = participants
        self._card_numbers = card_numbers

    async def record(self, participant_id: str, sent: Sequence[Sent[CardEntry]], *, context: CommandContext) -> Fed:
        """Take in the rows that are sound, bear this person's numbers, and contradict nothing.

        Raises:
            UnavailableError: Others kept taking numbers of these cards at the same moment; nothing was recorded.
        """
        sifted = sift(sent, partial(_row, today=self._clock.now().astimezone(VIET_NAM).date()))

        async def record_there(there: str) -> Fed:
            for _ in range(_RACES):
                own = await self._own(there, sifted)
                try:
                    return await self._record_own(there, own, context=context)
                except AlreadyReservedError:
                    # A number went to somebody else since it was looked at: that row is refused next time round.
                    continue
            raise UnavailableError("card numbers")

        return await at_survivor(participant_id, record_there)

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
        taking = TakeOverCards(participant_id=merge.into, from_participant=merge.duplicate_id, cards=cards, at=now)
        await self._handle(merge.into, taking, context)

    async def _own(self, participant_id: str, sifted: Sifted[Row[Card]]) -> Sifted[Row[Card]]:
        """Return the rows whose numbers are, or may become, this participant's; the others are refused."""
        foreign = {row: await self._foreign_number(participant_id, row.value) for row in sifted.rows}

        def check(row: Row[Card]) -> Row[Card]:
            violation = foreign[row]
            if violation is not None:
                raise RowRefusedError(violation)
            return row

        return sifted.narrowed(check)

    async def _foreign_number(self, participant_id: str, card: Card) -> FieldViolation | None:
        bearer = await self._participants.find_by_number(insurance_key(card.social_insurance_number))
        if bearer is None or bearer.participant_id != participant_id:
            return _violation("social_insurance_number", OTHER_PERSONS_NUMBER)
        owner = await self._card_numbers.owner_of(card.card_number)
        return None if owner in (None, participant_id) else _violation("card_number", CARD_NUMBER_TAKEN)

    async def _record_own(self, participant_id: str, own: Sifted[Row[Card]], *, context: CommandContext) -> Fed:
        command = RecordCards(participant_id=participant_id, rows=own.rows, at=self._clock.now())
        numbers = [row.value.card_number for row in own.rows]
        async with self._card_numbers.held(numbers, participant_id=participant_id, commit_id=context.commit_id):
            handled = await self._handle(participant_id, command, context)
        outcomes = card_outcomes(command, handled.before)
        borne = handled.state.numbers
        await self._card_numbers.give_back(
            set(numbers) - borne, participant_id=participant_id, commit_id=context.commit_id
        )
        if handled.before.numbers - borne:
            await self._let_go(participant_id, handled.before.numbers)
        return Fed(participant_id, handled.version, handled.position, own.answered(outcomes))

    async def _let_go(self, participant_id: str, numbers: AbstractSet[str]) -> None:
        """Free those of `numbers` that no card bears any more: a mistyped one is another person's."""
        stream = card_stream(participant_id)
        known = {recorded.commit_id for recorded in await self._store.read_stream(stream)}
        borne = (await load(self._store, stream, card_decider)).state.numbers
        await self._card_numbers.let_go(numbers - borne, participant_id=participant_id, known=known)

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


def _row(sent: Sent[CardEntry], *, today: date) -> Row[Card]:
    return Row(check_card(sent.entry, today=today), sent.entry.corrected_id, sent.as_correction)


def _violation(field: str, rule: Rule) -> FieldViolation:
    return FieldViolation(field, rule.name)
