import asyncio
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Final

from ansinh_kit.batches import IDS_AT_ONCE, batches
from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.database import Database, Document, DuplicateKeyError
from ansinh_kit.errors import ConcurrencyConflictError, UnavailableError
from ansinh_kit.event_store.commit_log import AppendOutcome, Commit, CommitIdReusedError, LogPage, NewCommit
from ansinh_kit.event_store.mongo.bell import Bell
from ansinh_kit.event_store.mongo.boundaries import Boundaries, Knowledge
from ansinh_kit.event_store.mongo.documents import (
    COMMITS,
    POSITIONS,
    bar,
    commit_of,
    create_indexes,
    is_tombstone,
)
from ansinh_kit.event_store.mongo.positions import Positions, fill
from ansinh_kit.event_store.mongo.reader import PrefixReader
from ansinh_kit.event_store.mongo.writer import GroupCommitWriter
from ansinh_kit.mongo import latest, translated

_MAJORITY_PATIENCE_SECONDS: Final = 5.0
_MAJORITY_RECHECK_SECONDS: Final = 0.02
_LOOK_BACK: Final = 64


class MongoCommitLog:
    """The log of one service on MongoDB. Start it before use; close it to have everything taken written.

    Any number of processes may write and read the same log.

    Args:
        hole_patience_seconds: How long a reader waits for a writer that reserved a position and has not written it.
        poll_seconds: How late the news of another process's commit may come to `wait_beyond` while the log grows;
            after some seconds of quiet it is half a second.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock | None = None,
        hole_patience_seconds: float = 0.3,
        poll_seconds: float = 0.1,
    ) -> None:
        self._commits = database[COMMITS]
        self._positions = Positions(database[POSITIONS])
        self._bell = Bell(self._last_beyond, poll_seconds=poll_seconds)
        self._reader = PrefixReader(self._commits, hole_patience_seconds=hole_patience_seconds)
        self._writer = GroupCommitWriter(self._commits, self._positions, self._bell, clock or SystemClock())
        self._writing: asyncio.Task[None] | None = None
        self._boundaries = Boundaries()

    async def start(self) -> None:
        """Create indexes, put the counter beyond the log, and begin to take commits."""
        with translated():
            await create_indexes(self._commits)
        last = await self.last_position()
        await self._positions.start_after(last)
        self._bell.ring(last)
        self._writing = asyncio.create_task(self._writer.run(), name="commit-writer")

    async def close(self) -> None:
        """Write what was taken, answer its callers, and stop. Later appends raise `UnavailableError`."""
        self._writer.close()
        if self._writing is not None:
            await self._writing

    async def append(self, commit: NewCommit) -> AppendOutcome:
        if not await self._may_follow(commit.stream_id, commit.expected_version):
            return await self._earlier_or_conflict(commit)
        try:
            written = await self._writer.write(commit)
        except DuplicateKeyError:
            return await self._earlier_or_conflict(commit)
        self._boundaries.note(written.stream_id, written.last_version)
        return AppendOutcome(written, repeated=False)

    async def read_stream(self, stream_id: str, *, after_version: int = 0) -> list[Commit]:
        with translated():
            found = self._commits.find({"stream": stream_id, "version": {"$gt": after_version}})
            documents = await found.sort([("version", 1)]).to_list()
        if not documents or documents[0]["version"] != after_version + 1:
            documents = [*await self._commit_around(stream_id, after_version), *documents]
        if documents:
            self._boundaries.note(stream_id, documents[-1]["last_version"])
        return [commit_of(document) for document in documents]

    async def read_streams(self, stream_ids: Iterable[str]) -> dict[str, list[Commit]]:
        streams: dict[str, list[Commit]] = {stream_id: [] for stream_id in stream_ids}
        for batch in batches(streams, IDS_AT_ONCE):
            with translated():
                documents = await self._commits.find({"stream": {"$in": batch}}).to_list()
            for document in sorted(documents, key=itemgetter("version")):
                self._add_in_order(streams, commit_of(document))
        return streams

    def _add_in_order(self, streams: Mapping[str, list[Commit]], commit: Commit) -> None:
        """Leave out a commit whose predecessor was not found.

        A long cursor is no snapshot: it may show a later commit and not the one before it. Whoever decides without
        both is then refused at the append, as if both had come after the read.
        """
        commits = streams[commit.stream_id]
        if commit.first_version == (commits[-1].last_version + 1 if commits else 1):
            commits.append(commit)
            self._boundaries.note(commit.stream_id, commit.last_version)

    async def read_after(self, position: int, *, limit: int) -> LogPage:
        return await self._reader.read_after(position, limit=limit)

    async def find_commit(self, commit_id: str) -> Commit | None:
        with translated():
            document = await self._commits.find_one({"_id": commit_id})
        return None if document is None or is_tombstone(document) else commit_of(document)

    async def bar(self, commit_id: str) -> Commit | None:
        while not await self._stands(commit_id):
            (position,) = await self._positions.reserve(1)
            try:
                with translated():
                    await self._commits.insert_one(bar(position, commit_id))
            except DuplicateKeyError:
                # The commit, another bar, or an impatient reader came first: see which, and leave no hole behind.
                await fill(self._commits, range(position, position + 1))
        return await self.find_commit(commit_id)

    async def _stands(self, commit_id: str) -> bool:
        with translated():
            return await self._commits.find_one({"_id": commit_id}, {"_id": 1}) is not None

    async def last_position(self) -> int:
        # From the counter, which is never far from the end: the log itself may hold millions.
        reserved = await self._positions.reserved()
        beyond = await self._last_beyond(reserved)
        while beyond == reserved and reserved > 0:
            reserved = max(0, reserved - _LOOK_BACK)
            beyond = await self._last_beyond(reserved, at_most=reserved + _LOOK_BACK)
        return beyond

    async def _last_beyond(self, position: int, *, at_most: int | None = None) -> int:
        """Return the greatest position after `position` at which something stands; `position` if there is none."""
        asked = {"$gt": position} if at_most is None else {"$gt": position, "$lte": at_most}
        with translated():
            found = await self._commits.find_one({"position": asked}, {"position": 1}, sort=[("position", -1)])
        return position if found is None else int(found["position"])

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        return await self._bell.wait_beyond(position, timeout_seconds=timeout_seconds)

    async def _may_follow(self, stream_id: str, version: int) -> bool:
        known = self._boundaries.about(stream_id, version)
        if known is not Knowledge.UNKNOWN:
            return known is Knowledge.BOUNDARY
        last = await self._last_commit_at_or_before(stream_id, version)
        if last is None or last["last_version"] != version:
            return False
        self._boundaries.note(stream_id, version)
        return True

    async def _commit_around(self, stream_id: str, version: int) -> list[Document]:
        """Return the commit that starts at or before `version` and ends after it, if there is one."""
        if self._boundaries.about(stream_id, version) is Knowledge.BOUNDARY:
            return []
        before = await self._last_commit_at_or_before(stream_id, version)
        return [before] if before is not None and before["last_version"] > version else []

    async def _last_commit_at_or_before(self, stream_id: str, version: int) -> Document | None:
        with translated():
            return await self._commits.find_one(
                {"stream": stream_id, "version": {"$lte": version}}, sort=[("version", -1)]
            )

    async def _earlier_or_conflict(self, commit: NewCommit) -> AppendOutcome:
        """Answer a commit that cannot be written: with the outcome its id had before, else with the conflict."""
        # First without waiting for a majority: the very same commit may just be under way in another process.
        with translated():
            under_way = await latest(self._commits).find_one({"_id": commit.commit_id})
        if under_way is None or is_tombstone(under_way):
            raise ConcurrencyConflictError(commit.stream_id, commit.expected_version)
        earlier = await self._confirmed(commit.commit_id)
        if earlier.stream_id != commit.stream_id:
            raise CommitIdReusedError(commit.commit_id)
        self._boundaries.note(earlier.stream_id, earlier.last_version)
        return AppendOutcome(earlier, repeated=True)

    async def _confirmed(self, commit_id: str) -> Commit:
        """Return the commit once a majority has it: only then may anyone be told."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _MAJORITY_PATIENCE_SECONDS
        while loop.time() < deadline:
            found = await self.find_commit(commit_id)
            if found is not None:
                return found
            await asyncio.sleep(_MAJORITY_RECHECK_SECONDS)
        raise UnavailableError("mongodb")
