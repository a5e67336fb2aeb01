"""The part of the composition that is about members of staff."""

from dataclasses import dataclass
from typing import Final

from ansinh_kit.event_store.mongo.snapshots import MongoSnapshots
from ansinh_kit.projections.view import View

from auth.domain.session_endings import STREAM as ENDINGS
from auth.domain.staff_roster.roster import STREAM, Roster
from auth.handlers.session_endings import AllSessions
from auth.handlers.staff_adoption import AdoptStaff
from auth.handlers.staff_directory import Directory
from auth.handlers.staff_enrolment import EnrolStaff
from auth.handlers.staff_joining import JoinStaff
from auth.handlers.staff_members import StaffMembers
from auth.handlers.staff_roster import StaffRoster
from auth.projections.administrative_acts import AdministrativeActs
from auth.projections.staff_directory import StaffDirectory
from auth.shared_parts import Shared
from auth.storage.followed import Followed
from auth.storage.integrator_tokens import IntegratorTokens
from auth.storage.staff_invitations import StaffInvitations

# All of the staff are in one state: 20,000 members make some 3 MB, which is not to be written with every change.
_SNAPSHOT_EVERY: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffUseCases:
    roster: StaffRoster
    enrol: EnrolStaff
    adopt: AdoptStaff
    members: StaffMembers
    join: JoinStaff
    directory: Directory
    invitations: StaffInvitations
    all_sessions: AllSessions
    followed: Followed
    followed_endings: Followed

    async def prepare(self) -> None:
        """Make indexes and markers; harmless when they are there."""
        await self.invitations.create_indexes()
        await self.followed.prepare()
        await self.followed_endings.prepare()


def build_staff(shared: Shared) -> StaffUseCases:
    on, stored, rules = shared.on, shared.stored, shared.rules
    invitations = StaffInvitations(on.database)
    followed, followed_endings = Followed(on.database, STREAM), Followed(on.database, ENDINGS)
    roster = _roster(shared, followed)
    return StaffUseCases(
        roster=roster,
        enrol=EnrolStaff(
            roster=roster,
            identities=stored.identities,
            access=stored.access,
            hashing=shared.hashing,
            rules=rules.passwords,
            cipher=on.cipher,
            clock=on.clock,
            ids=on.ids,
        ),
        adopt=AdoptStaff(store=on.store, roster=roster, access=stored.access, clock=on.clock),
        members=StaffMembers(
            roster=roster, invitations=invitations, identities=stored.identities, cipher=on.cipher, clock=on.clock
        ),
        join=JoinStaff(
            roster=roster,
            invitations=invitations,
            access=stored.access,
            hashing=shared.hashing,
            rules=rules.passwords,
            cipher=on.cipher,
            clock=on.clock,
        ),
        directory=Directory(
            members=View(database=on.database, projection=StaffDirectory(), cipher=on.cipher),
            acts=View(database=on.database, projection=AdministrativeActs(), cipher=on.cipher),
        ),
        invitations=invitations,
        all_sessions=AllSessions(
            store=on.store,
            roster=roster,
            access=stored.access,
            tokens=IntegratorTokens(on.database),
            pending=stored.pending,
            followed=followed_endings,
            clock=on.clock,
        ),
        followed=followed,
        followed_endings=followed_endings,
    )


def _roster(shared: Shared, followed: Followed) -> StaffRoster:
    on, stored = shared.on, shared.stored
    return StaffRoster(
        store=on.store,
        snapshots=MongoSnapshots(
            on.database,
            name="staff_roster",
            version=1,
            state_type=Roster,
            subject_of=lambda _: None,
            cipher=on.cipher,
            every=_SNAPSHOT_EVERY,
        ),
        access=stored.access,
        pending=stored.pending,
        followed=followed,
        clock=on.clock,
    )
