"""Rows of health cards: each number is one person's, so what others have is looked at before, and held meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from functools import partial
from typing import Final, TypeAlias

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.errors import FieldViolation, UnavailableError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import RecordedEvent
from ansinh_kit.reservations import AlreadyReservedError

from records.domain.cards.card import Card
from records.domain.cards.commands import RecordCards
from records.domain.cards.decide import card_decider, card_outcomes
from records.domain.cards.entry import CardEntry, check_card
from records.domain.cards.events import CardRowsRefused, RefusedRow
from records.domain.cards.number import CARD_NUMBER_TAKEN, OTHER_PERSONS_NUMBER
from records.domain.cards.state import Cards
from records.domain.feeding.ledger import Row
from records.domain.feeding.values import VIET_NAM
from records.domain.participant.details import insurance_key
from records.domain.rules import Rule
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed, Sent, Sifted, at_survivor, judged_at, sift
from records.handlers.participants import Participants
from records.storage.card_numbers import CardNumbers

_RACES: Final = 3
_Foreign: TypeAlias = Mapping[int, FieldViolation]
"""Which number of the row sent in a place is somebody else's."""


def card_stream(participant_id: str) -> str:
    return f"cards-{participant_id}"


class CardRecording:
    """One request, one commit. Whose the numbers were is in it: the request that comes again is answered by that."""

    def __init__(
        self, *, store: EventStore, clock: Clock, participants: Participants, card_numbers: CardNumbers
    ) -> None:
        self._store = store
        self._clock = clock
        self._participants = participants
        self._card_numbers = card_numbers

    async def record(self, participant_id: str, sent: Sequence[Sent[CardEntry]], *, context: CommandContext) -> Fed:
        """Take in the rows, as `CardBook.record` says."""
        earlier = await self._store.find_commit(context.commit_id)
        now = judged_at(earlier, self._clock)
        sifted = sift(sent, partial(_row, today=now.astimezone(VIET_NAM).date()))

        async def record_there(there: str) -> Fed:
            if earlier is not None:
                # Nothing is held: what a card bore then may be another person's by now.
                return (await self._decided(there, sifted, {}, now, context))[1]
            return await self._record(there, sifted, now, context)

        return await at_survivor(participant_id, record_there)

    async def _record(
        self, participant_id: str, sifted: Sifted[Row[Card]], now: datetime, context: CommandContext
    ) -> Fed:
        for _ in range(_RACES):
            foreign = await self._foreign(participant_id, sifted)
            try:
                return await self._record_own(participant_id, sifted, foreign, now, context)
            except AlreadyReservedError:
                # A number went to somebody else since it was looked at: that row is refused next time round.
                continue
        raise UnavailableError("card numbers")

    async def _foreign(self, participant_id: str, sifted: Sifted[Row[Card]]) -> _Foreign:
        rows = zip(sifted.places, sifted.rows, strict=True)
        found = {place: await self._foreign_number(participant_id, row.value) for place, row in rows}
        return {place: violation for place, violation in found.items() if violation is not None}

    async def _foreign_number(self, participant_id: str, card: Card) -> FieldViolation | None:
        bearer = await self._participants.find_by_number(insurance_key(card.social_insurance_number))
        if bearer is None or bearer.participant_id != participant_id:
            return _violation("social_insurance_number", OTHER_PERSONS_NUMBER)
        owner = await self._card_numbers.owner_of(card.card_number)
        return None if owner in (None, participant_id) else _violation("card_number", CARD_NUMBER_TAKEN)

    async def _record_own(
        self,
        participant_id: str,
        sifted: Sifted[Row[Card]],
        foreign: _Foreign,
        now: datetime,
        context: CommandContext,
    ) -> Fed:
        numbers = [row.value.card_number for row in sifted.without(foreign).rows]
        async with self._card_numbers.held(numbers, participant_id=participant_id, commit_id=context.commit_id):
            handled, fed = await self._decided(participant_id, sifted, foreign, now, context)
        borne = handled.state.numbers
        await self._card_numbers.give_back(
            set(numbers) - borne, participant_id=participant_id, commit_id=context.commit_id
        )
        if handled.before.numbers - borne:
            await self._let_go(participant_id, handled.before.numbers)
        return fed

    async def _decided(
        self,
        participant_id: str,
        sifted: Sifted[Row[Card]],
        foreign: _Foreign,
        now: datetime,
        context: CommandContext,
    ) -> tuple[Handled[Cards], Fed]:
        command = _command(participant_id, sifted, foreign, now)
        handled = await handle(
            self._store,
            card_stream(participant_id),
            command,
            card_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )
        if handled.repeated:
            foreign = _foreign_in(handled.events)
            command = _command(participant_id, sifted, foreign, now)
        outcomes = sifted.without(foreign).answered(card_outcomes(command, handled.before))
        return handled, Fed(participant_id, handled.version, handled.position, outcomes)

    async def _let_go(self, participant_id: str, numbers: AbstractSet[str]) -> None:
        """Free those of `numbers` that no card bears any more: a mistyped one is another person's."""
        stream = card_stream(participant_id)
        known = {recorded.commit_id for recorded in await self._store.read_stream(stream)}
        borne = (await load(self._store, stream, card_decider)).state.numbers
        await self._card_numbers.let_go(numbers - borne, participant_id=participant_id, known=known)


def _command(participant_id: str, sifted: Sifted[Row[Card]], foreign: _Foreign, now: datetime) -> RecordCards:
    refused = [RefusedRow(index=place, field=one.field, rule=one.rule) for place, one in sorted(foreign.items())]
    return RecordCards(participant_id=participant_id, rows=sifted.without(foreign).rows, refused=refused, at=now)


def _foreign_in(events: Iterable[RecordedEvent]) -> _Foreign:
    """Return which rows the commit refused for their numbers."""
    return {
        row.index: FieldViolation(row.field, row.rule)
        for recorded in events
        if isinstance(recorded.event, CardRowsRefused)
        for row in recorded.event.rows
    }


def _row(sent: Sent[CardEntry], *, today: date) -> Row[Card]:
    return Row(check_card(sent.entry, today=today), sent.entry.corrected_id, sent.as_correction)


def _violation(field: str, rule: Rule) -> FieldViolation:
    return FieldViolation(field, rule.name)
