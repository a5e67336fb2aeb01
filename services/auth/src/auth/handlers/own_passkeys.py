"""The holder's own passkeys: added inside a session, looked through, removed; each change is told on all contacts."""

from dataclasses import dataclass
from datetime import datetime

from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.commands import AddPasskey, RemovePasskey
from auth.domain.access.factors import check_strong
from auth.domain.passkeys import Credential, PasskeyRefusedError, PasskeyRules, creation_options, read_registration
from auth.handlers.devices import Device, opened_name, sealed_name
from auth.handlers.passkey_checks import AskedAuthenticator, PasskeyChecks
from auth.handlers.session_proofs import InSession, SessionProofs
from auth.storage.access_documents import AccessDocuments
from auth.storage.factor_fields import PasskeyKey, new_passkey_fields
from auth.storage.passkey_challenges import PasskeyChallenges
from auth.storage.pending_changes import PendingChanges
from auth.storage.single_use import Bound


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskey:
    passkey_id: str
    name: str | None
    added_at: datetime


class OwnPasskeys:
    def __init__(
        self,
        *,
        session_proofs: SessionProofs,
        checks: PasskeyChecks,
        challenges: PasskeyChallenges,
        access: AccessDocuments,
        pending: PendingChanges,
        cipher: PersonalDataCipher,
        rules: PasskeyRules,
        clock: Clock,
    ) -> None:
        self._session_proofs = session_proofs
        self._checks = checks
        self._challenges = challenges
        self._access = access
        self._pending = pending
        self._cipher = cipher
        self._rules = rules
        self._clock = clock

    async def start(self, request: InSession) -> AskedAuthenticator:
        """Ask an authenticator for a new passkey.

        Raises:
            DeviceKeyNeededError, StrongerLogInNeededError: Not enough was shown (`domain.access.factors`).
        """
        proven = await self._session_proofs.read(request)
        check_strong(proven.session, proven.thumbprint, self._clock.now())
        opened = await self._checks.open("registration", Bound(request.account_id, request.epoch))
        options = creation_options(
            self._rules,
            challenge=opened.challenge,
            account_id=request.account_id,
            # What the authenticator shows is not personal: the id under which the account is known to nobody else.
            user_name=request.account_id[:8],
            known=[key.credential_id for key in proven.entry.passkey_keys.values()],
        )
        return AskedAuthenticator(opened.challenge_id, options, opened.expires_at)

    async def finish(
        self, request: InSession, registration_id: str, credential: Credential, name: str, *, metadata: Metadata
    ) -> str:
        """Add the passkey and return its id. The challenge is used up, whatever comes of it.

        Raises:
            PasskeyRefusedError: The answer does not hold, or is to no challenge of this session.
            PasskeyAlreadyAddedError, TooManyPasskeysError: It cannot be added.
            DeviceKeyNeededError, StrongerLogInNeededError: Not enough was shown.
        """
        proven = await self._session_proofs.read(request)
        challenge = await self._challenges.use(
            registration_id, "registration", self._clock.now(), Bound(request.account_id, request.epoch)
        )
        if challenge is None:
            raise PasskeyRefusedError
        made = read_registration(credential, challenge=challenge, rules=self._rules)
        blob = await sealed_name(self._cipher, proven.entry.access.person_id, Device("unknown", name))
        key = PasskeyKey(
            credential_id=made.credential_id, public_key=made.public_key, sign_count=made.sign_count, name=blob
        )
        command = AddPasskey(
            now=self._clock.now(),
            session_epoch=request.epoch,
            proven_by=proven.thumbprint,
            passkey_id=made.passkey_id,
        )
        beside = new_passkey_fields(made.passkey_id, key)
        await self._access.change(request.account_id, command, metadata=metadata, beside=beside)
        await self._pending.record_if_possible(request.account_id)
        return made.passkey_id

    async def all_of(self, account_id: str) -> list[OwnPasskey]:
        """Return the account's passkeys, oldest first.

        Raises:
            NotFoundError: There is no such account any more.
        """
        entry = await self._access.get(account_id)
        person_id = entry.access.person_id
        return [
            OwnPasskey(
                passkey_id=passkey.passkey_id,
                name=await opened_name(self._cipher, person_id, entry.passkey_keys[passkey.passkey_id].name),
                added_at=passkey.added_at,
            )
            for passkey in sorted(entry.access.passkeys, key=lambda passkey: passkey.added_at)
        ]

    async def remove(self, request: InSession, passkey_id: str, *, metadata: Metadata) -> None:
        """Let the passkey count no more.

        Raises:
            NotFoundError: It is none of the account's.
            DeviceKeyNeededError, StrongerLogInNeededError: Not enough was shown.
        """
        proven = await self._session_proofs.read(request)
        command = RemovePasskey(
            now=self._clock.now(), session_epoch=request.epoch, proven_by=proven.thumbprint, passkey_id=passkey_id
        )
        await self._access.change(request.account_id, command, metadata=metadata)
        await self._pending.record_if_possible(request.account_id)
