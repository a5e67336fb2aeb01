"""Telling participants what employers owe: at most one notice a month each, whoever tries and however often."""

from collections.abc import Collection
from datetime import date
from typing import Final

import structlog
from ansinh_kit.batch_handling import Asked, handle_all
from ansinh_kit.clock import Clock
from ansinh_kit.decider import load_all
from ansinh_kit.errors import DomainError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from records.domain.contributions.decide import contributions_decider
from records.domain.language import Language
from records.domain.month import Month
from records.domain.notices.issuing import IssueNotice, notices_decider
from records.domain.notices.late import late_lines
from records.domain.notices.schedule import NoticeSchedule
from records.domain.participant.state import Participant
from records.handlers.context import derived_id
from records.handlers.contributing import contributions_stream
from records.handlers.managed_records import contact_of
from records.handlers.participants import Participants

# Of many participants no language is on record; the agency's own is that of its letters.
_LANGUAGE: Final[Language] = "vi"

log = structlog.get_logger(__name__)


class Noticing:
    def __init__(
        self,
        *,
        store: EventStore,
        participants: Participants,
        cipher: PersonalDataCipher,
        clock: Clock,
        schedule: NoticeSchedule,
    ) -> None:
        self._store = store
        self._participants = participants
        self._cipher = cipher
        self._clock = clock
        self._schedule = schedule

    async def notify(self, participant_ids: Collection[str], judged_on: date) -> None:
        """Issue the notice of this month to each, or to the one it was merged into, of whom anything is late.

        The records are read in few questions and the notices written side by side; the caller bounds how many at once.
        Nobody is told who was forgotten. What is in a restricted record goes nowhere, a notice included: its person
        reads what is unpaid there.

        Raises:
            UnavailableError: Some may have been told; call again.
        """
        await self._cipher.prefetch(participant_ids)
        standing = await self._participants.standing_among(participant_ids)
        open_to_notices = [participant for participant in standing.values() if not participant.restricted]
        month = Month.containing(judged_on).iso
        asked = [
            Asked(notices_stream(command.participant_id), command, _commit_id(command.participant_id, month))
            for command in await self._commands(open_to_notices, judged_on)
        ]
        metadata = Metadata(correlation_id=derived_id("unpaid_notices", month), actor="service:records")
        for one, answer in zip(
            asked, await handle_all(self._store, asked, notices_decider, metadata=metadata), strict=True
        ):
            if isinstance(answer, DomainError):
                # A rival wrote the same notice; or the person was forgotten, and nothing can be written about them.
                participant_id = one.command.participant_id
                log.info("notice_not_issued", participant_id=participant_id, reason=type(answer).__name__)

    async def _commands(self, participants: Collection[Participant], judged_on: date) -> list[IssueNotice]:
        streams = [contributions_stream(participant.participant_id) for participant in participants]
        contributions = await load_all(self._store, streams, contributions_decider)
        last_late, now = self._schedule.last_late_month(judged_on), self._clock.now()
        return [
            IssueNotice(
                participant_id=participant.participant_id,
                judged_on=judged_on,
                lines=late_lines(contributions[stream].state.periods, last_late),
                language=(participant.contact and participant.contact.language) or _LANGUAGE,
                contact=contact_of(participant),
                at=now,
            )
            for participant, stream in zip(participants, streams, strict=True)
        ]


def notices_stream(participant_id: str) -> str:
    return f"notices-{participant_id}"


def _commit_id(participant_id: str, month: str) -> str:
    return derived_id(participant_id, f"unpaid_notice/{month}")
