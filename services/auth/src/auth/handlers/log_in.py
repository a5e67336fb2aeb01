"""A citizen logs in with number and password. Whatever is wrong, the answer and the work are the same (OTC-10)."""

from dataclasses import dataclass, field

from ansinh_kit.clock import Clock
from ansinh_kit.errors import DomainError
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.refusals import (
    DeviceNotBoundError,
    NotActiveError,
    SessionLiveError,
    ShownNoMoreError,
)
from auth.domain.access.state import EntryWay
from auth.domain.code_subjects import TakeOver
from auth.handlers.device_proofs import DeviceProofs, PresentedProof
from auth.handlers.devices import Device, sealed_name
from auth.handlers.forced_password_changes import ForcedPasswordChanges
from auth.handlers.password_check import LogInRefusedError, PasswordCheck
from auth.handlers.sessions import OpenedSession, Sessions, Shown
from auth.handlers.take_over_warnings import CodeNeededError, SessionExistsError, TakeOverWarnings
from auth.storage.access_entries import Entry
from auth.storage.identities import Identities


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
        warnings: TakeOverWarnings,
        forced_changes: ForcedPasswordChanges,
        proofs: DeviceProofs,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._passwords = passwords
        self._proofs = proofs
        self._clock = clock
        self._identities = identities
        self._sessions = sessions
        self._warnings = warnings
        self._forced_changes = forced_changes
        self._cipher = cipher

    async def __call__(self, attempt: LogInAttempt) -> OpenedSession:
        """Open the account's session.

        Raises:
            SessionExistsError: Another device is in; a take-over may follow. Said only after the right password.
            PasswordCompromisedError: Others may know the password; it opens nothing, and can be replaced with a code.
            CodeNeededError: The password is too short without a bound device's key; a code goes on as in a take-over.
            DeviceProofRefusedError, DeviceNonceNeededError: The attempt came with a device proof that does not hold.
            LogInRefusedError, TooManyAttemptsError, UnavailableError: See `PasswordCheck`.
        """
        thumbprint = None if attempt.proof is None else await self._proofs.thumbprint_of(attempt.proof)
        key = self._identities.of_user_name(attempt.user_name)
        entry = await self._passwords.entry_of(key, attempt.password, attempt.address, thumbprint=thumbprint)
        if entry.kind != "citizen":
            raise LogInRefusedError
        if entry.access.password_compromised:
            raise await self._forced_changes.prepare(entry, thumbprint) or LogInRefusedError()
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
        except (NotActiveError, DeviceNotBoundError, ShownNoMoreError) as error:
            # Locked, the password changed, or the device removed, between the password and the session.
            raise LogInRefusedError from error

    def _shown(self, entry: Entry, thumbprint: str | None) -> Shown:
        """Return what the attempt is worth: a key counts beside the password for a while after its binding (LIM-16)."""
        own, password = entry.access.device(thumbprint), entry.access.password_epoch
        if own is None:
            return Shown("password", password_epoch=password)
        way: EntryWay = "device" if own.reopens(self._clock.now()) else "password"
        return Shown(way, own.thumbprint, password_epoch=password)

    async def _warning(
        self, kind: type[CodeNeededError], entry: Entry, device: TakeOver, thumbprint: str | None
    ) -> DomainError:
        return await self._warnings.prepare(kind, entry, device, thumbprint) or LogInRefusedError()
