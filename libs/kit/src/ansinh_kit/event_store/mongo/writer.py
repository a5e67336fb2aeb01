"""Group commit: the commits that arrive while one group is being written are the next group. Source: ADR-0001."""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ansinh_kit.clock import Clock
from ansinh_kit.database import (
    BulkRejectedError,
    Collection,
    DatabaseRefusedError,
    Document,
    DuplicateKeyError,
    WriteFailure,
)
from ansinh_kit.errors import UnavailableError
from ansinh_kit.event_store.commit_log import Commit, NewCommit
from ansinh_kit.event_store.mongo.bell import Bell
from ansinh_kit.event_store.mongo.documents import (
    POSITION,
    document_of,
    new_commit,
    place_is_taken,
    tombstone,
)
from ansinh_kit.event_store.mongo.positions import Positions
from ansinh_kit.mongo import translated

_GROUP_AT_MOST: Final = 256
_WAITING_AT_MOST: Final = 10_000
_POSITIONS_PER_COMMIT: Final = 8


@dataclass(eq=False, slots=True)
class _Asked:
    """A commit a caller waits for. The caller may have gone: then the future is cancelled, and the write goes on."""

    commit: NewCommit
    answer: asyncio.Future[Commit]
    positions_lost: int = 0

    def succeed(self, written: Commit) -> None:
        if not self.answer.done():
            self.answer.set_result(written)

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class GroupCommitWriter:
    """Writes commits of many callers in few round trips, each commit whole or not at all.

    Positions are reserved only after a group is gathered. A caller knew that its stream ended at `expected_version`
    before it asked, so the commit it follows had its position before this one is handed out: in every stream the
    order of versions is the order of positions, whatever writers pause, die or retry. For the same reason two
    commits of one group never depend on each other, and the group is written unordered: a refused commit fails its
    own caller and holds up no other.
    """

    def __init__(self, commits: Collection, positions: Positions, bell: Bell, clock: Clock) -> None:
        self._commits = commits
        self._positions = positions
        self._bell = bell
        self._clock = clock
        self._asked: deque[_Asked] = deque()
        self._unused: list[int] = []
        self._work = asyncio.Event()
        self._closing = False

    async def write(self, commit: NewCommit) -> Commit:
        """Return the commit as written, durable.

        Raises:
            DuplicateKeyError: Another commit has its place in the stream, or its commit id. Nothing was written.
            DatabaseRefusedError: It cannot be stored, e.g. it is too large. Nothing was written.
            UnavailableError: The outcome is unknown, or the writer is closing or overloaded.
        """
        if self._closing or len(self._asked) >= _WAITING_AT_MOST:
            raise UnavailableError("mongodb")
        asked = _Asked(commit, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        self._work.set()
        return await asked.answer

    def close(self) -> None:
        """Take no more commits; `run` ends once those already taken are answered."""
        self._closing = True
        self._work.set()

    async def run(self) -> None:
        """Write until closed. Every caller is answered, whatever happens here."""
        try:
            while await self._work_arrived():
                # One turn for the callers the last group has just answered: those who ask again join this one.
                await asyncio.sleep(0)
                await self._write_safely(self._gathered())
        finally:
            self._closing = True
            _fail_all(self._asked, UnavailableError("mongodb"))

    async def _work_arrived(self) -> bool:
        while not (self._asked or self._unused):
            if self._closing:
                return False
            self._work.clear()
            await self._work.wait()
        return True

    def _gathered(self) -> list[_Asked]:
        return [self._asked.popleft() for _ in range(min(len(self._asked), _GROUP_AT_MOST))]

    async def _write_safely(self, group: Sequence[_Asked]) -> None:
        try:
            await self._write(group)
        except DatabaseRefusedError as error:
            await self._write_apart(group, error)
        except asyncio.CancelledError:
            _fail_all(group, UnavailableError("mongodb"))
            raise
        except Exception as error:  # noqa: BLE001 - handed to every caller of the group; the writer serves the next
            _fail_all(group, error)

    async def _write_apart(self, group: Sequence[_Asked], error: DatabaseRefusedError) -> None:
        """Find the commit that made the driver refuse the whole group, so that only its own caller fails."""
        if len(group) == 1:
            group[0].fail(error)
            return
        for asked in group:
            await self._write_safely([asked])

    async def _write(self, group: Sequence[_Asked]) -> None:
        block = await self._positions.reserve(len(group)) if group else range(0)
        now = self._clock.now()
        commits = [
            new_commit(asked.commit, position=position, recorded_at=now)
            for asked, position in zip(group, block, strict=True)
        ]
        refused = await self._insert(commits)
        for asked, commit in zip(group, commits, strict=True):
            failure = refused.get(commit.position)
            if failure is None:
                asked.succeed(commit)
            else:
                self._refuse(asked, commit.position, failure)

    async def _insert(self, commits: Sequence[Commit]) -> dict[int, WriteFailure]:
        """Insert the commits, and tombstones at positions left over before; return the refused ones by position."""
        left_over, self._unused = self._unused, []
        documents = [*map(tombstone, left_over), *map(document_of, commits)]
        refused: dict[int, WriteFailure] = {}
        try:
            with translated():
                await self._commits.insert_many(documents, ordered=False)
        except BulkRejectedError as rejected:
            refused = {documents[failure.index]["position"]: failure for failure in rejected.failures}
        except DatabaseRefusedError:
            # Nothing was written. Only commits bring their positions back: tombstones alone are tried once.
            self._unused = [document["position"] for document in documents] if commits else []
            raise
        self._ring(documents, refused)
        return refused

    def _ring(self, documents: Sequence[Document], refused: Mapping[int, WriteFailure]) -> None:
        """Tell of the greatest position at which something stands: telling of more would wake readers in vain."""
        standing = [
            document["position"]
            for document in documents
            if document["position"] not in refused or place_is_taken(document, refused[document["position"]])
        ]
        self._bell.ring(max(standing, default=0))

    def _refuse(self, asked: _Asked, position: int, failure: WriteFailure) -> None:
        if failure.duplicate_of == POSITION:
            self._try_again(asked)
            return
        self._unused.append(position)
        if failure.duplicate_of is None:
            asked.fail(DatabaseRefusedError(None))
        else:
            asked.fail(DuplicateKeyError(failure.duplicate_of))

    def _try_again(self, asked: _Asked) -> None:
        """A reader took us for dead and closed our position: take a new one, ahead of those who came later."""
        asked.positions_lost += 1
        if asked.positions_lost >= _POSITIONS_PER_COMMIT:
            asked.fail(UnavailableError("mongodb"))
        else:
            self._asked.appendleft(asked)


def _fail_all(group: Iterable[_Asked], error: Exception) -> None:
    for asked in group:
        asked.fail(error)
