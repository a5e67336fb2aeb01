"""Members of staff: enrolled by an operator, logged in with password and a time-based code, never by SMS (LIM-17)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from ansinh_kit.clock import Clock, IdGenerator
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.reservations import AlreadyReservedError
from pyotp import random_base32

from auth.domain.access.state import Access
from auth.domain.code_subjects import TakeOver
from auth.domain.passwords import PasswordRules
from auth.domain.staff import STAFF, EnrolStaff, StaffAlreadyEnrolledError, StaffRole, stream_of
from auth.domain.time_codes import enrolment_uri, matching_step
from auth.handlers.devices import Device, sealed_name
from auth.handlers.log_in import PasswordCheck
from auth.handlers.sessions import OpenedSession, Sessions
from auth.storage.access_documents import AccessDocuments, Entry
from auth.storage.identities import Identities
from auth.storage.password_hashing import PasswordHashing

_TOTP_CONTEXT: Final = "access|totp"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLogInAttempt:
    user_name: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    device: Device
    address: str
    metadata: Metadata


class StaffLogIn:
    def __init__(
        self,
        *,
        passwords: PasswordCheck,
        identities: Identities,
        access: AccessDocuments,
        sessions: Sessions,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._passwords = passwords
        self._identities = identities
        self._access = access
        self._sessions = sessions
        self._cipher = cipher
        self._clock = clock

    async def __call__(self, attempt: StaffLogInAttempt) -> OpenedSession:
        """Open the session; one that the same person has elsewhere is over.

        Raises:
            LogInRefusedError: User name, password or code is wrong, or the code was used before; never says which.
            TooManyAttemptsError, UnavailableError: See `PasswordCheck`.
        """
        key = self._identities.of_staff(attempt.user_name)
        entry = await self._passwords.entry_of(
            key, attempt.password, attempt.address, also=partial(self._second_factor_holds, code=attempt.code)
        )
        name = await sealed_name(self._cipher, entry.access.person_id, attempt.device)
        device = TakeOver(epoch=entry.access.epoch, device_kind=attempt.device.kind, device_name=name)
        return await self._sessions.open(entry, device, replacing="any", metadata=attempt.metadata)

    async def _second_factor_holds(self, entry: Entry, *, code: str) -> bool:
        if entry.kind != "staff" or entry.totp is None:
            return False
        secret = await self._cipher.decrypt(entry.access.person_id, entry.totp, context=_TOTP_CONTEXT)
        step = None if secret is None else matching_step(secret.decode(), code, self._clock.now())
        return step is not None and await self._access.use_totp_step(entry.access.account_id, step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """Shown to the operator once: the authenticator's secret is stored encrypted only."""

    staff_id: str
    totp_secret: str = field(repr=False)
    totp_uri: str = field(repr=False)


class EnrolMember:
    """Lets somebody with a hand on the machine make a staff account. There is no other way to a first one (SEC-39)."""

    def __init__(
        self,
        *,
        store: EventStore,
        identities: Identities,
        access: AccessDocuments,
        hashing: PasswordHashing,
        rules: PasswordRules,
        cipher: PersonalDataCipher,
        clock: Clock,
        ids: IdGenerator,
    ) -> None:
        self._store = store
        self._identities = identities
        self._access = access
        self._hashing = hashing
        self._rules = rules
        self._cipher = cipher
        self._clock = clock
        self._ids = ids

    async def __call__(self, *, user_name: str, role: StaffRole, agency_code: str, password: str) -> Enrolment:
        """Enrol the person. A run that was killed half-way is finished by the next one for the same user name.

        Raises:
            InvalidFieldsError: The password is not accepted.
            StaffAlreadyEnrolledError: The user name is taken.
        """
        self._rules.check(password, (user_name,))
        staff_id = await self._reserve(user_name)
        await handle(
            self._store,
            stream_of(staff_id),
            EnrolStaff(
                staff_id=staff_id, user_name=user_name, role=role, agency_code=agency_code, now=self._clock.now()
            ),
            STAFF,
            commit_id=_commit_of(staff_id),
            metadata=Metadata(correlation_id=self._ids.new_id(), actor="operator"),
        )
        secret = random_base32()
        await self._access.create(await self._entry(staff_id, role, agency_code, password, secret))
        return Enrolment(staff_id=staff_id, totp_secret=secret, totp_uri=enrolment_uri(secret, user_name))

    async def _reserve(self, user_name: str) -> str:
        staff_id = self._ids.new_id()
        key = self._identities.of_staff(user_name)
        try:
            await self._identities.reserve([key], account_id=staff_id, commit_id=_commit_of(staff_id))
        except AlreadyReservedError as error:
            if await self._access.find(error.owner) is not None:
                raise StaffAlreadyEnrolledError from error
            return error.owner
        return staff_id

    async def _entry(self, staff_id: str, role: StaffRole, agency_code: str, password: str, secret: str) -> Entry:
        totp: Mapping[str, Any] = await self._cipher.encrypt(staff_id, secret.encode(), context=_TOTP_CONTEXT)
        return Entry(
            access=Access(account_id=staff_id, person_id=staff_id, status="active"),
            kind="staff",
            roles=(role,),
            agency_code=agency_code,
            password=await self._hashing.hash(password),
            totp=totp,
        )


def _commit_of(staff_id: str) -> str:
    return f"enrolment:{staff_id}"
