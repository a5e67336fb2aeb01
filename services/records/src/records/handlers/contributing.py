"""Feeding contribution periods: an officer's one by one, a system's in lists; also to participants merged since."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle
from ansinh_kit.event_store.store import EventStore

from records.domain.contributions import commands as asked
from records.domain.contributions.book import RowOutcome
from records.domain.contributions.commands import ContributionCommand, FedRow
from records.domain.contributions.decide import contributions_decider
from records.domain.contributions.outcomes import outcomes_of
from records.domain.contributions.period import Period
from records.domain.contributions.state import Contributions
from records.domain.feeding.errors import StreamMovedError
from records.handlers.context import CommandContext

_STREAM_PREFIX: Final = "contributions"


@dataclass(frozen=True, slots=True)
class Fed:
    """What a command led to. `participant_id` is whose record it went into: the survivor's after a merge."""

    participant_id: str
    version: int
    outcomes: tuple[RowOutcome, ...] = ()


class Contributing:
    """Commands to one participant's contributions.

    No snapshots: 240 periods, a whole life in four kinds, are read and folded in a few milliseconds.
    """

    def __init__(self, *, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def record(self, participant_id: str, rows: tuple[FedRow, ...], context: CommandContext) -> Fed:
        """Take in rows; return what became of each. What is refused keeps nothing else out."""
        at = self._clock.now()

        def command(whose: str) -> asked.RecordPeriods:
            return asked.RecordPeriods(participant_id=whose, rows=rows, at=at)

        whose, handled = await self._handle(participant_id, command, context)
        outcomes = outcomes_of(command(whose), [recorded.event for recorded in handled.events], handled.before)
        return Fed(whose, handled.version, outcomes)

    async def correct(self, participant_id: str, period_id: str, period: Period, context: CommandContext) -> Fed:
        """Let the period be `period` from now on.

        Raises:
            PeriodNotFoundError, KindFixedError, PeriodContradictsError: As the names say.
        """
        at = self._clock.now()
        whose, handled = await self._handle(
            participant_id,
            lambda whose: asked.CorrectPeriod(participant_id=whose, period_id=period_id, period=period, at=at),
            context,
        )
        return Fed(whose, handled.version)

    async def withdraw(self, participant_id: str, period_id: str, reason: str, context: CommandContext) -> Fed:
        """Let the period not have been.

        Raises:
            PeriodNotFoundError: There is none.
        """
        at = self._clock.now()
        whose, handled = await self._handle(
            participant_id,
            lambda whose: asked.WithdrawPeriod(participant_id=whose, period_id=period_id, reason=reason, at=at),
            context,
        )
        return Fed(whose, handled.version)

    async def _handle(
        self, participant_id: str, command: Callable[[str], ContributionCommand], context: CommandContext
    ) -> tuple[str, Handled[Contributions]]:
        """Handle the command, at the survivor if the participant was merged; return whose record it went into."""
        # Merges make no circles (see `domain.participant.decide_for_system`), so this ends.
        while True:
            try:
                return participant_id, await self._handle_at(participant_id, command(participant_id), context)
            except StreamMovedError as moved:
                participant_id = moved.to

    async def _handle_at(
        self, participant_id: str, command: ContributionCommand, context: CommandContext
    ) -> Handled[Contributions]:
        return await handle(
            self._store,
            contributions_stream(participant_id),
            command,
            contributions_decider,
            commit_id=context.commit_id,
            metadata=context.metadata,
            expected_version=context.expected_version,
        )


def contributions_stream(participant_id: str) -> str:
    return f"{_STREAM_PREFIX}-{participant_id}"
