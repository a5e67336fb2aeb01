"""The holder changes the password: the old one, then a code; until the right one the old one counts (S-18 to S-23).

The hash of the new password waits in the challenge, so that the right code needs nothing more from the client. It is
dropped with the challenge, a day after its end.
"""

from dataclasses import dataclass, field

from ansinh_contracts.auth import ContactSlot
from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.errors import FieldViolation, InvalidFieldsError, NotFoundError
from ansinh_kit.events import Metadata

from auth.domain.access.commands import ChangePassword
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import PasswordChange
from auth.domain.holder import Holder
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.passwords import PasswordRules, normalised
from auth.domain.recipients import chosen_phone
from auth.handlers.codes import Codes
from auth.handlers.device_proofs import PresentedProof
from auth.handlers.password_check import PasswordCheck, TypedPassword
from auth.handlers.sent_codes import SentCode
from auth.handlers.session_proofs import InSession, SessionProofs
from auth.handlers.sessions import OpenedSession
from auth.handlers.tokens import new_session_token
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.access_updates import NewSessionSecrets
from auth.storage.holders import Holders
from auth.storage.password_hashing import PasswordHashing
from auth.storage.pending_changes import PendingChanges
from auth.storage.session_lookup import Lifetimes


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose session it is: the account, the epoch in which its present session was opened, and the device's proof."""

    account_id: str
    session_epoch: int
    proof: PresentedProof | None = None

    def request(self) -> InSession:
        return InSession(account_id=self.account_id, epoch=self.session_epoch, proof=self.proof)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """What the three fields of the form hold (S-18)."""

    old: str = field(repr=False)
    new: str = field(repr=False)
    again: str = field(repr=False)


class PasswordChanges:
    def __init__(
        self,
        *,
        passwords: PasswordCheck,
        rules: PasswordRules,
        hashing: PasswordHashing,
        codes: Codes,
        access: AccessDocuments,
        pending: PendingChanges,
        holders: Holders,
        lifetimes: Lifetimes,
        session_proofs: SessionProofs,
        clock: Clock,
    ) -> None:
        self._session_proofs = session_proofs
        self._passwords = passwords
        self._rules = rules
        self._hashing = hashing
        self._codes = codes
        self._access = access
        self._pending = pending
        self._holders = holders
        self._lifetimes = lifetimes
        self._clock = clock

    async def start(self, asker: Asker, typed: NewPassword, address: str, via: ContactSlot = "phone") -> SentCode:
        """Send a code to the registered phone, or the one chosen; the password stays the one it was.

        Raises:
            InvalidFieldsError: The new ones differ, are the old one, or are not accepted; or `via` is no
                confirmed phone of the account. Nothing was sent (S-21).
            PasswordWrongError: Nothing was sent.
            DeviceKeyNeededError: The session is bound to a device key that did not sign for this.
            TooManyAttemptsError: Too many wrong passwords, or codes, before.
            UnavailableError: Too many passwords are being checked at once.
        """
        proven = await self._session_proofs.require(asker.request())
        holder = await self._holders.get(asker.account_id)
        recipient = chosen_phone(holder, via)
        self._check_new(typed, holder, with_device=proven.session.device_thumbprint is not None)
        await self._passwords.of_session(asker.account_id, TypedPassword(typed.old, address, proven.thumbprint))
        subject = PasswordChange(
            session_epoch=asker.session_epoch,
            password_hash=await self._hashing.hash(typed.new),
            needs_device=self._rules.needs_device(typed.new),
        )
        challenge = self._codes.challenge(subject, recipient)
        await self._codes.open(challenge)
        return await self._codes.send(challenge, recipient)

    async def send_again(self, asker: Asker, change_id: str, via: ContactSlot | None = None) -> SentCode:
        """Send a new code, to where the one before went or to the phone chosen; the one before it is dead.

        Raises:
            InvalidFieldsError: `via` is no confirmed phone of the account.
            NotFoundError: The session has no such change under way.
            TooManyAttemptsError: Too soon after the last code, or too many.
        """
        challenge = await self._of(asker, change_id)
        to = chosen_phone(await self._holders.get(asker.account_id), via or challenge.slot)
        return await self._codes.send(challenge.sent_to(to), to)

    async def confirm(self, asker: Asker, change_id: str, code: str, *, metadata: Metadata) -> OpenedSession:
        """Let the new password count; the asker's device goes on with a new token, and every other is out.

        Raises:
            NotFoundError: The session has no such change under way; the code was not compared.
            CodeRefusedError: The code is wrong, late, used, or tried too often; the old password counts.
            SessionOverError: The session ended meanwhile; the old password counts.
            DeviceKeyNeededError: The session is bound to a device key that did not sign for this.
        """
        await self._of(asker, change_id)
        await self._session_proofs.require(asker.request())
        challenge = await self._codes.check(change_id, PasswordChange, code)
        entry = await self._access.find(asker.account_id)
        if entry is None:
            raise CodeRefusedError
        await self._codes.use_up(challenge)
        return await self._change(entry, challenge.subject, metadata)

    async def cancel(self, asker: Asker, change_id: str) -> None:
        """Give the change up; its codes are dead.

        Raises:
            NotFoundError: The session has no such change under way.
        """
        await self._of(asker, change_id)
        await self._codes.cancel(change_id, PasswordChange)

    async def _change(self, entry: Entry, subject: PasswordChange, metadata: Metadata) -> OpenedSession:
        now, token = self._clock.now(), new_session_token()
        command = ChangePassword(
            now=now,
            session_epoch=subject.session_epoch,
            idle_until=now + self._lifetimes.idle(entry.kind),
            absolute_until=now + self._lifetimes.whole(entry.kind),
        )
        after = await self._access.change(
            entry.access.account_id,
            command,
            metadata=metadata,
            session=NewSessionSecrets(token_hash=hash_token(token), device_name=entry.device_name),
            password=subject.password_hash,
            password_needs_device=subject.needs_device,
        )
        await self._pending.record_if_possible(entry.access.account_id)
        return OpenedSession(
            token=token,
            entry=entry,
            epoch=after.epoch,
            idle_until=command.idle_until,
            absolute_until=command.absolute_until,
            first_log_in=False,
        )

    def _check_new(self, typed: NewPassword, holder: Holder, *, with_device: bool) -> None:
        new = normalised(typed.new)
        if new != normalised(typed.again):
            raise InvalidFieldsError([FieldViolation("new_password_again", "passwords_differ")])
        if new == normalised(typed.old):
            raise InvalidFieldsError([FieldViolation("new_password", "same_as_old")])
        self._rules.check(typed.new, holder.known_words(), field="new_password", with_device=with_device)

    async def _of(self, asker: Asker, change_id: str) -> Challenge[PasswordChange]:
        """Return the change of this session; somebody else's is not there, and costs it no try."""
        challenge = await self._codes.find_open(change_id, PasswordChange)
        if (challenge.account_id, challenge.subject.session_epoch) != (asker.account_id, asker.session_epoch):
            raise NotFoundError
        return challenge
