"""A `CommitLog` in memory, for deciders' and API tests. It passes the same contract suite as the real one."""

import asyncio
from collections import defaultdict
from collections.abc import Collection

from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.errors import ConcurrencyConflictError
from ansinh_kit.event_store.commit_log import AppendOutcome, Commit, CommitIdReusedError, LogPage, NewCommit


class InMemoryCommitLog:
    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._commits: list[Commit] = []
        self._by_stream: dict[str, list[Commit]] = defaultdict(list)
        self._by_commit_id: dict[str, Commit] = {}
        self._barred: set[str] = set()
        self._appended = asyncio.Event()

    async def append(self, commit: NewCommit) -> AppendOutcome:
        earlier = self._by_commit_id.get(commit.commit_id)
        if earlier is not None:
            if earlier.stream_id != commit.stream_id:
                raise CommitIdReusedError(commit.commit_id)
            return AppendOutcome(earlier, repeated=True)
        stream = self._by_stream[commit.stream_id]
        current = stream[-1].last_version if stream else 0
        if current != commit.expected_version or commit.commit_id in self._barred:
            raise ConcurrencyConflictError(commit.stream_id, commit.expected_version)
        written = Commit(
            position=len(self._commits) + 1,
            stream_id=commit.stream_id,
            first_version=current + 1,
            events=tuple(commit.events),
            commit_id=commit.commit_id,
            metadata=dict(commit.metadata),
            recorded_at=self._clock.now(),
        )
        self._commits.append(written)
        stream.append(written)
        self._by_commit_id[written.commit_id] = written
        self._appended.set()
        self._appended = asyncio.Event()
        return AppendOutcome(written, repeated=False)

    async def read_stream(self, stream_id: str, *, after_version: int = 0) -> list[Commit]:
        return [commit for commit in self._by_stream[stream_id] if commit.last_version > after_version]

    async def read_streams(self, stream_ids: Collection[str]) -> dict[str, list[Commit]]:
        return {stream_id: await self.read_stream(stream_id) for stream_id in stream_ids}

    async def read_after(self, position: int, *, limit: int) -> LogPage:
        commits = self._commits[position : position + limit]
        return LogPage(commits, commits[-1].position if commits else position)

    async def find_commit(self, commit_id: str) -> Commit | None:
        return self._by_commit_id.get(commit_id)

    async def bar(self, commit_id: str) -> Commit | None:
        earlier = self._by_commit_id.get(commit_id)
        if earlier is None:
            self._barred.add(commit_id)
        return earlier

    async def last_position(self) -> int:
        return len(self._commits)

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        if len(self._commits) > position:
            return True
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._appended.wait()
        except TimeoutError:
            return False
        return True
