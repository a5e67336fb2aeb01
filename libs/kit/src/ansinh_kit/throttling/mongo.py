"""Attempts counted in the database, so that a restart or a second process forgets none (F-34).

    {_id: key, at: [datetime], waits, revision, delete_at}   attempts under a throttle
    {_id: key, count, delete_at}                             failures in a row

Keys are made of blind indexes and account ids; no number, phone or address is in the clear.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import Database, Document, DuplicateKeyError, translated
from ansinh_kit.throttling.port import TooManyAttemptsError, seconds_until
from ansinh_kit.throttling.rules import Attempts, Throttle, Wait

_ROUNDS: Final = 32
_ROW_KEPT_FOR: Final = timedelta(days=365)


class Throttles:
    def __init__(self, database: Database) -> None:
        self._attempts = database["throttles"]
        self._rows = database["failures_in_a_row"]
        self._turns: dict[str, _Turn] = {}

    async def create_indexes(self) -> None:
        with translated():
            for collection in (self._attempts, self._rows):
                await collection.create_index([("delete_at", 1)], expireAfterSeconds=0)

    async def admit(self, key: str, throttle: Throttle, now: datetime) -> None:
        """See `Throttling.admit`."""

        def admitted(attempts: Attempts) -> Attempts:
            outcome = throttle.admit(attempts, now)
            if isinstance(outcome, Wait):
                raise TooManyAttemptsError(retry_after_seconds=seconds_until(outcome.until, now))
            return outcome

        await self._rewrite(key, admitted, delete_at=now + throttle.memory)

    async def take_back(self, key: str, throttle: Throttle, now: datetime) -> None:
        """Take back the one attempt admitted at `now`: it succeeded, and others share the key."""
        moment = _as_stored(now)

        def without_one(attempts: Attempts) -> Attempts:
            if moment not in attempts.at:
                return attempts
            index = attempts.at.index(moment)
            return Attempts(attempts.at[:index] + attempts.at[index + 1 :], attempts.waits)

        await self._rewrite(key, without_one, delete_at=now + throttle.memory)

    async def forget(self, key: str) -> None:
        """Take all attempts back: the last one succeeded."""
        with translated():
            await self._attempts.delete_one({"_id": key})

    async def _rewrite(self, key: str, change: Callable[[Attempts], Attempts], *, delete_at: datetime) -> None:
        async with self._turn(key):
            for _ in range(_ROUNDS):
                if await self._rewritten(key, change, delete_at):
                    return
        raise UnavailableError("throttles")

    async def _rewritten(self, key: str, change: Callable[[Attempts], Attempts], delete_at: datetime) -> bool:
        with translated():
            found = await self._attempts.find_one({"_id": key})
        revision = 0 if found is None else found["revision"]
        attempts = change(Attempts() if found is None else Attempts(tuple(found["at"]), found["waits"]))
        document = {
            "at": list(attempts.at),
            "waits": attempts.waits,
            "revision": revision + 1,
            "delete_at": delete_at,
        }
        try:
            with translated():
                if found is None:
                    await self._attempts.insert_one({"_id": key, **document})
                    return True
                result = await self._attempts.update_one({"_id": key, "revision": revision}, {"$set": document})
        except DuplicateKeyError:
            return False
        return result.matched_count == 1

    async def count_failure(self, key: str, *, limit: int, now: datetime) -> bool:
        """Count a failure before the attempt is made; `False`, and nothing counted, once `limit` is reached."""
        update: Document = {"$inc": {"count": 1}, "$set": {"delete_at": now + _ROW_KEPT_FOR}}
        try:
            with translated():
                await self._rows.update_one({"_id": key, "count": {"$lt": limit}}, update, upsert=True)
        except DuplicateKeyError:
            return await self._count_once_more(key, limit, update)
        return True

    async def _count_once_more(self, key: str, limit: int, update: Document) -> bool:
        # The upsert met the key: either the limit is reached, or another caller made the row a moment before.
        with translated():
            result = await self._rows.update_one({"_id": key, "count": {"$lt": limit}}, update)
        return result.matched_count == 1

    async def failures(self, key: str) -> int:
        """Return how many failures in a row are counted under `key`."""
        with translated():
            row = await self._rows.find_one({"_id": key})
        return 0 if row is None else int(row["count"])

    async def forget_failures(self, key: str) -> None:
        with translated():
            await self._rows.delete_one({"_id": key})

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        """Let one caller of this process at a time compete for `key`: only other processes make it try again."""
        turn = self._turns.setdefault(key, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.waiting -= 1
            if turn.waiting == 0:
                self._turns.pop(key, None)


class _Turn:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


def _as_stored(moment: datetime) -> datetime:
    """Return `moment` as MongoDB gives it back: in whole milliseconds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
