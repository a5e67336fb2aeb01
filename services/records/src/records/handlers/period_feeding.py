"""An officer feeds periods of a participant of the own agency: checked entries in, one outcome per row out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ansinh_kit.clock import Clock
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.working_days import VIETNAM

from records.domain.contributions.book import RowOutcome
from records.domain.contributions.commands import FedRow
from records.domain.contributions.entries import PeriodEntries, Possible, check_period
from records.domain.contributions.period import Period
from records.domain.free_text import own_words
from records.domain.month import Month
from records.domain.offices import Officer
from records.domain.participant.decide_for_officer import refuse_unless_managed
from records.domain.participant.state import Participant
from records.domain.rules import Checks
from records.handlers.context import CommandContext
from records.handlers.contributing import Contributing, Fed
from records.handlers.feeding import judged_at
from records.handlers.participants import Participants


class PeriodFeeding:
    """Every call answers `ParticipantNotFoundError` for a participant of another agency."""

    def __init__(
        self, *, store: EventStore, participants: Participants, contributing: Contributing, clock: Clock
    ) -> None:
        self._store = store
        self._participants = participants
        self._contributing = contributing
        self._clock = clock

    async def record(
        self,
        participant_id: str,
        sent: Sequence[PeriodEntries],
        officer: Officer,
        context: CommandContext,
        *,
        correction: bool,
    ) -> Fed:
        """Take in rows; one that is refused says so in its outcome and keeps no other out.

        The same request again is judged by the day it came first on, as rows of benefits, cards and visits are.

        Args:
            correction: Rows may take the place of the standing periods they contradict.
        """
        participant = await self._managed(participant_id, officer)
        possible = await self._possible(participant, context)
        checked = [_checked(entries, possible) for entries in sent]
        rows = tuple(FedRow(period, correction) for period in checked if isinstance(period, Period))
        fed = await self._contributing.record(participant.participant_id, rows, context)
        judged = iter(fed.outcomes)
        outcomes = tuple(next(judged) if isinstance(period, Period) else period for period in checked)
        return replace(fed, outcomes=outcomes)

    async def correct(
        self, participant_id: str, period_id: str, entries: PeriodEntries, officer: Officer, context: CommandContext
    ) -> Fed:
        """Let the period say something else from now on.

        Raises:
            InvalidFieldsError: Entries break their rules.
            PeriodNotFoundError, KindFixedError, PeriodContradictsError: What stands does not allow it.
        """
        participant = await self._managed(participant_id, officer)
        checks = Checks()
        period = checks.passed(check_period(entries, checks, await self._possible(participant, context)))
        return await self._contributing.correct(participant.participant_id, period_id, period, context)

    async def withdraw(
        self, participant_id: str, period_id: str, reason: str, officer: Officer, context: CommandContext
    ) -> Fed:
        """Let the period not have been, for a reason in words.

        Raises:
            InvalidFieldsError: The reason is no text in words.
            PeriodNotFoundError: There is no such period.
        """
        participant = await self._managed(participant_id, officer)
        checks = Checks()
        words = checks.passed(checks.value("reason", reason, own_words))
        return await self._contributing.withdraw(participant.participant_id, period_id, words, context)

    async def _managed(self, participant_id: str, officer: Officer) -> Participant:
        participant = (await self._participants.standing(participant_id)).state
        refuse_unless_managed(officer, participant)
        return participant

    async def _possible(self, participant: Participant, context: CommandContext) -> Possible:
        now = judged_at(await self._store.find_commit(context.commit_id), self._clock)
        today: date = now.astimezone(VIETNAM).date()
        born = None if participant.identity is None else participant.identity.birth_date
        first = None if born is None else Month.of(born.year, 1 if born.day is None else born.day.month)
        return Possible(first, Month.containing(today))


def _checked(entries: PeriodEntries, possible: Possible) -> Period | RowOutcome:
    """Return the period the row says, or the outcome of a row that says none."""
    checks = Checks()
    period = check_period(entries, checks, possible)
    return RowOutcome("refused", violations=tuple(checks.violations)) if period is None else period
