"""Numbers that are given out once each: one counter document per series."""

from collections import defaultdict
from typing import Protocol

from ansinh_kit.errors import UnavailableError
from ansinh_kit.mongo import Database, DuplicateKeyError, translated


class Counters(Protocol):
    async def next(self, series: str) -> int:
        """Return a number of the series that was never given before, from 1 on. One not used leaves a gap.

        Raises:
            UnavailableError: The counter did not answer.
        """
        ...


class MongoCounters:
    def __init__(self, database: Database, collection: str = "counters") -> None:
        self._counters = database[collection]

    async def next(self, series: str) -> int:
        last = await self._incremented(series)
        if last is None:
            await self._create(series)
            last = await self._incremented(series)
        if last is None:
            raise UnavailableError("mongodb")
        return last

    async def _incremented(self, series: str) -> int | None:
        # Not an upsert: of several at once, some servers answer all but one as if there were no document.
        with translated():
            counter = await self._counters.find_one_and_update(
                {"_id": series}, {"$inc": {"last": 1}}, return_document=True
            )
        return None if counter is None else int(counter["last"])

    async def _create(self, series: str) -> None:
        try:
            with translated():
                await self._counters.insert_one({"_id": series, "last": 0})
        except DuplicateKeyError:
            return  # another request of the series' first moment made it


class InMemoryCounters:
    """Counters in this process only: for tests. It passes the same contract suite as the real one."""

    def __init__(self) -> None:
        self._last: dict[str, int] = defaultdict(int)

    async def next(self, series: str) -> int:
        self._last[series] += 1
        return self._last[series]
