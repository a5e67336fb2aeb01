"""The holder changes a contact: the password, a code to where the holder was reached, a code to the new contact (V-11).

Both codes come in one request and have one result; nothing of the account changes before both were right.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansinh_kit.clock import Clock
from ansinh_kit.decider import handle
from ansinh_kit.event_store.store import EventStore
from ansinh_kit.events import Metadata
from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.rules import Throttle, Window, Windows

from auth.domain.account import ACCOUNT, stream_of
from auth.domain.contact_changes import OBJECTION_LIFE, check_change
from auth.domain.contact_commands import ChangeContact
from auth.domain.contact_values import looks_like_a_company
from auth.domain.holder import Holder
from auth.handlers.contact_change_codes import Change, ContactChangeCodes, SentCodes, ShownCodes, Side
from auth.handlers.contact_seats import ALONE, FAMILY, ContactSeats
from auth.handlers.password_check import PasswordCheck
from auth.handlers.sent_codes import SentCode
from auth.handlers.sessions import Sessions
from auth.handlers.wanted_contacts import WantedContact, proving_slot
from auth.storage.holders import Holders
from auth.storage.objections import ObjectionDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChangeLimits:
    """So many changes may be begun for an account: each sends a code to a contact that was typed in."""

    per_account: Throttle = field(default_factory=lambda: Windows((Window(4, timedelta(hours=24)),)))


@dataclass(frozen=True, slots=True)
class StartedChange:
    sent: SentCodes
    looks_like_a_company: bool


class ContactChanges:
    def __init__(
        self,
        *,
        passwords: PasswordCheck,
        codes: ContactChangeCodes,
        seats: ContactSeats,
        objections: ObjectionDocuments,
        sessions: Sessions,
        holders: Holders,
        store: EventStore,
        throttles: Throttles,
        limits: ContactChangeLimits,
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
        self._clock = clock

    async def start(self, wanted: WantedContact) -> StartedChange:
        """Send the codes. Whether the contact is another account's is not told here: only to one who has it (OTC-10).

        Raises:
            InvalidFieldsError: The value is none of its kind, or `via` proves nothing for it.
            ContactUnchangedError: The account has this contact.
            PasswordWrongError: Nothing was sent.
            TooManyAttemptsError: Too many wrong passwords, changes or codes before.
        """
        holder = await self._holders.get(wanted.account_id)
        value = wanted.normal_value()
        check_change(wanted.slot, value, holder)
        proof = proving_slot(wanted, value, holder)
        await self._passwords.of_session(wanted.account_id, wanted.typed)
        await self._throttles.admit(f"contact-changes:{holder.account_id}", self._limits.per_account, self._clock.now())
        sent = await self._codes.begin(holder, wanted.slot, value, proof=proof, session_epoch=wanted.session_epoch)
        return StartedChange(sent, wanted.slot == "email" and looks_like_a_company(value))

    async def send_again(self, account_id: str, session_epoch: int, change_id: str, side: Side) -> SentCode:
        """Send one of the codes anew; the one before it is dead.

        Raises:
            NotFoundError: The session has no such change under way, or it needs no such code.
            TooManyAttemptsError: Too soon after the last code, or too many.
        """
        change = await self._codes.find(account_id, session_epoch, change_id)
        return await self._codes.send_again(change, side, await self._holders.get(account_id))

    async def confirm(
        self, account_id: str, session_epoch: int, change_id: str, shown: ShownCodes, *, metadata: Metadata
    ) -> bool:
        """Let the new contact count; return whether the session ended by it, as it does with a phone (SES-12).

        Raises:
            NotFoundError: The session has no such change under way.
            CodeRefusedError: One of the codes is wrong, late or used; never says which.
            ContactTakenError: Another account has the contact.
            ContactMovedOnError: The contact was changed meanwhile.
            SessionOverError: The session ended meanwhile, by a lock or another way: the contact is what it was.
        """
        change = await self._codes.find(account_id, session_epoch, change_id)
        await self._codes.check(change, shown)
        holder = await self._holders.get(account_id)
        value = await self._codes.value(change)
        await self._codes.use_up(change)
        await self._record(change, holder, value, metadata)
        return change.slot != "email"

    async def cancel(self, account_id: str, session_epoch: int, change_id: str) -> None:
        """Give the change up; its codes are dead.

        Raises:
            NotFoundError: The session has no such change under way.
        """
        await self._codes.cancel(await self._codes.find(account_id, session_epoch, change_id))

    async def _record(self, change: Change, holder: Holder, value: str, metadata: Metadata) -> None:
        now, commit_id = self._clock.now(), f"contact:{change.challenge_id}"
        await self._take_seat(change, holder.account_id, value, commit_id=commit_id, now=now)
        objection_key = await self._objections.prepare(holder, change.challenge_id, ends_at=now + OBJECTION_LIFE)
        await self._leave(change, metadata)
        command = ChangeContact(
            now=now,
            change_id=change.challenge_id,
            slot=change.slot,
            value=value,
            base_version=change.target_version,
            objection_key=objection_key,
        )
        await handle(
            self._store, stream_of(holder.account_id), command, ACCOUNT, commit_id=commit_id, metadata=metadata
        )

    async def _leave(self, change: Change, metadata: Metadata) -> None:
        """Let the session stand for the change once more, and with a phone for the last time.

        Whoever has put it to an end meanwhile, with a lock for one, has stopped the change; afterwards it is done. A
        kill between this and the change leaves nobody in, and the contact as it was.
        """
        session_epoch = change.subject.session_epoch
        if change.slot == "email":
            await self._sessions.check_live(change.account_id, session_epoch)
        else:
            await self._sessions.leave(change.account_id, session_epoch, "contact_changed", metadata=metadata)

    async def _take_seat(self, change: Change, account_id: str, value: str, *, commit_id: str, now: datetime) -> None:
        account = await self._holders.account(account_id)
        most = FAMILY if account.may_share_contacts else ALONE
        await self._seats.take(change.slot, value, account_id=account_id, most=most, commit_id=commit_id, now=now)
