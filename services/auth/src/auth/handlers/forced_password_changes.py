"""A password that others may know is replaced with a code before anybody enters: the log-in leads here (OTC-13).

Whoever has shown the right password gets the id of a change, as the second device gets that of a take-over; the code
goes to the phone on file. So it takes what any change of the password takes, and no session.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.clock import Clock
from ansinh_kit.errors import FieldViolation, InvalidFieldsError, RefusedError
from ansinh_kit.events import Metadata

from auth.domain.access.commands import ReplaceCompromisedPassword
from auth.domain.access.refusals import NotActiveError, ShownNoMoreError
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import ForcedPasswordChange
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.passwords import PasswordRules, normalised
from auth.domain.recipients import chosen_phone, other_phone, phone_of
from auth.handlers.codes import Codes
from auth.handlers.device_proofs import DeviceProofs, PresentedProof
from auth.handlers.sent_codes import SentCode
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.holders import Holders
from auth.storage.password_hashing import PasswordHashing
from auth.storage.pending_changes import PendingChanges


class PasswordCompromisedError(RefusedError):
    """The password is right and opens nothing: others may know it. A code sent to `masked_phone` lets it be replaced.

    `masked_second_phone` may be chosen instead, if there is one (U-03).
    """

    code: ClassVar[str] = "password_compromised"

    def __init__(
        self, *, forced_change_id: str, masked_phone: str, masked_second_phone: str | None, expires_at: datetime
    ) -> None:
        super().__init__(forced_change_id)
        self.forced_change_id = forced_change_id
        self.masked_phone = masked_phone
        self.masked_second_phone = masked_second_phone
        self.expires_at = expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What was typed in place of the compromised password, with the code that was sent for it."""

    code: str = field(repr=False)
    new: str = field(repr=False)
    again: str = field(repr=False)


class ForcedPasswordChanges:
    """The id of a change is given only to one who has shown the right password."""

    def __init__(
        self,
        *,
        codes: Codes,
        rules: PasswordRules,
        hashing: PasswordHashing,
        access: AccessDocuments,
        pending: PendingChanges,
        holders: Holders,
        proofs: DeviceProofs,
        clock: Clock,
    ) -> None:
        self._codes = codes
        self._rules = rules
        self._hashing = hashing
        self._access = access
        self._pending = pending
        self._holders = holders
        self._proofs = proofs
        self._clock = clock

    async def prepare(self, entry: Entry, thumbprint: str | None) -> PasswordCompromisedError | None:
        """Prepare the change and return what the one at log-in is told; nothing was sent to anyone yet.

        A device that signed its log-in is the only one that can go on with it (OTC-03). `None` if the account has no
        holder any more.
        """
        holder = await self._holders.find(entry.access.account_id)
        if holder is None:
            return None
        recipient = phone_of(holder)
        subject = ForcedPasswordChange(password_epoch=entry.access.password_epoch)
        challenge = self._codes.challenge(subject, recipient, device_thumbprint=thumbprint)
        await self._codes.open(challenge)
        return PasswordCompromisedError(
            forced_change_id=challenge.challenge_id,
            masked_phone=recipient.masked,
            masked_second_phone=other_phone(holder),
            expires_at=challenge.ends_at,
        )

    async def send_code(self, change_id: str, via: ContactSlot | None = None) -> SentCode:
        """Send the code to the phone on file, or to the one that was chosen for it (U-03).

        Raises:
            InvalidFieldsError: `via` is no confirmed phone of the account.
            NotFoundError: There is no such change any more.
            TooManyAttemptsError: Too soon after the last code, or too many.
        """
        challenge = await self._codes.find_open(change_id, ForcedPasswordChange)
        to = chosen_phone(await self._holders.get(challenge.account_id), via or challenge.slot)
        return await self._codes.send(challenge.sent_to(to), to)

    async def confirm(
        self, change_id: str, typed: Replacement, *, metadata: Metadata, proof: PresentedProof | None = None
    ) -> None:
        """Let the new password count; whoever is in by another way is out, and the holder logs in with the new one.

        Raises:
            DeviceProofRefusedError, DeviceNonceNeededError: There is a device proof and it does not hold.
            InvalidFieldsError: The new ones differ, are the old one, or are not accepted. The code still counts;
                what needs no knowledge of the person costs no try.
            CodeRefusedError: The code is wrong, late, used or tried too often, or the password is another one by now.
        """
        if normalised(typed.new) != normalised(typed.again):
            raise InvalidFieldsError([FieldViolation("new_password_again", "passwords_differ")])
        self._rules.check(typed.new, field="new_password")
        thumbprint = None if proof is None else await self._proofs.thumbprint_of(proof)
        challenge = await self._codes.check(change_id, ForcedPasswordChange, typed.code, device_thumbprint=thumbprint)
        entry = await self._access.find(challenge.account_id)
        if entry is None:
            raise CodeRefusedError
        await self._check_new(entry, typed.new)
        hashed = await self._hashing.hash(typed.new)
        await self._codes.use_up(challenge)
        await self._replace(challenge, hashed, metadata)

    async def cancel(self, change_id: str) -> None:
        """Give the change up; its codes are dead, and the password opens nothing as before."""
        await self._codes.cancel(change_id, ForcedPasswordChange)

    async def _check_new(self, entry: Entry, new: str) -> None:
        holder = await self._holders.get(entry.access.account_id)
        self._rules.check(new, holder.known_words(), field="new_password")
        if (await self._hashing.verify(new, entry.password)).right:
            raise InvalidFieldsError([FieldViolation("new_password", "same_as_old")])

    async def _replace(self, challenge: Challenge[ForcedPasswordChange], hashed: str, metadata: Metadata) -> None:
        command = ReplaceCompromisedPassword(now=self._clock.now(), password_epoch=challenge.subject.password_epoch)
        try:
            await self._access.change(challenge.account_id, command, metadata=metadata, password=hashed)
        except (NotActiveError, ShownNoMoreError) as error:
            # Locked, or the password replaced in another way, since the log-in.
            raise CodeRefusedError from error
        await self._pending.record_if_possible(challenge.account_id)
