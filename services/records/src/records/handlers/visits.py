"""Feeding visits, withdrawing one, and handing them over when a participant is merged."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.event_store.store import EventStore

from records.domain.feeding.ledger import Row
from records.domain.visits.check import check_visit
from records.domain.visits.commands import MoveVisits, RecordVisits, TakeOverVisits, VisitCommand, WithdrawVisit
from records.domain.visits.decide import visit_decider, visit_outcomes
from records.domain.visits.entry import VisitEntry
from records.domain.visits.events import KeptVisit
from records.domain.visits.state import Visits
from records.domain.visits.taking_over import former_visits
from records.domain.visits.visit import Visit
from records.handlers.context import CommandContext
from records.handlers.feeding import Fed, Sent, Sifted, at_survivor, corrected, correction_of, judged_at, sift
from records.handlers.merging import Merge


def visit_stream(participant_id: str) -> str:
    return f"visits-{participant_id}"


class VisitBook:
    """All commands on visits. What is sent to a merged participant reaches the survivor."""

    def __init__(self, *, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def record(self, participant_id: str, sent: Sequence[Sent[VisitEntry]], *, context: CommandContext) -> Fed:
        """Take in the rows that are sound and contradict nothing; tell of every row what became of it."""
        now = judged_at(await self._store.find_commit(context.commit_id), self._clock)
        sifted = sift(sent, partial(_row, now=now))

        async def record_there(there: str) -> Fed:
            command = RecordVisits(participant_id=there, rows=sifted.rows, at=now)
            return _fed(command, sifted, await self._handle(there, command, context))

        return await at_survivor(participant_id, record_there)

    async def correct(self, participant_id: str, visit_id: str, entry: VisitEntry, *, context: CommandContext) -> Fed:
        """Let the visit be what the entry says from now on.

        Raises:
            InvalidFieldsError: The entry breaks rules, or names another row.
            RowNotFoundError: The participant has no such visit.
            RowContradictsError: What stands does not allow it.
        """
        sent = correction_of(visit_id, entry)
        return corrected(await self.record(participant_id, [sent], context=context))

    async def withdraw(
        self, participant_id: str, visit_id: str, *, reason: str, context: CommandContext
    ) -> Handled[Visits]:
        """Let the visit stand no longer.

        Raises:
            RowNotFoundError: The participant has no such standing visit.
        """

        async def withdraw_there(there: str) -> Handled[Visits]:
            command = WithdrawVisit(participant_id=there, visit_id=visit_id, reason=reason, at=self._clock.now())
            return await self._handle(there, command, context)

        return await at_survivor(participant_id, withdraw_there)

    async def move(self, merge: Merge) -> None:
        """Close the duplicate's visits and give them to the survivor; bears being called again after a crash."""
        now = self._clock.now()
        closing = MoveVisits(participant_id=merge.duplicate_id, to=merge.into, at=now)
        await self._handle(merge.duplicate_id, closing, merge.context("visits/close"))
        closed = await load(self._store, visit_stream(merge.duplicate_id), visit_decider)
        taking = TakeOverVisits(
            participant_id=merge.into,
            from_participant=merge.duplicate_id,
            visits=[KeptVisit(visit_id=each, visit=visit) for each, visit in closed.state.standing.items()],
            former=former_visits(closed.state),
            also_from=closed.state.taken_over,
            at=now,
        )
        await self._handle(merge.into, taking, merge.context("visits/take_over"))

    async def _handle(self, participant_id: str, command: VisitCommand, context: CommandContext) -> Handled[Visits]:
        return await handle(
            self._store,
            visit_stream(participant_id),
            command,
            visit_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )


def _row(sent: Sent[VisitEntry], *, now: datetime) -> Row[Visit]:
    return Row(check_visit(sent.entry, now=now), sent.entry.corrected_id, sent.as_correction)


def _fed(command: RecordVisits, sifted: Sifted[Row[Visit]], handled: Handled[Visits]) -> Fed:
    outcomes = sifted.answered(visit_outcomes(command, handled.before))
    return Fed(command.participant_id, handled.version, handled.position, outcomes)
