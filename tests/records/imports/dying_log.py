"""A log whose process dies at a chosen moment: from then on nothing gets through to it any more."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from ansinh_kit.event_store.commit_log import AppendOutcome, Commit, CommitLog, LogPage, NewCommit

Result = TypeVar("Result")


class KilledError(Exception):
    """The process is dead: whatever it still tries has no effect."""


class DyingLog:
    """One process's view of `log`. It dies at its `dies_at`-th step; there is one before and one after each call."""

    def __init__(self, log: CommitLog, *, dies_at: int | None = None) -> None:
        self._log = log
        self._dies_at = dies_at
        self.steps = 0
        self.at_step: Callable[[int], Awaitable[None]] | None = None

    async def append(self, commit: NewCommit) -> AppendOutcome:
        return await self._call(lambda: self._log.append(commit))

    async def read_stream(self, stream_id: str, *, after_version: int = 0) -> list[Commit]:
        return await self._call(lambda: self._log.read_stream(stream_id, after_version=after_version))

    async def read_streams(self, stream_ids: Collection[str]) -> dict[str, list[Commit]]:
        return await self._call(lambda: self._log.read_streams(stream_ids))

    async def read_after(self, position: int, *, limit: int) -> LogPage:
        return await self._call(lambda: self._log.read_after(position, limit=limit))

    async def find_commit(self, commit_id: str) -> Commit | None:
        return await self._call(lambda: self._log.find_commit(commit_id))

    async def bar(self, commit_id: str) -> Commit | None:
        return await self._call(lambda: self._log.bar(commit_id))

    async def last_position(self) -> int:
        return await self._log.last_position()

    async def wait_beyond(self, position: int, *, timeout_seconds: float) -> bool:
        return await self._log.wait_beyond(position, timeout_seconds=timeout_seconds)

    async def _call(self, call: Callable[[], Awaitable[Result]]) -> Result:
        await self._step()
        answer = await call()
        await self._step()
        return answer

    async def _step(self) -> None:
        self.steps += 1
        step = self.steps
        if self._dies_at is not None and step >= self._dies_at:
            raise KilledError
        if self.at_step is not None:
            await self.at_step(step)
        await asyncio.sleep(0)
