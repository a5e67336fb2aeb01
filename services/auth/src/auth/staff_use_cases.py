"""The part of the composition that is about members of staff."""

from dataclasses import dataclass
from typing import Final

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.event_store.mongo.snapshots import MongoSnapshots
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.mongo import Database
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.projections.view import View

from auth.domain.passwords import PasswordRules
from auth.domain.staff_roster.roster import STREAM, Roster
from auth.handlers.staff_adoption import AdoptStaff
from auth.handlers.staff_directory import Directory
from auth.handlers.staff_enrolment import EnrolStaff
from auth.handlers.staff_joining import JoinStaff
from auth.handlers.staff_members import StaffMembers
from auth.handlers.staff_roster import StaffRoster
from auth.projections.administrative_acts import AdministrativeActs
from auth.projections.staff_directory import StaffDirectory
from auth.storage.access_documents import AccessDocuments
from auth.storage.followed import Followed
from auth.storage.identities import Identities
from auth.storage.password_hashing import PasswordHashing
from auth.storage.pending_changes import PendingChanges
from auth.storage.staff_invitations import StaffInvitations

# All of the staff are in one state: 20,000 members make some 3 MB, which is not to be written with every change.
_SNAPSHOT_EVERY: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffParts:
    """What the staff's part shares with the rest of the service."""

    database: Database
    store: EventStore
    identities: Identities
    access: AccessDocuments
    pending: PendingChanges
    hashing: PasswordHashing
    passwords: PasswordRules
    cipher: PersonalDataCipher
    clock: Clock
    ids: IdGenerator


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffUseCases:
    roster: StaffRoster
    enrol: EnrolStaff
    adopt: AdoptStaff
    members: StaffMembers
    join: JoinStaff
    directory: Directory
    invitations: StaffInvitations
    followed: Followed

    async def prepare(self) -> None:
        """Make indexes and markers; harmless when they are there."""
        await self.invitations.create_indexes()
        await self.followed.prepare()


def build_staff(on: StaffParts) -> StaffUseCases:
    invitations = StaffInvitations(on.database)
    followed = Followed(on.database, STREAM)
    roster = StaffRoster(
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
        access=on.access,
        pending=on.pending,
        followed=followed,
        clock=on.clock,
    )
    return StaffUseCases(
        roster=roster,
        enrol=EnrolStaff(
            roster=roster,
            identities=on.identities,
            access=on.access,
            hashing=on.hashing,
            rules=on.passwords,
            cipher=on.cipher,
            clock=on.clock,
            ids=on.ids,
        ),
        adopt=AdoptStaff(store=on.store, roster=roster, access=on.access, clock=on.clock),
        members=StaffMembers(
            roster=roster, invitations=invitations, identities=on.identities, cipher=on.cipher, clock=on.clock
        ),
        join=JoinStaff(
            roster=roster,
            invitations=invitations,
            access=on.access,
            hashing=on.hashing,
            rules=on.passwords,
            cipher=on.cipher,
            clock=on.clock,
        ),
        directory=Directory(
            members=View(database=on.database, projection=StaffDirectory(), cipher=on.cipher),
            acts=View(database=on.database, projection=AdministrativeActs(), cipher=on.cipher),
        ),
        invitations=invitations,
        followed=followed,
    )
