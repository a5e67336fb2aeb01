"""The invited person sets password and second factor, with the secret of the invitation, once (SEC-43).

The invitation's document decides who is first; credentials are stored before the roster lets the person in, and under
the revision of the invitation, so that those of an older one never overwrite them. Every step can be done again.
"""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.passwords import PasswordRules
from auth.domain.staff_roster.commands import Join
from auth.domain.staff_roster.errors import InvitationRefusedError
from auth.domain.time_codes import enrolment_uri, matching_step
from auth.handlers.staff import TOTP_CONTEXT
from auth.handlers.staff_members import NAME_CONTEXT
from auth.handlers.staff_roster import StaffRoster
from auth.storage.access_documents import AccessDocuments
from auth.storage.password_hashing import PasswordHashing
from auth.storage.staff_invitations import StaffInvitations, StoredInvitation

log = structlog.get_logger(__name__)


class WrongTimeCodeError(InvitationRefusedError):
    """The authenticator shows something else: set up with another secret, or its clock is wrong."""

    code = "time_code_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInvitation:
    """What the invited person puts into an authenticator app."""

    user_name: str
    totp_secret: str = field(repr=False)
    totp_uri: str = field(repr=False)
    expires_at: datetime


class JoinStaff:
    def __init__(
        self,
        *,
        roster: StaffRoster,
        invitations: StaffInvitations,
        access: AccessDocuments,
        hashing: PasswordHashing,
        rules: PasswordRules,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._roster = roster
        self._invitations = invitations
        self._access = access
        self._hashing = hashing
        self._rules = rules
        self._cipher = cipher
        self._clock = clock

    async def look(self, token: str) -> OpenInvitation:
        """Return what the secret's holder needs; nothing is used up.

        Raises:
            InvitationRefusedError: It was used, is over or void, or never was.
        """
        return await self._opened(await self._present(hash_token(token)))

    async def accept(self, token: str, *, password: str, time_code: str, metadata: Metadata) -> None:
        """Make the person a member who can log in.

        Raises:
            InvitationRefusedError: As `look`; of two who accept at once one hears this.
            WrongTimeCodeError: The second factor does not work; nothing was used up.
            InvalidFieldsError: The password is not accepted.
            UnavailableError: Too many passwords at once.
        """
        token_hash = hash_token(token)
        invitation = await self._present(token_hash)
        opened = await self._opened(invitation)
        self._rules.check(password, (opened.user_name,))
        now = self._clock.now()
        step = matching_step(opened.totp_secret, time_code, now)
        if step is None:
            raise WrongTimeCodeError
        hashed = await self._hashing.hash(password)
        if not await self._invitations.accept(invitation, token_hash=token_hash, password=hashed, now=now):
            raise InvitationRefusedError
        await self._access.use_totp_step(invitation.staff_id, step)
        await self._finish(invitation, hashed, now, metadata)

    async def finish_accepted_before(self, moment: datetime) -> int:
        """Finish what a killed process left half done; return how many that were."""
        accepted = await self._invitations.accepted_before(moment)
        for invitation in accepted:
            metadata = Metadata(correlation_id=invitation.invitation_id, actor=_actor(invitation))
            await self._finish_if_it_still_holds(invitation, metadata)
        return len(accepted)

    async def _finish_if_it_still_holds(self, invitation: StoredInvitation, metadata: Metadata) -> None:
        if invitation.password is None or invitation.accepted_at is None:
            return
        try:
            await self._finish(invitation, invitation.password, invitation.accepted_at, metadata)
        except InvitationRefusedError:
            log.warning("invitation_void_when_finished", account_id=invitation.staff_id)

    async def _present(self, token_hash: str) -> StoredInvitation:
        stored = await self._invitations.find(token_hash)
        if stored is None or stored.accepted_at is not None or self._clock.now() >= stored.expires_at:
            raise InvitationRefusedError
        member = (await self._roster.present()).members.get(stored.staff_id)
        current = None if member is None else member.invitation
        if current is None or current.invitation_id != stored.invitation_id:
            raise InvitationRefusedError
        return stored

    async def _opened(self, stored: StoredInvitation) -> OpenInvitation:
        name = await self._cipher.decrypt(stored.staff_id, stored.user_name, context=NAME_CONTEXT)
        secret = await self._cipher.decrypt(stored.staff_id, stored.totp, context=TOTP_CONTEXT)
        if name is None or secret is None:
            raise InvitationRefusedError
        return OpenInvitation(
            user_name=name.decode(),
            totp_secret=secret.decode(),
            totp_uri=enrolment_uri(secret.decode(), name.decode()),
            expires_at=stored.expires_at,
        )

    async def _finish(self, invitation: StoredInvitation, password: str, at: datetime, metadata: Metadata) -> None:
        await self._access.set_credentials(
            invitation.staff_id, password=password, totp=invitation.totp, revision=invitation.revision
        )
        command = Join(staff_id=invitation.staff_id, invitation_id=invitation.invitation_id, now=at)
        try:
            await self._roster.change(command, commit_id=f"join:{invitation.invitation_id}", metadata=metadata)
        except InvitationRefusedError:
            # Void since it was accepted: nothing is left to be finished.
            await self._invitations.remove(invitation.invitation_id)
            raise
        await self._invitations.remove(invitation.invitation_id)


def _actor(invitation: StoredInvitation) -> str:
    return f"staff:{invitation.staff_id}"
