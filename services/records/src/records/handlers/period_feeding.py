"""An officer feeds periods of a participant of the own agency: checked entries in, one outcome per row out."""

from collections.abc import Sequence
from datetime import date

from ansinh_kit.clock import Clock
from ansinh_kit.working_days import VIETNAM

from records.domain.contributions.commands import FedRow
from records.domain.contributions.entries import PeriodEntries, Possible, RowEntries, check_period
from records.domain.free_text import own_words
from records.domain.month import Month
from records.domain.offices import Officer
from records.domain.participant.decide_for_officer import refuse_unless_managed
from records.domain.participant.state import Participant
from records.domain.rules import Checks
from records.handlers.context import CommandContext
from records.handlers.contributing import Contributing, Fed
from records.handlers.participants import Participants


class PeriodFeeding:
    """Every call answers `ParticipantNotFoundError` for a participant of another agency."""

    def __init__(self, *, participants: Participants, contributing: Contributing, clock: Clock) -> None:
        self._participants = participants
        self._contributing = contributing
        self._clock = clock

    async def record(
        self, participant_id: str, sent: Sequence[RowEntries], officer: Officer, context: CommandContext
    ) -> Fed:
        """Take in rows; a row that contradicts what stands is refused in its outcome and keeps no other out.

        Raises:
            InvalidFieldsError: Entries break their rules, named as `rows.3.to_month`; then nothing is recorded.
        """
        participant = await self._managed(participant_id, officer)
        checks, possible = Checks(), self._possible(participant)
        checked = [
            (check_period(entries, checks, f"rows.{index}.", possible), entries) for index, entries in enumerate(sent)
        ]
        checks.close()
        rows = tuple(FedRow(period, entries.as_correction) for period, entries in checked if period is not None)
        return await self._contributing.record(participant.participant_id, rows, context)

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
        period = checks.passed(check_period(entries, checks, "", self._possible(participant)))
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

    def _possible(self, participant: Participant) -> Possible:
        today: date = self._clock.now().astimezone(VIETNAM).date()
        born = None if participant.identity is None else participant.identity.birth_date
        first = None if born is None else Month.of(born.year, 1 if born.day is None else born.day.month)
        return Possible(first, Month.containing(today))
