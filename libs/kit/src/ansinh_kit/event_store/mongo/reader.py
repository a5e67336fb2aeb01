"""Reading the log in order: the contiguous prefix only, and tombstones where a writer died. Source: ADR-0001."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from ansinh_kit.database import Collection, Document
from ansinh_kit.event_store.commit_log import LogPage
from ansinh_kit.event_store.mongo.documents import commit_of, is_tombstone
from ansinh_kit.event_store.mongo.positions import fill
from ansinh_kit.mongo import translated

_RECHECK_SECONDS: Final = 0.01
_FILL_AT_MOST: Final = 1_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Prefix:
    documents: Sequence[Document]
    read_through: int
    beyond: int | None
    """The first position after the hole that ended the prefix; `None` if it ended with the log, or with the page."""


def _up_to(position: int, limit: int) -> dict[str, dict[str, int]]:
    return {"position": {"$gt": position, "$lte": position + limit}}


class PrefixReader:
    """Reads commits in position order and never passes a position at which something may still appear.

    Positions are reserved before they are written, so a reader can find position 7 while 6 is on its way, or was
    reserved by a process that is dead. It cannot tell which, so it waits a little and then closes 6 with a tombstone:
    the primary key lets only one of tombstone and commit stand there, and a writer that comes late takes a new
    position. Nothing in the log is ever removed, hence what was passed stays as it was.
    """

    def __init__(self, commits: Collection, *, hole_patience_seconds: float) -> None:
        self._commits = commits
        self._hole_patience_seconds = hole_patience_seconds

    async def read_after(self, position: int, *, limit: int) -> LogPage:
        prefix = await self._prefix(position, limit)
        if prefix.beyond is not None and prefix.read_through == position:
            await self._close_hole(range(position + 1, prefix.beyond))
            prefix = await self._prefix(position, limit)
        commits = [commit_of(document) for document in prefix.documents if not is_tombstone(document)]
        return LogPage(commits, prefix.read_through)

    async def _prefix(self, position: int, limit: int) -> _Prefix:
        # Positions are dense but for holes, so a range of `limit` positions is a page of at most as many documents.
        found = self._commits.find(_up_to(position, limit)).sort([("position", 1)]).batch_size(limit)
        with translated():
            documents = await found.to_list()
        if not documents:
            return _Prefix([], position, await self._first_beyond(position + limit))
        for index, document in enumerate(documents):
            if document["position"] != position + 1 + index:
                return _Prefix(documents[:index], position + index, document["position"])
        return _Prefix(documents, position + len(documents), None)

    async def _first_beyond(self, position: int) -> int | None:
        """Return the first position after `position` at which something stands: a hole can be wider than a page."""
        with translated():
            found = await self._commits.find_one(
                {"position": {"$gt": position}}, {"position": 1}, sort=[("position", 1)]
            )
        return None if found is None else int(found["position"])

    async def _close_hole(self, hole: range) -> None:
        if await self._filled_in_time(hole[0]):
            return
        hole = hole[:_FILL_AT_MOST]
        log.warning("log_hole_closed", first=hole[0], last=hole[-1])
        await fill(self._commits, hole)

    async def _filled_in_time(self, position: int) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._hole_patience_seconds
        while loop.time() < deadline:
            await asyncio.sleep(_RECHECK_SECONDS)
            with translated():
                if await self._commits.find_one({"position": position}, {"_id": 1}) is not None:
                    return True
        return False
