"""Saved recovery codes: made in a session by one who knows the password, shown once, compared like passwords."""

import secrets
from collections.abc import Callable

from ansinh_kit.clock import Clock
from ansinh_kit.events import Metadata

from auth.domain.access.commands import MakeSavedCodes
from auth.domain.saved_codes import make_codes, normalised, place_of, shown
from auth.handlers.password_check import PasswordCheck, TypedPassword
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.password_hashing import PasswordHashing
from auth.storage.pending_changes import PendingChanges


class SavedCodeCheck:
    def __init__(self, hashing: PasswordHashing) -> None:
        self._hashing = hashing

    async def place_of(self, entry: Entry | None, typed: str | None) -> int | None:
        """Return the place of the right code; `None` if it is wrong, used, or none was typed.

        Whatever was typed is compared once, with a hash in vain if there is nothing to compare it with (OTC-10).
        """
        if typed is None:
            return None
        code = normalised(typed)
        place = None if code is None else place_of(code)
        stored = None if entry is None or place is None else entry.saved_codes.get(place)
        verification = await self._hashing.verify(code or typed, stored)
        return place if verification.right else None


class SavedCodes:
    def __init__(
        self,
        *,
        passwords: PasswordCheck,
        access: AccessDocuments,
        pending: PendingChanges,
        hashing: PasswordHashing,
        clock: Clock,
        below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._passwords = passwords
        self._access = access
        self._pending = pending
        self._hashing = hashing
        self._clock = clock
        self._below = below

    async def make(self, account_id: str, typed: TypedPassword, *, metadata: Metadata) -> tuple[str, ...]:
        """Return a new list of codes, to be shown now and never again; the list before it is void.

        Raises:
            PasswordWrongError: The password is wrong: who only has the session gets no lasting way in.
            TooManyAttemptsError, UnavailableError: See `PasswordCheck`.
        """
        await self._passwords.of_session(account_id, typed)
        codes = make_codes(self._below)
        hashes = {place_of(code): await self._hashing.hash(code) for code in codes}
        command = MakeSavedCodes(now=self._clock.now(), count=len(codes))
        await self._access.change(account_id, command, metadata=metadata, saved_codes=hashes)
        await self._pending.record_if_possible(account_id)
        return tuple(shown(code) for code in codes)

    async def left(self, account_id: str) -> int:
        """Return how many saved codes are still good.

        Raises:
            NotFoundError: There is no such account any more.
        """
        return len((await self._access.get(account_id)).access.saved_codes)
