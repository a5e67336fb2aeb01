"""Feeding benefits, payments and stops, and handing them over when a participant is merged."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.event_store.store import EventStore

from records.domain.benefits.benefit import Benefit
from records.domain.benefits.commands import (
    BenefitCommand,
    GrantBenefits,
    MoveBenefits,
    PayBenefits,
    StopBenefits,
    TakeOverBenefits,
)
from records.domain.benefits.decide import benefit_decider
from records.domain.benefits.entry import BenefitEntry, check_benefit
from records.domain.benefits.outcomes import grant_outcomes, payment_outcomes, stop_outcomes
from records.domain.benefits.paying_entry import PaymentEntry, StopEntry, check_payment, check_stop
from records.domain.benefits.state import Benefits
from records.domain.feeding.ledger import Row
from records.domain.feeding.outcome import RowOutcome
from records.domain.feeding.values import VIET_NAM
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed, at_survivor, sift
from records.handlers.merging import Merge


def benefit_stream(participant_id: str) -> str:
    return f"benefits-{participant_id}"


class BenefitBook:
    """All commands on benefits. What is sent to a merged participant reaches the survivor.

    Each takes rows as they were sent and tells of every row what became of it.
    """

    def __init__(self, *, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def grant(
        self, participant_id: str, entries: Sequence[BenefitEntry], *, correction: bool, context: CommandContext
    ) -> Fed:
        now = self._clock.now()
        sifted = sift(entries, partial(_row, today=_today(now)))

        async def grant_there(there: str) -> Fed:
            command = GrantBenefits(participant_id=there, rows=sifted.rows, correction=correction, at=now)
            handled = await self._handle(there, command, context)
            outcomes = grant_outcomes(command, [recorded.event for recorded in handled.events], handled.state)
            return _fed(there, handled, sifted.answered(outcomes))

        return await at_survivor(participant_id, grant_there)

    async def pay(
        self, participant_id: str, entries: Sequence[PaymentEntry], *, correction: bool, context: CommandContext
    ) -> Fed:
        now = self._clock.now()
        sifted = sift(entries, partial(check_payment, today=_today(now)))

        async def pay_there(there: str) -> Fed:
            command = PayBenefits(participant_id=there, rows=sifted.rows, correction=correction, at=now)
            handled = await self._handle(there, command, context)
            outcomes = payment_outcomes(command, [recorded.event for recorded in handled.events], handled.state)
            return _fed(there, handled, sifted.answered(outcomes))

        return await at_survivor(participant_id, pay_there)

    async def stop(
        self, participant_id: str, entries: Sequence[StopEntry], *, correction: bool, context: CommandContext
    ) -> Fed:
        sifted = sift(entries, check_stop)

        async def stop_there(there: str) -> Fed:
            command = StopBenefits(participant_id=there, rows=sifted.rows, correction=correction, at=self._clock.now())
            handled = await self._handle(there, command, context)
            outcomes = stop_outcomes(command, [recorded.event for recorded in handled.events], handled.state)
            return _fed(there, handled, sifted.answered(outcomes))

        return await at_survivor(participant_id, stop_there)

    async def move(self, merge: Merge) -> None:
        """Close the duplicate's benefits and give them to the survivor; bears being called again after a crash."""
        now = self._clock.now()
        closing = MoveBenefits(participant_id=merge.duplicate_id, to=merge.into, at=now)
        await self._handle(merge.duplicate_id, closing, merge.context("benefits/close"))
        closed = await load(self._store, benefit_stream(merge.duplicate_id), benefit_decider)
        taking = TakeOverBenefits(
            participant_id=merge.into,
            from_participant=merge.duplicate_id,
            benefits=tuple(closed.state.held.values()),
            at=now,
        )
        await self._handle(merge.into, taking, merge.context("benefits/take_over"))

    async def _handle(self, participant_id: str, command: BenefitCommand, context: CommandContext) -> Handled[Benefits]:
        return await handle(
            self._store,
            benefit_stream(participant_id),
            command,
            benefit_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )


def _row(entry: BenefitEntry, *, today: date) -> Row[Benefit]:
    return Row(check_benefit(entry, today=today), entry.corrects.strip() or None)


def _today(now: datetime) -> date:
    return now.astimezone(VIET_NAM).date()


def _fed(participant_id: str, handled: Handled[Benefits], outcomes: tuple[RowOutcome, ...]) -> Fed:
    return Fed(participant_id, handled.version, handled.position, outcomes)
