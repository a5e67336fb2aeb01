"""Locked by the holder or by staff: whoever is in is out when it returns, and nobody comes in (SES-12, SEC-56)."""

from ansinh_contracts.auth import LockReason, UnlockReason
from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata

from auth.domain.access.commands import Lock, Unlock
from auth.handlers.counter_accounts import CounterAccounts, Numbers, Officer
from auth.storage.access_documents import AccessDocuments
from auth.storage.pending_changes import PendingChanges


class Locks:
    def __init__(
        self, *, accounts: CounterAccounts, access: AccessDocuments, pending: PendingChanges, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._access = access
        self._pending = pending
        self._clock = clock

    async def lock_own(self, account_id: str, reason: LockReason, *, metadata: Metadata) -> None:
        """Lock the account from a session of it. A recovery opens it again, or an agency."""
        await self._change(account_id, Lock(now=self._clock.now(), reason=reason, by="holder"), metadata)

    async def lock(self, numbers: Numbers, reason: LockReason, officer: Officer, *, metadata: Metadata) -> str:
        """Lock the account of these numbers and return its id; only staff open it again.

        Raises:
            NotFoundError: As of `CounterAccounts`.
        """
        account_id = await self._accounts.get(numbers, officer)
        command = Lock(now=self._clock.now(), reason=reason, staff_id=officer.staff_id, agency_code=officer.agency_code)
        await self._change(account_id, command, metadata)
        return account_id

    async def unlock(self, numbers: Numbers, reason: UnlockReason, officer: Officer, *, metadata: Metadata) -> str:
        """Let the account be what it was before; errors as in `lock`."""
        account_id = await self._accounts.get(numbers, officer)
        command = Unlock(
            now=self._clock.now(), reason=reason, staff_id=officer.staff_id, agency_code=officer.agency_code
        )
        await self._change(account_id, command, metadata)
        return account_id

    async def _change(self, account_id: str, command: Lock | Unlock, metadata: Metadata) -> None:
        await self._access.change(account_id, command, metadata=metadata)
        await self._pending.record_if_possible(account_id)
