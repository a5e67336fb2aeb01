"""Argon2id in a bounded pool of threads, then HMAC with a pepper kept apart from the database (LIM-04, LIM-05).

Stored: `argon2id$<pepper id>$m=..,t=..,p=..$<salt>$<tag>`. Without the pepper a copy of the database verifies nothing.
"""

import asyncio
import base64
import hmac
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeVar

from ansinh_kit.errors import UnavailableError
from ansinh_kit.key_list import KeyList, NamedKey
from argon2.low_level import Type, hash_secret_raw

from auth.domain.passwords import normalised
from auth.storage.comparisons import Comparisons

Result = TypeVar("Result")

_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 32
_QUEUE_PER_THREAD: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HashCost:
    """Today's cost; a hash made at another one is renewed when its password is next seen."""

    memory_kib: int = 19_456
    rounds: int = 2
    lanes: int = 1

    def __str__(self) -> str:
        return f"m={self.memory_kib},t={self.rounds},p={self.lanes}"

    @classmethod
    def parse(cls, text: str) -> "HashCost":
        values = dict(part.split("=", 1) for part in text.split(","))
        return cls(memory_kib=int(values["m"]), rounds=int(values["t"]), lanes=int(values["p"]))


@dataclass(frozen=True, slots=True)
class Verification:
    """`renewed` is the hash to store instead, if the one compared with was made at an older cost or pepper."""

    right: bool
    renewed: str | None = None


class HashingPool:
    """As many threads as cores; who cannot start within `wait_seconds` is told to come back."""

    def __init__(self, *, threads: int | None = None, wait_seconds: float = 1.0) -> None:
        self._threads = threads or os.cpu_count() or 1
        self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix="password-hashing")
        self._free = asyncio.Semaphore(self._threads)
        self._waiting = 0
        self._wait_seconds = wait_seconds

    async def run(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns.

        Raises:
            UnavailableError: The queue is full, or no thread came free in time; `work` was not begun.
        """
        await self._take_a_thread()
        running = asyncio.get_running_loop().run_in_executor(self._executor, work)
        # The thread is free when the work is over, also if the one who asked has gone by then.
        running.add_done_callback(lambda _: self._free.release())
        return await asyncio.shield(running)

    async def _take_a_thread(self) -> None:
        if self._waiting >= _QUEUE_PER_THREAD * self._threads:
            raise UnavailableError("password_hashing")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._free.acquire()
        except TimeoutError as error:
            raise UnavailableError("password_hashing") from error
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


class PasswordHashing:
    def __init__(
        self, *, pool: HashingPool, peppers: KeyList, comparisons: Comparisons, cost: HashCost | None = None
    ) -> None:
        self._comparisons = comparisons
        self._pool = pool
        self._peppers = peppers
        self._cost = cost or HashCost()
        self._nobody = self._stored(peppers.newest, self._cost, os.urandom(_SALT_BYTES), os.urandom(_TAG_BYTES))

    async def hash(self, password: str) -> str:
        """Return what is stored in place of the password.

        Raises:
            UnavailableError: Too many passwords at once.
        """
        return await self._pool.run(lambda: self._make(password))

    async def verify(self, password: str, stored: str | None) -> Verification:
        """Compare; without a stored hash the same work is done in vain, so that time tells nothing (OTC-10).

        Raises:
            UnavailableError: Too many passwords at once.
        """
        return await self._pool.run(lambda: self._compare(password, stored))

    def _make(self, password: str) -> str:
        salt = os.urandom(_SALT_BYTES)
        pepper = self._peppers.newest
        return self._stored(pepper, self._cost, salt, _tag(password, salt, self._cost, pepper))

    def _compare(self, password: str, stored: str | None) -> Verification:
        self._comparisons.of_password()
        _, pepper_id, cost_text, salt_text, tag_text = (stored or self._nobody).split("$")
        pepper = self._peppers.find(pepper_id)
        cost, salt = HashCost.parse(cost_text), base64.b64decode(salt_text)
        # A pepper that is gone is a hash nobody can match any more; the work is done all the same.
        tag = _tag(password, salt, cost, pepper or self._peppers.newest)
        right = hmac.compare_digest(tag, base64.b64decode(tag_text)) and pepper is not None and stored is not None
        is_old = cost != self._cost or pepper_id != self._peppers.newest.id
        return Verification(right, self._make(password) if right and is_old else None)

    def _stored(self, pepper: NamedKey, cost: HashCost, salt: bytes, tag: bytes) -> str:
        parts = ("argon2id", pepper.id, str(cost), base64.b64encode(salt).decode(), base64.b64encode(tag).decode())
        return "$".join(parts)


def _tag(password: str, salt: bytes, cost: HashCost, pepper: NamedKey) -> bytes:
    # `surrogatepass`: half a character may be typed at log-in; it must be wrong, not a fault.
    raw = hash_secret_raw(
        normalised(password).encode("utf-8", "surrogatepass"),
        salt,
        time_cost=cost.rounds,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_TAG_BYTES,
        type=Type.ID,
    )
    return hmac.new(pepper.material, raw, sha256).digest()
