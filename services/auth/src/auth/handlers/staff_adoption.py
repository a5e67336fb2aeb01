"""Members enrolled before there was a roster are put into it, once, when the worker starts."""

import structlog
from ansinh_kit.clock import Clock
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from auth.domain.staff import StaffEnrolled, stream_of
from auth.domain.staff_roster.commands import EnrolMember
from auth.handlers.staff_roster import StaffRoster
from auth.storage.access_documents import AccessDocuments

log = structlog.get_logger(__name__)


class AdoptStaff:
    def __init__(self, *, store: EventStore, roster: StaffRoster, access: AccessDocuments, clock: Clock) -> None:
        self._store = store
        self._roster = roster
        self._access = access
        self._clock = clock

    async def __call__(self) -> None:
        """Give each of them the line in the roster that their enrolment would have made. They log in once more."""
        for entry in await self._access.staff_without_rights():
            for recorded in await self._store.read_stream(stream_of(entry.access.account_id)):
                if isinstance(recorded.event, StaffEnrolled):
                    await self._adopt(recorded.event)

    async def _adopt(self, event: StaffEnrolled) -> None:
        command = EnrolMember(
            staff_id=event.staff_id,
            user_name=event.user_name,
            role=event.role,
            agency_code=event.agency_code,
            actor_id=None,
            reason="enrolled before there was a roster",
            now=self._clock.now(),
        )
        commit_id = f"adoption:{event.staff_id}"
        await self._roster.change(
            command, commit_id=commit_id, metadata=Metadata(correlation_id=commit_id, actor="auth")
        )
        log.info("staff_adopted", account_id=event.staff_id)
