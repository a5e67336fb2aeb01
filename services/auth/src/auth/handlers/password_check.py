"""One password is checked, in one way for everybody who types one: counted first, compared in any case (OTC-10)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from ansinh_kit.clock import Clock
from ansinh_kit.errors import DomainError, RefusedError

from auth.handlers.log_in_guard import Guesser, LogInGuard
from auth.storage.access_documents import AccessDocuments
from auth.storage.access_entries import Entry
from auth.storage.identities import Identities, IdentityKey
from auth.storage.password_hashing import PasswordHashing

_NOBODY: Final = "nobody"
_WITHIN: Final = "within"


class LogInRefusedError(DomainError):
    """Number or password is wrong, or the account cannot be entered; never says which (S-09)."""

    code: ClassVar[str] = "log_in_refused"


class PasswordWrongError(RefusedError):
    """Somebody who is in typed another password; counted like a log-in's (LIM-13, LIM-14). No code was sent."""

    code: ClassVar[str] = "password_wrong"


@dataclass(frozen=True, slots=True)
class TypedPassword:
    """What somebody who is in typed once more, from where, and the key of the session's own device if that signed."""

    password: str = field(repr=False)
    address: str
    thumbprint: str | None


SecondFactor = Callable[[Entry], Awaitable[bool]]


class PasswordCheck:
    """Number or user name and password in, the account's document out, or one refusal for every cause."""

    def __init__(
        self,
        *,
        guard: LogInGuard,
        identities: Identities,
        access: AccessDocuments,
        hashing: PasswordHashing,
        clock: Clock,
    ) -> None:
        self._guard = guard
        self._identities = identities
        self._access = access
        self._hashing = hashing
        self._clock = clock

    async def entry_of(
        self,
        key: IdentityKey,
        password: str,
        address: str,
        *,
        also: SecondFactor | None = None,
        thumbprint: str | None = None,
    ) -> Entry:
        """Return the account whose password this is.

        Args:
            also: What else must hold. If it does not, the attempt stays counted: the password alone clears nothing.
            thumbprint: The device key that signed this attempt. One of the account's own is counted apart, by itself.

        Raises:
            LogInRefusedError: Unknown, wrong, locked, not activated, password switched off, or `also` says no.
            TooManyAttemptsError: Too many wrong ones before.
            UnavailableError: Too many passwords are being checked at once.
        """
        account_id = await self._identities.find_account(key)
        return await self._check(key, account_id, password, Guesser(address, thumbprint), also)

    async def of_session(self, account_id: str, typed: TypedPassword) -> Entry:
        """Return the account of one who is in and has typed its password again (SEC-32).

        Raises:
            PasswordWrongError: It is not the account's password.
            TooManyAttemptsError, UnavailableError: As in `entry_of`.
        """
        key, guesser = IdentityKey(_WITHIN, account_id), Guesser(typed.address, typed.thumbprint)
        try:
            return await self._check(key, account_id, typed.password, guesser, None)
        except LogInRefusedError as error:
            raise PasswordWrongError from error

    async def _check(
        self, key: IdentityKey, account_id: str | None, password: str, guesser: Guesser, also: SecondFactor | None
    ) -> Entry:
        # For a number without an account one is looked for all the same: the work must not tell.
        entry = await self._access.find(account_id or _NOBODY)
        if entry is None or entry.access.device(guesser.device) is None:
            guesser = replace(guesser, device=None)
        admission = await self._guard.admit(key, account_id, guesser, self._clock.now())
        may_match = admission.may_match and entry is not None and entry.access.status == "active"
        stored = entry.password if entry is not None and may_match else None
        verification = await self._hashing.verify(password, stored)
        if entry is None or stored is None or not verification.right:
            raise LogInRefusedError
        if also is not None and not await also(entry):
            raise LogInRefusedError
        refused = await self._guard.succeeded(admission)
        if verification.renewed is not None:
            await self._access.replace_password_hash(entry.access.account_id, old=stored, new=verification.renewed)
        return replace(entry, refused_before=refused)
