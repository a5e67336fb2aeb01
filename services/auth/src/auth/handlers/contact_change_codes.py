"""The two codes of one change of a contact: one to where the holder was reached, one to the new contact (V-11).

The change is the challenge that was sent to the new contact; the contact waits in it, encrypted. The challenge that
was sent to the present one is its `proof_id`.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.errors import FieldViolation, InvalidFieldsError, NotFoundError
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.challenges import Challenge
from auth.domain.code_subjects import ContactChange
from auth.domain.holder import Holder
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.recipients import recipient
from auth.handlers.codes import Codes
from auth.handlers.sent_codes import SentCode

Side = Literal["new", "present"]
Change = Challenge[ContactChange]

_CONTEXT: Final = "contact_change|value"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCodes:
    """`present` is `None` if only the new contact has to be shown: it stood on the account unconfirmed."""

    change_id: str
    new: SentCode
    present: SentCode | None
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCodes:
    new: str = field(repr=False)
    present: str | None = field(repr=False)


class ContactChangeCodes:
    def __init__(self, *, codes: Codes, cipher: PersonalDataCipher) -> None:
        self._codes = codes
        self._cipher = cipher

    async def begin(
        self, holder: Holder, slot: ContactSlot, value: str, *, proof: ContactSlot | None, session_epoch: int
    ) -> SentCodes:
        """Send both codes, first the one that proves who asks; that one not at all if there is no `proof`.

        Raises:
            TooManyAttemptsError: Too many codes before.
        """
        subject, present = ContactChange(session_epoch=session_epoch), None
        if proof is not None:
            asked = recipient(holder, proof, holder.contacts[proof].value)
            challenge = self._codes.challenge(subject, asked)
            await self._codes.open(challenge)
            present = await self._codes.send(challenge, asked)
            subject = replace(subject, proof_id=challenge.challenge_id)
        blob = await self._cipher.encrypt(holder.person_id, value.encode(), context=_CONTEXT)
        new = recipient(holder, slot, value)
        change = self._codes.challenge(replace(subject, value=blob), new)
        await self._codes.open(change)
        sent = await self._codes.send(change, new)
        return SentCodes(change_id=change.challenge_id, new=sent, present=present, ends_at=change.ends_at)

    async def send_again(self, change: Change, side: Side, holder: Holder) -> SentCode:
        """Send one of the codes anew; the one before it is dead.

        Raises:
            NotFoundError: The change needs no such code, or the contact is gone.
            TooManyAttemptsError: Too soon after the last code, or too many.
        """
        if side == "new":
            return await self._codes.send(change, recipient(holder, change.slot, await self.value(change)))
        proof = await self._proof_of(change)
        address = holder.value(proof.slot)
        if address is None:
            raise NotFoundError
        return await self._codes.send(proof, recipient(holder, proof.slot, address))

    async def find(self, account_id: str, session_epoch: int, change_id: str) -> Change:
        """Return the change of this session.

        Raises:
            NotFoundError: The session has none of this id; somebody else's costs it no try.
        """
        change = await self._codes.find_open(change_id, ContactChange)
        asker = (change.account_id, change.subject.session_epoch)
        if asker != (account_id, session_epoch) or change.subject.value is None:
            raise NotFoundError
        return change

    async def value(self, change: Change) -> str:
        """Return the new contact.

        Raises:
            NotFoundError: Its person was forgotten meanwhile.
        """
        blob = change.subject.value
        value = None if blob is None else await self._cipher.decrypt(change.person_id, blob, context=_CONTEXT)
        if value is None:
            raise NotFoundError
        return value.decode()

    async def check(self, change: Change, shown: ShownCodes) -> None:
        """Compare both codes, whatever the first comparison says: they cannot be guessed one after the other.

        Raises:
            CodeRefusedError: One of them is wrong, late or used; never says which.
            InvalidFieldsError: The present contact's code is missing.
        """
        asked = [(change.challenge_id, shown.new)]
        if change.subject.proof_id is not None:
            if shown.present is None:
                raise InvalidFieldsError([FieldViolation("present_code", "required")])
            asked.append((change.subject.proof_id, shown.present))
        right: list[Change] = []
        for challenge_id, code in asked:
            with suppress(CodeRefusedError):
                right.append(await self._codes.check_one_of_two(challenge_id, ContactChange, code))
        if len(right) < len(asked):
            raise CodeRefusedError
        for challenge in right:
            await self._codes.forget_wrong(challenge)

    async def use_up(self, change: Change) -> None:
        """Let one of any number of requests go on; killed after it, the codes are spent and nothing changed.

        Raises:
            CodeRefusedError: Somebody else was faster.
        """
        if change.subject.proof_id is not None:
            await self._codes.use_up(await self._proof_of(change))
        await self._codes.use_up(change)

    async def cancel(self, change: Change) -> None:
        """Make both codes dead."""
        for challenge_id in (change.challenge_id, change.subject.proof_id):
            if challenge_id is not None:
                await self._codes.cancel(challenge_id, ContactChange)

    async def _proof_of(self, change: Change) -> Change:
        if change.subject.proof_id is None:
            raise NotFoundError
        return await self._codes.find_open(change.subject.proof_id, ContactChange)
