"""Feeding benefits, payments and stops, and handing them over when a participant is merged."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.event_store.store import EventStore

from records.domain.benefits.benefit import Benefit, Payment, Stop
from records.domain.benefits.check import check_benefit
from records.domain.benefits.commands import (
    BenefitCommand,
    FeedBenefits,
    GrantBenefits,
    MoveBenefits,
    PayBenefits,
    RowOfBenefit,
    StopBenefits,
    TakeOverBenefits,
    WithdrawBenefit,
    Withdrawing,
    WithdrawPayment,
    WithdrawStop,
)
from records.domain.benefits.decide import benefit_decider, benefit_outcomes
from records.domain.benefits.entry import BenefitEntry
from records.domain.benefits.paying_entry import PaymentEntry, StopEntry, check_payment, check_stop
from records.domain.benefits.state import Benefits
from records.domain.benefits.taking_over import former_benefits
from records.domain.feeding.ledger import Row
from records.domain.feeding.values import VIET_NAM
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed, Sent, Sifted, at_survivor, corrected, correction_of, judged_at, sift
from records.handlers.merging import Merge

Checked = TypeVar("Checked")


def benefit_stream(participant_id: str) -> str:
    return f"benefits-{participant_id}"


class BenefitBook:
    """All commands on benefits. What is sent to a merged participant reaches the survivor.

    Each takes rows as they were sent and tells of every row what became of it.
    """

    def __init__(self, *, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def grant(self, participant_id: str, sent: Sequence[Sent[BenefitEntry]], *, context: CommandContext) -> Fed:
        now = judged_at(await self._store.find_commit(context.commit_id), self._clock)
        sifted = sift(sent, partial(_grant, today=_today(now)))
        return await self._feed(participant_id, sifted, partial(GrantBenefits, rows=sifted.rows, at=now), context)

    async def pay(self, participant_id: str, sent: Sequence[Sent[PaymentEntry]], *, context: CommandContext) -> Fed:
        now = judged_at(await self._store.find_commit(context.commit_id), self._clock)
        sifted = sift(sent, partial(_payment, today=_today(now)))
        return await self._feed(participant_id, sifted, partial(PayBenefits, rows=sifted.rows, at=now), context)

    async def stop(self, participant_id: str, sent: Sequence[Sent[StopEntry]], *, context: CommandContext) -> Fed:
        sifted = sift(sent, _stop)
        command = partial(StopBenefits, rows=sifted.rows, at=self._clock.now())
        return await self._feed(participant_id, sifted, command, context)

    async def correct(
        self, participant_id: str, benefit_id: str, entry: BenefitEntry, *, context: CommandContext
    ) -> Fed:
        """Let the benefit be what the entry says from now on.

        Raises:
            InvalidFieldsError: The entry breaks rules, or names another row.
            RowNotFoundError: The participant has no such benefit.
            RowContradictsError: What stands does not allow it.
        """
        sent = correction_of(benefit_id, entry)
        return corrected(await self.grant(participant_id, [sent], context=context))

    async def withdraw(
        self, participant_id: str, benefit_id: str, *, reason: str, context: CommandContext
    ) -> Handled[Benefits]:
        """Let the benefit, with its payments, stand no longer.

        Raises:
            RowNotFoundError: The participant has no such benefit.
        """
        command = partial(WithdrawBenefit, benefit_id=benefit_id, reason=reason, at=self._clock.now())
        return await self._withdraw(participant_id, command, context)

    async def withdraw_payment(
        self, participant_id: str, benefit_id: str, payment_id: str, *, reason: str, context: CommandContext
    ) -> Handled[Benefits]:
        """Let one payment of the benefit stand no longer.

        Raises:
            RowNotFoundError: The benefit has no such payment.
        """
        now = self._clock.now()
        command = partial(WithdrawPayment, benefit_id=benefit_id, payment_id=payment_id, reason=reason, at=now)
        return await self._withdraw(participant_id, command, context)

    async def withdraw_stop(
        self, participant_id: str, benefit_id: str, *, reason: str, context: CommandContext
    ) -> Handled[Benefits]:
        """Let the benefit go on.

        Raises:
            RowNotFoundError: The benefit was never stopped.
            RowContradictsError: Another benefit of its kind has been granted for the time after the stop.
        """
        command = partial(WithdrawStop, benefit_id=benefit_id, reason=reason, at=self._clock.now())
        return await self._withdraw(participant_id, command, context)

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
            former=former_benefits(closed.state),
            also_from=closed.state.taken_over,
            at=now,
        )
        await self._handle(merge.into, taking, merge.context("benefits/take_over"))

    async def _feed(
        self,
        participant_id: str,
        sifted: Sifted[Checked],
        command_of: Callable[..., FeedBenefits],
        context: CommandContext,
    ) -> Fed:
        async def feed_there(there: str) -> Fed:
            command = command_of(participant_id=there)
            handled = await self._handle(there, command, context)
            outcomes = sifted.answered(benefit_outcomes(command, handled.before))
            return Fed(there, handled.version, handled.position, outcomes)

        return await at_survivor(participant_id, feed_there)

    async def _withdraw(
        self, participant_id: str, command_of: Callable[..., Withdrawing], context: CommandContext
    ) -> Handled[Benefits]:
        async def withdraw_there(there: str) -> Handled[Benefits]:
            return await self._handle(there, command_of(participant_id=there), context)

        return await at_survivor(participant_id, withdraw_there)

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


def _grant(sent: Sent[BenefitEntry], *, today: date) -> Row[Benefit]:
    return Row(check_benefit(sent.entry, today=today), sent.entry.corrected_id, sent.as_correction)


def _payment(sent: Sent[PaymentEntry], *, today: date) -> RowOfBenefit[Payment]:
    return replace(check_payment(sent.entry, today=today), as_correction=sent.as_correction)


def _stop(sent: Sent[StopEntry]) -> RowOfBenefit[Stop]:
    return replace(check_stop(sent.entry), as_correction=sent.as_correction)


def _today(now: datetime) -> date:
    return now.astimezone(VIET_NAM).date()
