"""Sessions: opened for one who has proved who they are, looked at, and ended."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from ansinh_contracts.auth import DeviceKind, LockedBy, SessionEnd
from ansinh_contracts.session_check import hash_token
from ansinh_kit.clock import Clock
from ansinh_kit.errors import NotFoundError
from ansinh_kit.events import Metadata
from ansinh_kit.personal_data.cipher import PersonalDataCipher

from auth.domain.access.commands import EndSession, Lock, OpenSession
from auth.domain.access.sessions import check_live
from auth.domain.access.state import EntryWay
from auth.domain.code_subjects import TakeOver
from auth.handlers.devices import opened_name
from auth.handlers.tokens import new_session_token
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.access_updates import NewSessionSecrets
from auth.storage.pending_changes import PendingChanges
from auth.storage.session_lookup import Lifetimes


@dataclass(frozen=True, slots=True)
class Shown:
    """What the one who comes in has shown; `device_thumbprint` only if that key is one of the account's own.

    `password_epoch` and `passkey_id` say which password and which passkey it was.
    """

    entered_by: EntryWay
    device_thumbprint: str | None = None
    password_epoch: int | None = None
    passkey_id: str | None = None


PASSWORD_ALONE: Final = Shown("password")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """The token is shown here once; only its hash is stored."""

    token: str = field(repr=False)
    entry: Entry
    epoch: int
    idle_until: datetime
    absolute_until: datetime
    first_log_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentSession:
    device_kind: DeviceKind
    device_name: str | None
    issued_at: datetime
    idle_until: datetime
    absolute_until: datetime
    epoch: int
    device_thumbprint: str | None
    entered_by: EntryWay


class Sessions:
    def __init__(
        self,
        *,
        access: AccessDocuments,
        pending: PendingChanges,
        cipher: PersonalDataCipher,
        lifetimes: Lifetimes,
        clock: Clock,
    ) -> None:
        self._access = access
        self._pending = pending
        self._cipher = cipher
        self._lifetimes = lifetimes
        self._clock = clock

    async def open(
        self,
        entry: Entry,
        device: TakeOver,
        *,
        replacing: int | Literal["any"] | None,
        metadata: Metadata,
        saved_code: int | None = None,
        shown: Shown = PASSWORD_ALONE,
    ) -> OpenedSession:
        """Let the device in; when this returns the session before it is over.

        Args:
            saved_code: The place of the saved code that was shown, to be used up; `None` if none was.

        Raises:
            NotActiveError: The account cannot be entered.
            SessionLiveError: Another device is in, and `replacing` does not allow for that.
            SessionMovedOnError: The session to be replaced is not the present one any more.
            SavedCodeSpentError: The saved code was used a moment ago.
            DeviceNotBoundError: The device was removed meanwhile.
            ShownNoMoreError: The password was changed, or the passkey removed, meanwhile.
        """
        now = self._clock.now()
        token = new_session_token()
        command = OpenSession(
            now=now,
            device_kind=device.device_kind,
            idle_until=now + self._lifetimes.idle(entry.kind),
            absolute_until=now + self._lifetimes.whole(entry.kind),
            replacing=replacing,
            refused_before=device.refused_before,
            saved_code=saved_code,
            device_thumbprint=shown.device_thumbprint,
            entered_by=shown.entered_by,
            password_epoch=shown.password_epoch,
            passkey_id=shown.passkey_id,
        )
        after = await self._access.change(
            entry.access.account_id,
            command,
            metadata=metadata,
            session=NewSessionSecrets(token_hash=hash_token(token), device_name=device.device_name),
        )
        await self._pending.record_if_possible(entry.access.account_id)
        return OpenedSession(
            token=token,
            entry=entry,
            epoch=after.epoch,
            idle_until=command.idle_until,
            absolute_until=command.absolute_until,
            first_log_in=not entry.access.ever_logged_in,
        )

    async def log_out(self, account_id: str, session_epoch: int, *, metadata: Metadata) -> None:
        """End the session; one that is over already stays as it is."""
        await self.end(account_id, session_epoch, "logged_out", metadata=metadata)

    async def end(self, account_id: str, session_epoch: int, reason: SessionEnd, *, metadata: Metadata) -> None:
        """Do as `log_out`, for another reason."""
        command = EndSession(now=self._clock.now(), session_epoch=session_epoch, reason=reason)
        await self._access.change(account_id, command, metadata=metadata)
        await self._pending.record_if_possible(account_id)

    async def check_live(self, account_id: str, session_epoch: int) -> None:
        """Return if the session can still be acted in.

        Raises:
            SessionOverError: It is over, by now: the account was locked, or another session is in its place.
        """
        check_live((await self._access.get(account_id)).access, session_epoch, self._clock.now())

    async def leave(self, account_id: str, session_epoch: int, reason: SessionEnd, *, metadata: Metadata) -> None:
        """End the session in which something was asked for, in one step with the look that it is still there.

        Raises:
            SessionOverError: As of `check_live`; nothing was changed.
        """
        command = EndSession(now=self._clock.now(), session_epoch=session_epoch, reason=reason, must_be_live=True)
        await self._access.change(account_id, command, metadata=metadata)
        await self._pending.record_if_possible(account_id)

    async def lock(self, account_id: str, reason: str, *, metadata: Metadata, by: LockedBy = "staff") -> None:
        """Let nobody in any more; the present session is over when this returns."""
        await self._access.change(account_id, Lock(now=self._clock.now(), reason=reason, by=by), metadata=metadata)
        await self._pending.record_if_possible(account_id)

    async def present(self, account_id: str, session_epoch: int) -> PresentSession:
        """Return the session of `session_epoch`.

        Raises:
            NotFoundError: It is not the present one.
        """
        entry = await self._access.find(account_id)
        session = None if entry is None else entry.access.session
        if entry is None or session is None or session.epoch != session_epoch:
            raise NotFoundError
        name = await opened_name(self._cipher, entry.access.person_id, entry.device_name)
        return PresentSession(
            device_kind=session.device_kind,
            device_name=name,
            issued_at=session.issued_at,
            idle_until=session.idle_until,
            absolute_until=session.absolute_until,
            epoch=session.epoch,
            device_thumbprint=session.device_thumbprint,
            entered_by=session.entered_by,
        )
