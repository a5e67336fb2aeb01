"""Members of staff log in with password and a time-based code or a passkey, never by SMS (LIM-17)."""

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.refusals import NotActiveError, ShownNoMoreError
from auth.domain.code_subjects import TakeOver
from auth.domain.passkeys import PasskeyRefusedError, claim_of
from auth.domain.time_codes import matching_step
from auth.handlers.devices import Device, sealed_name
from auth.handlers.passkey_checks import PasskeyAnswer, PasskeyChecks
from auth.handlers.password_check import LogInRefusedError, PasswordCheck
from auth.handlers.sessions import OpenedSession, Sessions, Shown
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.identities import Identities

TOTP_CONTEXT: Final = "access|totp"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLogInAttempt:
    user_name: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    passkey: PasskeyAnswer | None = None
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
        passkeys: PasskeyChecks,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._passkeys = passkeys
        self._passwords = passwords
        self._identities = identities
        self._access = access
        self._sessions = sessions
        self._cipher = cipher
        self._clock = clock

    async def __call__(self, attempt: StaffLogInAttempt) -> OpenedSession:
        """Open the session; one that the same person has elsewhere is over.

        Raises:
            LogInRefusedError: User name, password, code or passkey is wrong, or was used before; never says which.
            TooManyAttemptsError, UnavailableError: See `PasswordCheck`.
        """
        key = self._identities.of_staff(attempt.user_name)
        entry = await self._passwords.entry_of(
            key, attempt.password, attempt.address, also=partial(self._second_factor_holds, attempt=attempt)
        )
        name = await sealed_name(self._cipher, entry.access.person_id, attempt.device)
        device = TakeOver(epoch=entry.access.epoch, device_kind=attempt.device.kind, device_name=name)
        try:
            return await self._sessions.open(
                entry, device, replacing="any", metadata=attempt.metadata, shown=_shown(entry, attempt)
            )
        except (NotActiveError, ShownNoMoreError) as error:
            # Suspended, or the passkey removed, between what was shown and the session.
            raise LogInRefusedError from error

    async def _second_factor_holds(self, entry: Entry, *, attempt: StaffLogInAttempt) -> bool:
        if entry.kind != "staff":
            return False
        if attempt.passkey is not None:
            return await self._is_own_passkey(entry, attempt.passkey)
        return attempt.code is not None and await self._is_present_code(entry, attempt.code)

    async def _is_own_passkey(self, entry: Entry, answer: PasskeyAnswer) -> bool:
        try:
            owner = await self._passkeys.entry_of(answer, "staff_log_in")
        except PasskeyRefusedError:
            return False
        return owner.access.account_id == entry.access.account_id

    async def _is_present_code(self, entry: Entry, code: str) -> bool:
        if entry.totp is None:
            return False
        secret = await self._cipher.decrypt(entry.access.person_id, entry.totp, context=TOTP_CONTEXT)
        step = None if secret is None else matching_step(secret.decode(), code, self._clock.now())
        return step is not None and await self._access.use_totp_step(entry.access.account_id, step)


def _shown(entry: Entry, attempt: StaffLogInAttempt) -> Shown:
    password = entry.access.password_epoch
    if attempt.passkey is None:
        return Shown("time_code", password_epoch=password)
    return Shown("passkey", password_epoch=password, passkey_id=claim_of(attempt.passkey.credential).passkey_id)
