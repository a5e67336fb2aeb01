"""A forgotten password, replaced: the proofs are checked together, refused alike, and used up in one change."""

from dataclasses import dataclass, field

from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata
from ansinh_kit.throttling.mongo import Throttles

from auth.domain.access.commands import RecoverPassword
from auth.domain.access.recoveries import can_be_recovered, way_of
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import Recovery
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.passwords import PasswordRules
from auth.domain.recoveries import RecoveryRefusedError, RecoveryRules
from auth.handlers.codes import Codes
from auth.handlers.device_proofs import PresentedProof
from auth.handlers.recovery_devices import BoundDevices
from auth.handlers.saved_codes import SavedCodeCheck
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.holders import Holders
from auth.storage.password_hashing import PasswordHashing
from auth.storage.pending_changes import PendingChanges
from auth.storage.recoveries import Recovery as StoredRecovery
from auth.storage.recoveries import RecoveryDocuments

_NOBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryProofs:
    """What was shown beside the recovery's token, believed in nothing yet. Nothing of it may be enough."""

    code: str | None = field(default=None, repr=False)
    saved_code: str | None = field(default=None, repr=False)
    device: PresentedProof | None = None


@dataclass(frozen=True, slots=True)
class _Checked:
    entry: Entry
    command: RecoverPassword
    challenge: Challenge[Recovery] | None


class CompleteRecovery:
    def __init__(
        self,
        *,
        documents: RecoveryDocuments,
        codes: Codes,
        saved_codes: SavedCodeCheck,
        devices: BoundDevices,
        holders: Holders,
        access: AccessDocuments,
        pending: PendingChanges,
        hashing: PasswordHashing,
        throttles: Throttles,
        passwords: PasswordRules,
        rules: RecoveryRules,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._codes = codes
        self._saved_codes = saved_codes
        self._devices = devices
        self._holders = holders
        self._access = access
        self._pending = pending
        self._hashing = hashing
        self._throttles = throttles
        self._passwords = passwords
        self._rules = rules
        self._clock = clock

    async def __call__(
        self, recovery_id: str, token: str, proofs: RecoveryProofs, password: str, *, metadata: Metadata
    ) -> str:
        """Set the password and return the account's id; every session is over when this returns.

        Raises:
            DeviceProofRefusedError, DeviceNonceNeededError: There is a device proof and it does not hold.
            InvalidFieldsError: The password is not accepted; what needs no knowledge of the person costs no try.
            RecoveryRefusedError: For whatever other reason. Nothing was changed, and no saved code was used up.
            TooManyAttemptsError: Too many tries for this recovery.
        """
        self._passwords.check(password)
        await self._throttles.admit(f"recovery-of:{recovery_id}", self._rules.per_recovery, self._clock.now())
        recovery = await self._documents.find(recovery_id, hash_token(token), self._clock.now())
        if recovery is None:
            raise RecoveryRefusedError
        checked = await self._check(recovery, proofs)
        account_id = checked.entry.access.account_id
        holder = await self._holders.find(account_id)
        if holder is None:
            raise RecoveryRefusedError
        self._passwords.check(password, holder.known_words())
        hashed = await self._hashing.hash(password)
        await self._use_up(checked.challenge)
        await self._access.change(account_id, checked.command, metadata=metadata, password=hashed)
        await self._pending.record_if_possible(account_id)
        return account_id

    async def _check(self, recovery: StoredRecovery, proofs: RecoveryProofs) -> _Checked:
        """Look at every proof, whatever the one before came to, and refuse once at the end."""
        thumbprint = await self._devices.thumbprint_of(proofs.device)
        challenge = await self._answered(recovery.recovery_id, proofs.code)
        if challenge is not None and recovery.approved_for not in (None, challenge.account_id):
            challenge = None
        account_id = recovery.approved_for or (challenge.account_id if challenge else _NOBODY)
        entry = await self._access.find(account_id)
        command = RecoverPassword(
            now=self._clock.now(),
            recovery_id=recovery.recovery_id,
            code_of=None if challenge is None else challenge.subject.password_epoch,
            saved_code=await self._saved_codes.place_of(entry, proofs.saved_code),
            device_key=entry is not None and entry.access.device(thumbprint) is not None,
        )
        if entry is None or way_of(command, entry.access) is None or not can_be_recovered(entry.access):
            raise RecoveryRefusedError
        return _Checked(entry, command, challenge)

    async def _answered(self, recovery_id: str, code: str | None) -> Challenge[Recovery] | None:
        if code is None:
            return None
        try:
            return await self._codes.check(recovery_id, Recovery, code)
        except CodeRefusedError:
            return None

    async def _use_up(self, challenge: Challenge[Recovery] | None) -> None:
        if challenge is None:
            return
        try:
            await self._codes.use_up(challenge)
        except CodeRefusedError as error:
            raise RecoveryRefusedError from error
