"""What administrators and supervisors do about members of staff. The roster judges each on its newest version."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import AlreadyReservedError
from pyotp import random_base32

from auth.domain.staff import StaffRole
from auth.domain.staff_roster.authority import check_grant
from auth.domain.staff_roster.commands import (
    AdministrativeCommand,
    ChangeMemberRights,
    EndMemberSession,
    InviteMember,
    InviteMemberAgain,
    ReadmitMember,
    SuspendMember,
)
from auth.domain.staff_roster.errors import AlreadyMemberError, InvitationRefusedError
from auth.domain.staff_roster.roster import Member
from auth.handlers.staff import TOTP_CONTEXT
from auth.handlers.staff_roster import StaffRoster
from auth.handlers.tokens import new_invitation_token
from auth.storage.identities import Identities
from auth.storage.staff_invitations import StaffInvitations, StoredInvitation

INVITATION_LIFE: Final = timedelta(hours=72)
NAME_CONTEXT: Final = "staff_invitation|user_name"
_IDS: Final = uuid.UUID("0b8f1f4e-6c0c-4a51-9d5e-8a6a2a9f4c37")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who acts, why, and under which commit: the same request again changes nothing more."""

    actor_id: str | None
    reason: str
    commit_id: str
    metadata: Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedMember:
    """The secret is shown here once; who repeats the request gets another, and only that one counts."""

    staff_id: str
    token: str = field(repr=False)
    expires_at: datetime


class StaffMembers:
    def __init__(
        self,
        *,
        roster: StaffRoster,
        invitations: StaffInvitations,
        identities: Identities,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._roster = roster
        self._invitations = invitations
        self._identities = identities
        self._cipher = cipher
        self._clock = clock

    async def invite(self, act: Act, *, user_name: str, role: StaffRole, agency_code: str) -> InvitedMember:
        """Let somebody join.

        Raises:
            NotEntitledError: The actor may not give this role in this agency.
            AlreadyMemberError: The user name is taken.
        """
        # First: who may not invite does not learn which names are taken.
        check_grant(await self._roster.present(), act.actor_id, role, agency_code)
        staff_id = _id_of("member", act)
        try:
            await self._identities.reserve(
                [self._identities.of_staff(user_name)], account_id=staff_id, commit_id=act.commit_id
            )
        except AlreadyReservedError as error:
            raise AlreadyMemberError from error
        command = InviteMember(
            **self._facts(act, staff_id),
            user_name=user_name,
            role=role,
            agency_code=agency_code,
            **self._invitation(act),
        )
        return await self._invited(act, command, user_name)

    async def invite_again(self, act: Act, staff_id: str, *, user_name: str) -> InvitedMember:
        """Void what the member had, a password and second factor included, and let them set new ones (SEC-45)."""
        command = InviteMemberAgain(**self._facts(act, staff_id), **self._invitation(act))
        return await self._invited(act, command, user_name)

    async def change_rights(self, act: Act, staff_id: str, *, role: StaffRole, agency_code: str) -> Member:
        """Give another role or agency; a session opened with the former ones is over (SES-12, SEC-61)."""
        return await self._change(
            act, ChangeMemberRights(**self._facts(act, staff_id), role=role, agency_code=agency_code)
        )

    async def suspend(self, act: Act, staff_id: str) -> Member:
        """Let the member in no more; the present session is over when this returns (SEC-56)."""
        return await self._change(act, SuspendMember(**self._facts(act, staff_id)))

    async def readmit(self, act: Act, staff_id: str) -> Member:
        return await self._change(act, ReadmitMember(**self._facts(act, staff_id)))

    async def end_session(self, act: Act, staff_id: str) -> Member:
        """End the member's session; they may log in again (SEC-58)."""
        return await self._change(act, EndMemberSession(**self._facts(act, staff_id)))

    async def _change(self, act: Act, command: AdministrativeCommand) -> Member:
        handled = await self._roster.change(command, commit_id=act.commit_id, metadata=act.metadata)
        return handled.state.members[command.staff_id]

    async def _invited(self, act: Act, command: InviteMember | InviteMemberAgain, user_name: str) -> InvitedMember:
        handled = await self._roster.change(command, commit_id=act.commit_id, metadata=act.metadata)
        member = handled.state.members[command.staff_id]
        # A repeated request gives another secret, to what the member is by now: that may be beyond the actor.
        check_grant(handled.state, act.actor_id, member.role, member.agency_code)
        if member.invitation is None or member.invitation.invitation_id != command.invitation_id:
            # A repeated request whose invitation was accepted, or replaced, since.
            raise InvitationRefusedError
        stored = StoredInvitation(
            invitation_id=command.invitation_id,
            staff_id=command.staff_id,
            revision=member.revision,
            expires_at=member.invitation.expires_at,
            user_name=await self._cipher.encrypt(command.staff_id, user_name.encode(), context=NAME_CONTEXT),
            totp=await self._cipher.encrypt(command.staff_id, random_base32().encode(), context=TOTP_CONTEXT),
        )
        token = new_invitation_token()
        if not await self._invitations.issue(stored, token_hash=hash_token(token)):
            raise InvitationRefusedError
        return InvitedMember(staff_id=command.staff_id, token=token, expires_at=stored.expires_at)

    def _facts(self, act: Act, staff_id: str) -> dict[str, Any]:
        return {"staff_id": staff_id, "actor_id": act.actor_id, "reason": act.reason, "now": self._clock.now()}

    def _invitation(self, act: Act) -> dict[str, Any]:
        return {"invitation_id": _id_of("invitation", act), "expires_at": self._clock.now() + INVITATION_LIFE}


def _id_of(kind: str, act: Act) -> str:
    """Return an id that the same request always makes."""
    return uuid.uuid5(_IDS, f"{kind}|{act.commit_id}").hex
