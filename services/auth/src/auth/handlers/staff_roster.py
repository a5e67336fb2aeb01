"""Changes the roster, and lets access follow: when the one who changed it hears of it, access is what it says."""

from ansinh_kit.clock import Clock
from ansinh_kit.decider import Handled, handle, load
from ansinh_kit.event_store.snapshots import Snapshots
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata

from auth.domain.access.commands import SetRights
from auth.domain.access.state import Access
from auth.domain.staff import roles_of
from auth.domain.staff_roster.commands import RosterCommand
from auth.domain.staff_roster.decider import ROSTER
from auth.domain.staff_roster.roster import STREAM, Member, Roster
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.followed import Followed
from auth.storage.pending_changes import PendingChanges


class StaffRoster:
    """The one way to read and to change who of the staff may do what.

    Access documents decide who enters; here they are made to follow. Killed in between, `follow_further` goes on.
    """

    def __init__(
        self,
        *,
        store: EventStore,
        snapshots: Snapshots[Roster],
        access: AccessDocuments,
        pending: PendingChanges,
        followed: Followed,
        clock: Clock,
    ) -> None:
        self._store = store
        self._snapshots = snapshots
        self._access = access
        self._pending = pending
        self._followed = followed
        self._clock = clock

    async def change(self, command: RosterCommand, *, commit_id: str, metadata: Metadata) -> Handled[Roster]:
        """Change the roster; when this returns the member's access is as it says, and a session from before is over.

        Raises:
            DomainError: What the roster refused with.
            UnavailableError: Outcome unknown; repeat with the same commit id.
        """
        handled = await handle(
            self._store,
            STREAM,
            command,
            ROSTER,
            commit_id=commit_id,
            metadata=metadata,
            snapshots=self._snapshots,
        )
        await self._follow(command.staff_id, handled.state.members[command.staff_id], metadata)
        return handled

    async def present(self) -> Roster:
        return (await load(self._store, STREAM, ROSTER, self._snapshots)).state

    async def follow_further(self) -> int:
        """Let access follow what a killed process left behind; return how many members that concerned."""
        events = await self._store.read_stream(STREAM, after_version=await self._followed.version())
        if not events:
            return 0
        roster = await self.present()
        concerned = {str(recorded.event.subject_id()): recorded for recorded in events}
        for staff_id, recorded in concerned.items():
            await self._follow(staff_id, roster.members[staff_id], recorded.metadata)
        await self._followed.advance(events[-1].version)
        return len(concerned)

    async def _follow(self, staff_id: str, member: Member, metadata: Metadata) -> None:
        await self._access.create(Entry(access=Access(account_id=staff_id, person_id=staff_id), kind="staff"))
        command = SetRights(
            now=self._clock.now(),
            revision=member.revision,
            status="opened" if member.standing == "invited" else member.standing,
            roles=roles_of(member.role),
            agency_code=member.agency_code,
        )
        await self._access.change(staff_id, command, metadata=metadata)
        await self._pending.record_if_possible(staff_id)
