"""A citizen logs in with number and password. Whatever is wrong, the answer and the work are the same (OTC-10)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from ansinh_kit.clock import Clock
from ansinh_kit.errors import RefusedError
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.refusals import DeviceNotBoundError, NotActiveError, SessionLiveError
from auth.domain.code_subjects import TakeOver
from auth.domain.recipients import other_phone, phone_of
from auth.handlers.codes import Codes
from auth.handlers.device_proofs import DeviceProofs, PresentedProof
from auth.handlers.devices import Device, sealed_name
from auth.handlers.password_check import LogInRefusedError, PasswordCheck
from auth.handlers.sessions import OpenedSession, Sessions, Shown
from auth.storage.access_entries import Entry
from auth.storage.holders import Holders
from auth.storage.identities import Identities


class CodeNeededError(RefusedError):
    """The password is right and not enough by itself. Going on takes a code sent to `masked_phone`.

    `masked_second_phone` may be chosen instead, if there is one (U-03).
    """

    code: ClassVar[str] = "code_needed"

    def __init__(
        self, *, take_over_id: str, masked_phone: str, masked_second_phone: str | None, expires_at: datetime
    ) -> None:
        super().__init__(take_over_id)
        self.take_over_id = take_over_id
        self.masked_phone = masked_phone
        self.masked_second_phone = masked_second_phone
        self.expires_at = expires_at


class SessionExistsError(CodeNeededError):
    """Another device is in. Doing nothing leaves that device alone."""

    code: ClassVar[str] = "session_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInAttempt:
    user_name: str
    password: str = field(repr=False)
    device: Device
    address: str
    metadata: Metadata
    proof: PresentedProof | None = None


class LogIn:
    def __init__(
        self,
        *,
        passwords: PasswordCheck,
        identities: Identities,
        sessions: Sessions,
        codes: Codes,
        proofs: DeviceProofs,
        holders: Holders,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._passwords = passwords
        self._proofs = proofs
        self._clock = clock
        self._identities = identities
        self._sessions = sessions
        self._codes = codes
        self._holders = holders
        self._cipher = cipher

    async def __call__(self, attempt: LogInAttempt) -> OpenedSession:
        """Open the account's session.

        Raises:
            SessionExistsError: Another device is in; a take-over may follow. Said only after the right password.
            CodeNeededError: The password is too short without a bound device's key; a code goes on as in a take-over.
            DeviceProofRefusedError, DeviceNonceNeededError: The attempt came with a device proof that does not hold.
            LogInRefusedError, TooManyAttemptsError, UnavailableError: See `PasswordCheck`.
        """
        thumbprint = None if attempt.proof is None else await self._proofs.thumbprint_of(attempt.proof)
        key = self._identities.of_user_name(attempt.user_name)
        entry = await self._passwords.entry_of(key, attempt.password, attempt.address, thumbprint=thumbprint)
        if entry.kind != "citizen":
            raise LogInRefusedError
        name = await sealed_name(self._cipher, entry.access.person_id, attempt.device)
        device = TakeOver(
            epoch=entry.access.epoch,
            device_kind=attempt.device.kind,
            device_name=name,
            refused_before=entry.refused_before,
        )
        shown = self._shown(entry, thumbprint)
        if entry.password_needs_device and shown.entered_by != "device":
            raise await self._warning(CodeNeededError, entry, device, thumbprint)
        try:
            return await self._sessions.open(entry, device, replacing=None, metadata=attempt.metadata, shown=shown)
        except SessionLiveError as error:
            raise await self._warning(SessionExistsError, entry, device, thumbprint) from error
        except (NotActiveError, DeviceNotBoundError) as error:
            # Locked, or the device removed, between the password and the session.
            raise LogInRefusedError from error

    def _shown(self, entry: Entry, thumbprint: str | None) -> Shown:
        """Return what the attempt is worth: a key counts beside the password for a while after its binding (LIM-16)."""
        own = entry.access.device(thumbprint)
        if own is None:
            return Shown("password")
        return Shown("device" if own.reopens(self._clock.now()) else "password", own.thumbprint)

    async def _warning(
        self, kind: type[CodeNeededError], entry: Entry, device: TakeOver, thumbprint: str | None
    ) -> Exception:
        """Prepare the take-over and return what the second device is told; nothing was sent to anyone yet.

        A device that signed its attempt is the only one that can go on with it (OTC-03).
        """
        holder = await self._holders.find(entry.access.account_id)
        if holder is None:
            return LogInRefusedError()
        recipient = phone_of(holder)
        challenge = self._codes.challenge(device, recipient, device_thumbprint=thumbprint)
        await self._codes.open(challenge)
        return kind(
            take_over_id=challenge.challenge_id,
            masked_phone=recipient.masked,
            masked_second_phone=other_phone(holder),
            expires_at=challenge.ends_at,
        )
