"""What stands at given positions of the log, asked for by position and never by range.

Positions are dense, so the ids of the next documents are known before they are read. The embedded server answers a
range over `_id`, or "the greatest `_id`", by reading the whole collection, every time: with 4,000 commits that took
0.4 s for a page of 500 or for the last position, and each process asks for the latter ten times a second. Ids it
finds at once. A real server does both equally well.
"""

import asyncio
from collections.abc import Iterable, Mapping
from itertools import count, takewhile
from operator import itemgetter
from typing import Any, Final

from ansinh_kit.batches import IDS_AT_ONCE, batches
from ansinh_kit.database import Collection, Document
from ansinh_kit.event_store.mongo.positions import Positions
from ansinh_kit.mongo import translated

_LOOKED_AT_ONCE: Final = 32
# More than one group of a writer, which may have died with its positions unused.
_LOOKED_BEYOND_COUNTER: Final = 300


class Standing:
    """Reads the log by position. Nothing stands above what the counter has handed out; see `mend_counter`."""

    def __init__(self, commits: Collection, positions: Positions) -> None:
        self._commits = commits
        self._positions = positions
        self._last = 0

    async def prefix_after(self, position: int, *, limit: int) -> list[Document]:
        """Return the documents at `position` + 1 and on, up to the first position where nothing stands."""
        reserved = await self._positions.reserved()
        asked = range(position + 1, min(position + limit, reserved) + 1)
        parts = await asyncio.gather(*(self._at(ids) for ids in batches(asked, IDS_AT_ONCE)))
        found = sorted((document for part in parts for document in part), key=itemgetter("_id"))
        expected = count(position + 1)
        return list(takewhile(lambda document: document["_id"] == next(expected), found))

    async def first_after(self, position: int) -> int | None:
        """Return the least position above `position` at which something stands; `None` at the end of the log."""
        for ids in batches(range(position + 1, await self._positions.reserved() + 1), _LOOKED_AT_ONCE):
            if found := await self._ids_among(ids):
                return min(found)
        return None

    async def last(self) -> int:
        """Return the greatest position at which something stands, 0 if the log is empty."""
        # Nothing is ever removed: what was the last position once is where a later search may end.
        above = range(await self._positions.reserved(), self._last, -1)
        for ids in batches(above, _LOOKED_AT_ONCE):
            if found := await self._ids_among(ids):
                self._last = max(found)
                break
        return self._last

    async def mend_counter(self) -> None:
        """See to it that no position is handed out twice after a restore that brought back an older counter, or none.

        A commit that stands above the counter tells; only then the whole log is searched for its end.
        """
        reserved = await self._positions.find_reserved()
        beyond = range((reserved or 0) + 1, (reserved or 0) + _LOOKED_BEYOND_COUNTER + 1)
        if reserved is None or await self._ids_among(beyond):
            await self._positions.start_after(await self._greatest())

    async def _greatest(self) -> int:
        with translated():
            found = await self._commits.find({}, {"_id": 1}).sort([("_id", -1)]).limit(1).to_list()
        return found[0]["_id"] if found else 0

    async def _ids_among(self, positions: Iterable[int]) -> list[int]:
        parts = [await self._at(ids, {"_id": 1}) for ids in batches(positions, IDS_AT_ONCE)]
        return [document["_id"] for part in parts for document in part]

    async def _at(self, ids: list[int], projection: Mapping[str, Any] | None = None) -> list[Document]:
        with translated():
            return await self._commits.find({"_id": {"$in": ids}}, projection).to_list()
