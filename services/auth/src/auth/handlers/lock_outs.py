"""The operator's way back in for a person whom wrong passwords or codes have shut out (LIM-08, LIM-14, ADR-0005)."""

from collections.abc import Callable
from typing import Final

import structlog
from ansinh_kit.errors import NotFoundError

from auth.handlers.log_in_guard import LogInGuard
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import AccessKind
from auth.storage.identities import Identities, IdentityKey
from auth.storage.wrong_codes import WrongCodes

log = structlog.get_logger(__name__)


class LiftLockOut:
    """Lets password and codes of one account count again. Nothing else changes: neither of them, no session."""

    def __init__(
        self, *, identities: Identities, access: AccessDocuments, guard: LogInGuard, wrong_codes: WrongCodes
    ) -> None:
        self._identities = identities
        self._access = access
        self._guard = guard
        self._wrong_codes = wrong_codes
        self._key_of: Final[dict[AccessKind, Callable[[str], IdentityKey]]] = {
            "citizen": identities.of_user_name,
            "staff": identities.of_staff,
        }

    async def __call__(self, user_name: str, *, kind: AccessKind) -> str:
        """Return the id of the account that can be entered again.

        Raises:
            NotFoundError: Nobody logs in with that name.
        """
        account_id = await self._identities.find_account(self._key_of[kind](user_name))
        if account_id is None:
            raise NotFoundError
        entry = await self._access.find(account_id)
        devices = () if entry is None else (device.thumbprint for device in entry.access.devices)
        await self._guard.forgive(account_id, devices)
        await self._wrong_codes.forget(account_id, "sms", "email")
        log.warning("lock_out_lifted", account_id=account_id)
        return account_id
