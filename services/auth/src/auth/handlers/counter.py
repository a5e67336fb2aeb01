"""Recovery at the counter: an officer who has seen the paper lets the holder's own device set a password.

The officer never sees a secret: the reference only names a recovery that a device of the holder began, and only that
device has its token (SEC-45). What an officer could do alone is held up by the time to object (ADR-0013).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ansinh_contracts.auth import PaperSeen, RecoveryReason
from ansinh_kit.clock import Clock
from ansinh_kit.errors import NotFoundError, RefusedError
from ansinh_kit.events import Metadata
from ansinh_kit.throttling.mongo import Throttles

from auth.domain.access.commands import ApproveRecovery, WithdrawRecovery
from auth.domain.access.state import RecoveryApproval
from auth.domain.recoveries import RecoveryRefusedError, RecoveryRules, normalised_reference
from auth.handlers.counter_accounts import CounterAccounts, Numbers, Officer
from auth.storage.access_documents import AccessDocuments
from auth.storage.pending_changes import PendingChanges
from auth.storage.recoveries import Recovery, RecoveryDocuments


class NoRecoveryPendingError(RefusedError):
    """Nobody has approved a recovery of this account, or it is over."""

    code: ClassVar[str] = "no_recovery_pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """`reference` is read off the holder's screen."""

    numbers: Numbers
    reference: str
    reason: RecoveryReason
    paper: PaperSeen


class CounterRecoveries:
    def __init__(
        self,
        *,
        documents: RecoveryDocuments,
        accounts: CounterAccounts,
        access: AccessDocuments,
        pending: PendingChanges,
        throttles: Throttles,
        rules: RecoveryRules,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._accounts = accounts
        self._access = access
        self._pending = pending
        self._throttles = throttles
        self._rules = rules
        self._clock = clock

    async def approve(self, approval: Approval, officer: Officer, *, metadata: Metadata) -> RecoveryApproval:
        """Let the recovery count, alone from `opens_at` on; every contact is told, with time to object.

        Raises:
            NotFoundError: As of `CounterAccounts`, or no recovery has the reference.
            RecoveryRefusedError: There is nothing to recover, or the reference is another account's.
            TooManyAttemptsError: This officer has approved too many.
        """
        now = self._clock.now()
        await self._throttles.admit(f"recoveries-by:{officer.staff_id}", self._rules.per_officer, now)
        account_id = await self._accounts.get(approval.numbers, officer)
        recovery = await self._recovery(approval.reference, now)
        opens_at, ends_at = self._rules.counter_span(now)
        # First: without the account's own word it opens nothing, and after that word it must not be missing.
        if not await self._documents.note_approval(recovery.recovery_id, account_id, ends_at):
            raise RecoveryRefusedError
        command = ApproveRecovery(
            now=now,
            recovery_id=recovery.recovery_id,
            staff_id=officer.staff_id,
            agency_code=officer.agency_code,
            reason=approval.reason,
            paper=approval.paper,
            opens_at=opens_at,
            ends_at=ends_at,
        )
        after = await self._access.change(account_id, command, metadata=metadata)
        await self._pending.record_if_possible(account_id)
        if after.approval is None:
            raise RecoveryRefusedError
        return after.approval

    async def withdraw(self, numbers: Numbers, officer: Officer, *, metadata: Metadata) -> None:
        """Take an approval back.

        Raises:
            NotFoundError: As of `CounterAccounts`.
            NoRecoveryPendingError: There is none.
        """
        account_id = await self._accounts.get(numbers, officer)
        command = WithdrawRecovery(
            now=self._clock.now(), by="staff", staff_id=officer.staff_id, agency_code=officer.agency_code
        )
        await self._withdraw(account_id, command, metadata)

    async def object(self, account_id: str, *, metadata: Metadata) -> None:
        """Let the holder, who did not ask for it, take it back; errors as in `withdraw`."""
        await self._withdraw(account_id, WithdrawRecovery(now=self._clock.now(), by="holder"), metadata)

    async def _withdraw(self, account_id: str, command: WithdrawRecovery, metadata: Metadata) -> None:
        entry = await self._access.find(account_id)
        if entry is None or entry.access.approval is None:
            raise NoRecoveryPendingError
        await self._access.change(account_id, command, metadata=metadata)
        await self._pending.record_if_possible(account_id)

    async def _recovery(self, reference: str, now: datetime) -> Recovery:
        normalised = normalised_reference(reference)
        found = None if normalised is None else await self._documents.find_by_reference(normalised, now)
        if found is None:
            raise NotFoundError
        return found
