"""The holder changes a contact: the password, a code to where the holder was reached, a code to the new contact (V-11).

Both codes come in one request and have one result. The new contact waits, encrypted, in the challenge that was sent
there; nothing of the account changes before both were right.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final, Literal

from ansinh_contracts.auth import ContactSlot
from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.errors import FieldViolation, InvalidFieldsError, NotFoundError, RefusedError
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.domain.account import ACCOUNT, stream_of
from auth.domain.challenges import Challenge
from auth.domain.code_subjects import ContactChange
from auth.domain.contact_changes import OBJECTION_LIFE, ChangeContact, check_change
from auth.domain.contact_values import looks_like_a_company, normal_value
from auth.domain.holder import Holder
from auth.domain.one_time_codes import CodeRefusedError
from auth.domain.recipients import recipient
from auth.handlers.codes import Codes, SentCode
from auth.handlers.contact_seats import ALONE, FAMILY, ContactSeats
from auth.handlers.log_in import LogInRefusedError, PasswordCheck
from auth.handlers.sessions import Sessions
from auth.storage.holders import Holders
from auth.storage.objections import ObjectionDocuments

Side = Literal["new", "present"]

_CONTEXT: Final = "contact_change|value"
# What proves that it is the holder who asks. Mail is weaker than a phone, so it never changes one (OTC-08).
_PROOFS: Final[dict[ContactSlot, tuple[ContactSlot, ...]]] = {
    "phone": ("phone", "second_phone"),
    "second_phone": ("second_phone", "phone"),
    "email": ("email", "phone", "second_phone"),
}


class PasswordWrongError(RefusedError):
    """No code was sent; the attempt is counted like one of a log-in (LIM-13, LIM-14)."""

    code: ClassVar[str] = "password_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChangeLimits:
    """So many changes may be begun for an account: each sends a code to a contact that was typed in."""

    per_account: Throttle = field(default_factory=lambda: Windows((Window(4, timedelta(hours=24)),)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedContact:
    """What a session asks for. `via` is the contact that proves who asks; the slot's own if it is `None`."""

    account_id: str
    session_epoch: int
    slot: ContactSlot
    value: str = field(repr=False)
    via: ContactSlot | None
    password: str = field(repr=False)
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedChange:
    """`present` is `None` if only the new contact has to be shown: it stood on the account unconfirmed."""

    change_id: str
    new: SentCode
    present: SentCode | None
    looks_like_a_company: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCodes:
    new: str = field(repr=False)
    present: str | None = field(repr=False)


class ContactChanges:
    def __init__(
        self,
        *,
        passwords: PasswordCheck,
        codes: Codes,
        seats: ContactSeats,
        objections: ObjectionDocuments,
        sessions: Sessions,
        holders: Holders,
        store: EventStore,
        throttles: Throttles,
        limits: ContactChangeLimits,
        cipher: PersonalDataCipher,
        clock: Clock,
    ) -> None:
        self._passwords = passwords
        self._codes = codes
        self._seats = seats
        self._objections = objections
        self._sessions = sessions
        self._holders = holders
        self._store = store
        self._throttles = throttles
        self._limits = limits
        self._cipher = cipher
        self._clock = clock

    async def start(self, wanted: WantedContact) -> StartedChange:
        """Send the codes. Whether the contact is another account's is not told here: only to one who has it (OTC-10).

        Raises:
            InvalidFieldsError: The value is none of its kind, or `via` proves nothing for it.
            ContactUnchangedError: The account has this contact.
            PasswordWrongError: Nothing was sent.
            TooManyAttemptsError: Too many wrong passwords, changes or codes before.
        """
        holder = await self._holder(wanted.account_id)
        value = _checked_value(wanted)
        check_change(wanted.slot, value, holder)
        proof = _proof(wanted, value, holder)
        try:
            await self._passwords.of_session(wanted.account_id, wanted.password, wanted.address)
        except LogInRefusedError as error:
            raise PasswordWrongError from error
        await self._throttles.admit(f"contact-changes:{holder.account_id}", self._limits.per_account, self._clock.now())
        return await self._begin(wanted, value, proof, holder)

    async def send_again(self, account_id: str, session_epoch: int, change_id: str, side: Side) -> SentCode:
        """Send one of the codes anew; the one before it is dead.

        Raises:
            NotFoundError: The session has no such change under way, or it needs no such code.
            TooManyAttemptsError: Too soon after the last code, or too many.
        """
        change = await self._of(account_id, session_epoch, change_id)
        holder = await self._holder(account_id)
        if side == "new":
            value = await self._value(change)
            return await self._codes.send(change, recipient(holder, change.slot, value))
        proof = await self._proof_of(change)
        address = holder.value(proof.slot)
        if address is None:
            raise NotFoundError
        return await self._codes.send(proof, recipient(holder, proof.slot, address))

    async def confirm(
        self, account_id: str, session_epoch: int, change_id: str, shown: ShownCodes, *, metadata: Metadata
    ) -> bool:
        """Let the new contact count; return whether the session ended by it, as it does with a phone (SES-12).

        Raises:
            NotFoundError: The session has no such change under way.
            CodeRefusedError: One of the codes is wrong, late or used; never says which.
            ContactTakenError: Another account has the contact.
            ContactMovedOnError: The contact was changed meanwhile.
        """
        change = await self._of(account_id, session_epoch, change_id)
        await self._check(change, shown)
        holder = await self._holder(account_id)
        value = await self._value(change)
        # Of any number of requests one goes on from here; killed after it, the codes are spent and nothing changed.
        if change.subject.proof_id is not None:
            await self._codes.use_up(await self._proof_of(change))
        await self._codes.use_up(change)
        await self._record(change, holder, value, metadata)
        return change.slot != "email"

    async def cancel(self, account_id: str, session_epoch: int, change_id: str) -> None:
        """Give the change up; its codes are dead.

        Raises:
            NotFoundError: The session has no such change under way.
        """
        change = await self._of(account_id, session_epoch, change_id)
        for each in (change_id, change.subject.proof_id):
            if each is not None:
                await self._codes.cancel(each, ContactChange)

    async def _begin(
        self, wanted: WantedContact, value: str, proof: ContactSlot | None, holder: Holder
    ) -> StartedChange:
        subject = ContactChange(session_epoch=wanted.session_epoch)
        sent = None
        if proof is not None:
            asked = recipient(holder, proof, holder.contacts[proof].value)
            challenge = self._codes.challenge(subject, asked)
            await self._codes.open(challenge)
            sent = await self._codes.send(challenge, asked)
            subject = replace(subject, proof_id=challenge.challenge_id)
        blob = await self._cipher.encrypt(holder.person_id, value.encode(), context=_CONTEXT)
        new = recipient(holder, wanted.slot, value)
        change = self._codes.challenge(replace(subject, value=blob), new)
        await self._codes.open(change)
        return StartedChange(
            change_id=change.challenge_id,
            new=await self._codes.send(change, new),
            present=sent,
            looks_like_a_company=wanted.slot == "email" and looks_like_a_company(value),
            ends_at=change.ends_at,
        )

    async def _check(self, change: Challenge[ContactChange], shown: ShownCodes) -> None:
        """Compare both codes, whatever the first comparison says: they cannot be guessed one after the other."""
        asked = [(change.challenge_id, shown.new)]
        if change.subject.proof_id is not None:
            if shown.present is None:
                raise InvalidFieldsError([FieldViolation("present_code", "required")])
            asked.append((change.subject.proof_id, shown.present))
        refusals = 0
        for challenge_id, code in asked:
            try:
                await self._codes.check(challenge_id, ContactChange, code)
            except CodeRefusedError:
                refusals += 1
        if refusals:
            raise CodeRefusedError

    async def _record(self, change: Challenge[ContactChange], holder: Holder, value: str, metadata: Metadata) -> None:
        now, change_id = self._clock.now(), change.challenge_id
        commit_id = f"contact:{change_id}"
        account = await self._holders.account(holder.account_id)
        most = FAMILY if account.may_share_contacts else ALONE
        await self._seats.take(
            change.slot, value, account_id=holder.account_id, most=most, commit_id=commit_id, now=now
        )
        objection_key = await self._objections.prepare(holder, change_id, ends_at=now + OBJECTION_LIFE)
        if change.slot != "email":
            # Before the change: a kill in between leaves nobody in, and the contact as it was.
            await self._sessions.end(
                holder.account_id, change.subject.session_epoch, "contact_changed", metadata=metadata
            )
        command = ChangeContact(
            now=now,
            change_id=change_id,
            slot=change.slot,
            value=value,
            base_version=change.target_version,
            objection_key=objection_key,
        )
        await handle(
            self._store, stream_of(holder.account_id), command, ACCOUNT, commit_id=commit_id, metadata=metadata
        )

    async def _of(self, account_id: str, session_epoch: int, change_id: str) -> Challenge[ContactChange]:
        """Return the change of this session; somebody else's is not there, and costs it no try."""
        change = await self._codes.find_open(change_id, ContactChange)
        asker = (change.account_id, change.subject.session_epoch)
        if asker != (account_id, session_epoch) or change.subject.value is None:
            raise NotFoundError
        return change

    async def _proof_of(self, change: Challenge[ContactChange]) -> Challenge[ContactChange]:
        if change.subject.proof_id is None:
            raise NotFoundError
        return await self._codes.find_open(change.subject.proof_id, ContactChange)

    async def _value(self, change: Challenge[ContactChange]) -> str:
        blob = change.subject.value
        value = None if blob is None else await self._cipher.decrypt(change.person_id, blob, context=_CONTEXT)
        if value is None:
            raise NotFoundError
        return value.decode()

    async def _holder(self, account_id: str) -> Holder:
        holder = await self._holders.find(account_id)
        if holder is None:
            raise NotFoundError
        return holder


def _checked_value(wanted: WantedContact) -> str:
    value = normal_value(wanted.slot, wanted.value)
    if value is None:
        rule = "email" if wanted.slot == "email" else "mobile_phone"
        raise InvalidFieldsError([FieldViolation("value", rule)])
    return value


def _proof(wanted: WantedContact, value: str, holder: Holder) -> ContactSlot | None:
    """Return the contact that has to prove who asks; `None` if the value stands on the account unconfirmed."""
    if wanted.via is None and holder.value(wanted.slot) == value:
        return None
    usable = [slot for slot in _PROOFS[wanted.slot] if holder.is_confirmed(slot)]
    if wanted.via is None:
        return usable[0]
    if wanted.via not in usable:
        raise InvalidFieldsError([FieldViolation("via", "proves_nothing")])
    return wanted.via
