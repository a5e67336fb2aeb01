"""A citizen logs in with a passkey: no user name, no password, no code (U-10)."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from ansinh_kit.errors import RefusedError
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.refusals import (
    DeviceNotBoundError,
    NotActiveError,
    SessionLiveError,
    ShownNoMoreError,
)
from auth.domain.code_subjects import TakeOver
from auth.domain.passkeys import PasskeyRefusedError, claim_of
from auth.handlers.device_proofs import DeviceProofs, PresentedProof
from auth.handlers.devices import Device, sealed_name
from auth.handlers.passkey_checks import AskedAuthenticator, PasskeyAnswer, PasskeyChecks
from auth.handlers.sessions import OpenedSession, Sessions, Shown


class OtherDeviceInError(RefusedError):
    """Another device is in. Going on takes the passkey once more, with the wish to log that device out."""

    code: ClassVar[str] = "session_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLogInAttempt:
    """`replaces_session`: the holder was warned that another device is in, and wants it out."""

    answer: PasskeyAnswer
    device: Device
    replaces_session: bool
    metadata: Metadata
    proof: PresentedProof | None = None


class PasskeyLogIn:
    def __init__(
        self, *, checks: PasskeyChecks, proofs: DeviceProofs, sessions: Sessions, cipher: PersonalDataCipher
    ) -> None:
        self._checks = checks
        self._proofs = proofs
        self._sessions = sessions
        self._cipher = cipher

    async def start(self) -> AskedAuthenticator:
        """Ask any authenticator; it tells nobody whether there is an account (OTC-10)."""
        return await self._checks.ask("log_in")

    async def finish(self, attempt: PasskeyLogInAttempt) -> OpenedSession:
        """Open the account's session.

        Raises:
            PasskeyRefusedError: The answer does not hold, or the account cannot be entered; never says which.
            OtherDeviceInError: Another device is in and stays in; the passkey is to be shown again to go on.
            DeviceProofRefusedError, DeviceNonceNeededError: The attempt came with a device proof that does not hold.
        """
        thumbprint = None if attempt.proof is None else await self._proofs.thumbprint_of(attempt.proof)
        entry = await self._checks.entry_of(attempt.answer, "log_in")
        if entry.kind != "citizen":
            raise PasskeyRefusedError
        name = await sealed_name(self._cipher, entry.access.person_id, attempt.device)
        device = TakeOver(epoch=entry.access.epoch, device_kind=attempt.device.kind, device_name=name)
        own = entry.access.device(thumbprint)
        passkey_id = claim_of(attempt.answer.credential).passkey_id
        shown = Shown("passkey", None if own is None else own.thumbprint, passkey_id=passkey_id)
        replacing: Literal["any"] | None = "any" if attempt.replaces_session else None
        try:
            return await self._sessions.open(entry, device, replacing=replacing, metadata=attempt.metadata, shown=shown)
        except SessionLiveError as error:
            raise OtherDeviceInError from error
        except (NotActiveError, DeviceNotBoundError, ShownNoMoreError) as error:
            raise PasskeyRefusedError from error
