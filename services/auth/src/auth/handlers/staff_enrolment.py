"""An operator lets somebody in: the only way to a first administrator (SEC-39). Everybody else is invited."""

from dataclasses import dataclass, field
from typing import Final

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import AlreadyReservedError
from pyotp import random_base32

from auth.domain.access.state import Access
from auth.domain.passwords import PasswordRules
from auth.domain.staff import StaffRole
from auth.domain.staff_roster.commands import EnrolMember
from auth.domain.staff_roster.errors import AlreadyMemberError
from auth.domain.time_codes import enrolment_uri
from auth.handlers.staff import TOTP_CONTEXT
from auth.handlers.staff_roster import StaffRoster
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.identities import Identities
from auth.storage.password_hashing import PasswordHashing

_OPERATOR: Final = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Shown to the operator once: the authenticator's secret is stored encrypted only."""

    staff_id: str
    totp_secret: str = field(repr=False)
    totp_uri: str = field(repr=False)


class EnrolStaff:
    """Lets somebody with a hand on the machine make a member of staff."""

    def __init__(
        self,
        *,
        roster: StaffRoster,
        identities: Identities,
        access: AccessDocuments,
        hashing: PasswordHashing,
        rules: PasswordRules,
        cipher: PersonalDataCipher,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._roster = roster
        self._identities = identities
        self._access = access
        self._hashing = hashing
        self._rules = rules
        self._cipher = cipher
        self._clock = clock
        self._ids = ids

    async def __call__(
        self, *, user_name: str, role: StaffRole, agency_code: str, password: str, reason: str
    ) -> Enrolment:
        """Enrol the person. A run that was killed half-way is finished by the next one for the same user name.

        Raises:
            InvalidFieldsError: The password is not accepted.
            AlreadyMemberError: The user name is taken.
        """
        self._rules.check(password, (user_name,))
        staff_id = await self._reserve(user_name)
        secret = random_base32()
        # Before the roster has the person: who is in it and active can log in.
        await self._set_credentials(staff_id, password, secret)
        command = EnrolMember(
            staff_id=staff_id,
            user_name=user_name,
            role=role,
            agency_code=agency_code,
            actor_id=None,
            reason=reason,
            now=self._clock.now(),
        )
        metadata = Metadata(correlation_id=self._ids.new_id(), actor=_OPERATOR)
        await self._roster.change(command, commit_id=_commit_of(staff_id), metadata=metadata)
        return Enrolment(staff_id=staff_id, totp_secret=secret, totp_uri=enrolment_uri(secret, user_name))

    async def _reserve(self, user_name: str) -> str:
        staff_id = self._ids.new_id()
        key = self._identities.of_staff(user_name)
        try:
            await self._identities.reserve([key], account_id=staff_id, commit_id=_commit_of(staff_id))
        except AlreadyReservedError as error:
            if error.owner in (await self._roster.present()).members:
                raise AlreadyMemberError from error
            return error.owner
        return staff_id

    async def _set_credentials(self, staff_id: str, password: str, secret: str) -> None:
        await self._access.create(Entry(access=Access(account_id=staff_id, person_id=staff_id), kind="staff"))
        await self._access.set_credentials(
            staff_id,
            password=await self._hashing.hash(password),
            totp=await self._cipher.encrypt(staff_id, secret.encode(), context=TOTP_CONTEXT),
            revision=1,
        )


def _commit_of(staff_id: str) -> str:
    return f"enrolment:{staff_id}"
