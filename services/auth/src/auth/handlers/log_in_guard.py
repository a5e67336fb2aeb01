"""Slows down whoever guesses passwords, the same for numbers that exist and numbers that do not (LIM-13, LIM-14).

Every attempt is written down as a failure before the password is compared, and taken back when it was right. So
parallel guesses are counted one by one, and a crash in between counts against the guesser.

Waits are counted for the number as it was typed: shared waits would tell that two numbers are one person's. The row
of failures is the account's, whichever of its numbers was typed; reaching its end changes no answer.

A bound device is counted apart, wherever it is: what strangers guess takes nothing away from it (LIM-14).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
class Guesser:
    """Where an attempt comes from; `device` is the thumbprint of the account's own device that signed it."""

    address: str
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """One attempt that was written down. `may_match` is false when no password counts here any more.

    `address` is `None` for a bound device: it does not share the limit of those who sit behind the same address.
    """

    pair: str
    address: str | None
    row: str
    at: datetime
    may_match: bool


class LogInGuard:
    def __init__(self, throttles: Throttles, identities: Identities, limits: GuessLimits) -> None:
        self._throttles = throttles
        self._identities = identities
        self._limits = limits

    async def admit(self, key: IdentityKey, account_id: str | None, guesser: Guesser, now: datetime) -> Admission:
        """Write the attempt down.

        Args:
            account_id: Whose number it is; `None` if nobody's.

        Raises:
            TooManyAttemptsError: Wait; no password is compared.
        """
        admission = self._of_device(account_id, guesser.device, now) or self._of_stranger(key, account_id, guesser, now)
        await self._throttles.admit(admission.pair, self._limits.per_account_and_address, now)
        if admission.address is not None:
            await self._throttles.admit(admission.address, self._limits.per_address, now)
        may_match = await self._throttles.count_failure(admission.row, limit=self._limits.in_a_row, now=now)
        return replace(admission, may_match=may_match)

    def _of_device(self, account_id: str | None, device: str | None, now: datetime) -> Admission | None:
        if account_id is None or device is None:
            return None
        row = _row_of_device(account_id, device)
        return Admission(f"log-in:{row}", None, row, now, may_match=False)

    def _of_stranger(self, key: IdentityKey, account_id: str | None, guesser: Guesser, now: datetime) -> Admission:
        address = self._identities.blind("address", guesser.address)
        row = f"{key.scope}:{key.index}" if account_id is None else _row_of(account_id)
        pair = f"log-in:{key.scope}:{key.index}:{address}"
        return Admission(pair, f"log-in-from:{address}", row, now, may_match=False)

    async def succeeded(self, admission: Admission) -> int:
        """Take the failure back: the password was right. Return how many wrong ones came before it in a row."""
        refused = await self._throttles.failures(admission.row) - 1
        await self._throttles.forget(admission.pair)
        if admission.address is not None:
            await self._throttles.take_back(admission.address, self._limits.per_address, admission.at)
        await self._throttles.forget_failures(admission.row)
        return max(refused, 0)

    async def refused_since(self, account_id: str) -> int:
        """Return how many wrong passwords came from unbound devices since the last right one of such a device."""
        return await self._throttles.failures(_row_of(account_id))

    async def forgive(self, account_id: str, devices: Iterable[str] = ()) -> None:
        """Let the account's password count again, also from these devices, however many wrong ones came in a row."""
        for row in (_row_of(account_id), *(_row_of_device(account_id, device) for device in devices)):
            await self._throttles.forget_failures(row)


def _row_of(account_id: str) -> str:
    return f"account:{account_id}"


def _row_of_device(account_id: str, thumbprint: str) -> str:
    return f"account:{account_id}:{thumbprint}"
