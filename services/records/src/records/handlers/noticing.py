"""Telling one participant what employers owe: at most one notice a month, whoever tries and however often."""

from datetime import date
from typing import Final

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle, load
from ansinh_kit.errors import ConcurrencyConflictError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.keyring import SubjectErasedError

from records.domain.contributions.decide import contributions_decider
from records.domain.language import Language
from records.domain.notices.events import NoticeLine
from records.domain.notices.issuing import IssueNotice, notices_decider
from records.domain.notices.late import late_lines
from records.domain.notices.schedule import NoticeSchedule
from records.domain.participant.errors import ParticipantNotFoundError
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
        self, *, store: EventStore, participants: Participants, clock: Clock, schedule: NoticeSchedule
    ) -> None:
        self._store = store
        self._participants = participants
        self._clock = clock
        self._schedule = schedule

    async def notify(self, participant_id: str, judged_on: date) -> None:
        """Issue the notice of this month to the participant, or to the one it was merged into, if anything is late.

        Nobody is told who was forgotten. What is in a restricted record goes nowhere, a notice included: its person
        reads what is unpaid there.

        Raises:
            UnavailableError: Not now; call again.
        """
        try:
            participant = (await self._participants.standing(participant_id)).state
        except ParticipantNotFoundError:
            return
        if participant.restricted:
            return
        try:
            await self._notify(participant, judged_on)
        except (ConcurrencyConflictError, SubjectErasedError) as error:
            # A rival wrote the same notice; or the person was forgotten, and nothing can be written about them.
            log.info("notice_not_issued", participant_id=participant.participant_id, reason=type(error).__name__)

    async def _notify(self, participant: Participant, judged_on: date) -> None:
        command = IssueNotice(
            participant_id=participant.participant_id,
            judged_on=judged_on,
            lines=await self._late(participant.participant_id, judged_on),
            language=(participant.contact and participant.contact.language) or _LANGUAGE,
            contact=contact_of(participant),
            at=self._clock.now(),
        )
        commit_id = derived_id(participant.participant_id, f"unpaid_notice/{command.month.iso}")
        await handle(
            self._store,
            notices_stream(participant.participant_id),
            command,
            notices_decider,
            commit_id=commit_id,
            metadata=Metadata(correlation_id=commit_id, actor="service:records"),
        )

    async def _late(self, participant_id: str, judged_on: date) -> tuple[NoticeLine, ...]:
        contributions = (await load(self._store, contributions_stream(participant_id), contributions_decider)).state
        return late_lines(contributions.periods, self._schedule.last_late_month(judged_on))


def notices_stream(participant_id: str) -> str:
    return f"notices-{participant_id}"
