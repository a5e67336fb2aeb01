"""Reading the log in order: the contiguous prefix only, and tombstones where a writer died. Source: ADR-0001."""

import asyncio
from typing import Final

import structlog

from ansinh_kit.database import Collection
from ansinh_kit.event_store.commit_log import LogPage
from ansinh_kit.event_store.mongo.documents import commit_of, is_tombstone
from ansinh_kit.event_store.mongo.positions import fill
from ansinh_kit.event_store.mongo.standing import Standing
from ansinh_kit.mongo import translated

_RECHECK_SECONDS: Final = 0.01
_FILL_AT_MOST: Final = 1_000

log = structlog.get_logger(__name__)


class PrefixReader:
    """Reads commits in position order and never passes a position at which something may still appear.

    Positions are reserved before they are written, so a reader can find position 7 while 6 is on its way, or was
    reserved by a process that is dead. It cannot tell which, so it waits a little and then closes 6 with a tombstone:
    the primary key lets only one of tombstone and commit stand there, and a writer that comes late takes a new
    position. Nothing in the log is ever removed, hence what was passed stays as it was.
    """

    def __init__(self, commits: Collection, standing: Standing, *, hole_patience_seconds: float) -> None:
        self._commits = commits
        self._standing = standing
        self._hole_patience_seconds = hole_patience_seconds

    async def read_after(self, position: int, *, limit: int) -> LogPage:
        documents = await self._standing.prefix_after(position, limit=limit)
        if not documents and await self._close_hole_after(position):
            documents = await self._standing.prefix_after(position, limit=limit)
        commits = [commit_of(document) for document in documents if not is_tombstone(document)]
        return LogPage(commits, position + len(documents))

    async def _close_hole_after(self, position: int) -> bool:
        """See to it that something stands after `position`; `False` if it is the end of the log.

        At the end, positions without a commit are no hole: whoever reserved them holds up nobody, and may be slow.
        """
        beyond = await self._standing.first_after(position)
        if beyond is None:
            return False
        if beyond > position + 1 and not await self._filled_in_time(position + 1):
            hole = range(position + 1, beyond)[:_FILL_AT_MOST]
            log.warning("log_hole_closed", first=hole[0], last=hole[-1])
            await fill(self._commits, hole)
        return True

    async def _filled_in_time(self, position: int) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._hole_patience_seconds
        while loop.time() < deadline:
            await asyncio.sleep(_RECHECK_SECONDS)
            with translated():
                if await self._commits.find_one({"_id": position}, {"_id": 1}) is not None:
                    return True
        return False
