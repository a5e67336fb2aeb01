"""Slows down whoever guesses passwords, the same for numbers that exist and numbers that do not (LIM-13, LIM-14).

Every attempt is written down as a failure before the password is compared, and taken back when it was right. So
parallel guesses are counted one by one, and a crash in between counts against the guesser.

Waits are counted for the number as it was typed: shared waits would tell that two numbers are one person's. The row
of failures is the account's, whichever of its numbers was typed; reaching its end changes no answer.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansinh_kit.throttling.mongo import Throttles
from ansinh_kit.throttling.rules import DoublingWaits, Throttle, Window, Windows

from auth.storage.identities import Identities, IdentityKey


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessLimits:
    per_account_and_address: Throttle = field(
        default_factory=lambda: DoublingWaits(
            free=5,
            period=timedelta(seconds=60),
            first=timedelta(seconds=30),
            longest=timedelta(minutes=15),
            memory=timedelta(hours=1),
        )
    )
    per_address: Throttle = field(default_factory=lambda: Windows((Window(20, timedelta(seconds=60)),)))
    in_a_row: int = 100

    def __post_init__(self) -> None:
        if not 0 < self.in_a_row <= 100:  # noqa: PLR2004 - LIM-14 itself
            raise ValueError("LIM-14: at most 100 wrong passwords in a row")


@dataclass(frozen=True, slots=True)
class Admission:
    """One attempt that was written down. `may_match` is false when the account takes no password at all any more."""

    pair: str
    address: str
    row: str
    at: datetime
    may_match: bool


class LogInGuard:
    def __init__(self, throttles: Throttles, identities: Identities, limits: GuessLimits) -> None:
        self._throttles = throttles
        self._identities = identities
        self._limits = limits

    async def admit(self, key: IdentityKey, account_id: str | None, address: str, now: datetime) -> Admission:
        """Write the attempt down.

        Args:
            account_id: Whose number it is; `None` if nobody's.

        Raises:
            TooManyAttemptsError: Wait; no password is compared.
        """
        blind_address = self._identities.blind("address", address)
        pair = f"log-in:{key.scope}:{key.index}:{blind_address}"
        from_address = f"log-in-from:{blind_address}"
        row = f"{key.scope}:{key.index}" if account_id is None else _row_of(account_id)
        await self._throttles.admit(pair, self._limits.per_account_and_address, now)
        await self._throttles.admit(from_address, self._limits.per_address, now)
        may_match = await self._throttles.count_failure(row, limit=self._limits.in_a_row, now=now)
        return Admission(pair, from_address, row, now, may_match)

    async def succeeded(self, admission: Admission) -> None:
        """Take the failure back: the password was right."""
        await self._throttles.forget(admission.pair)
        await self._throttles.take_back(admission.address, self._limits.per_address, admission.at)
        await self._throttles.forget_failures(admission.row)

    async def forgive(self, account_id: str) -> None:
        """Let the account's password count again, however many wrong ones came in a row."""
        await self._throttles.forget_failures(_row_of(account_id))


def _row_of(account_id: str) -> str:
    return f"account:{account_id}"
