"""An officer learns that others may know a person's password: it lets nobody in from then on (OTC-13)."""

from ansinh_contracts.auth import CompromiseReason
from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata

from auth.domain.access.commands import MarkPasswordCompromised
from auth.handlers.counter_accounts import CounterAccounts, Numbers, Officer
from auth.storage.access_documents import AccessDocuments
from auth.storage.pending_changes import PendingChanges


class CompromisedPasswords:
    def __init__(
        self, *, accounts: CounterAccounts, access: AccessDocuments, pending: PendingChanges, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._access = access
        self._pending = pending
        self._clock = clock

    async def mark(self, numbers: Numbers, reason: CompromiseReason, officer: Officer, *, metadata: Metadata) -> str:
        """Mark the password of the account of these numbers, and return the account's id; whoever is in is out.

        Raises:
            NotFoundError: As of `CounterAccounts`.
            NoPasswordError: The account was never activated.
        """
        account_id = await self._accounts.get(numbers, officer)
        command = MarkPasswordCompromised(
            now=self._clock.now(), reason=reason, staff_id=officer.staff_id, agency_code=officer.agency_code
        )
        await self._access.change(account_id, command, metadata=metadata)
        await self._pending.record_if_possible(account_id)
        return account_id
