"""Work in lanes: one after the other within a lane, side by side across lanes."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ansinh_kit.cancellation import end_tasks

Job = TypeVar("Job")


class Lanes(Generic[Job]):
    """Calls `work` with every job, in the order of `put` within its lane. As many lanes as there are names at once.

    `failure` ends with the first exception that `work` lets out; the owner waits on it and closes the lanes.
    """

    def __init__(self, work: Callable[[Job], Awaitable[None]], failure: "asyncio.Future[None]") -> None:
        self._work = work
        self._failure = failure
        self._waiting: dict[str, deque[Job]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def put(self, lane: str, job: Job) -> None:
        """Take the job up at once, or after those that wait in its lane; closed lanes leave it."""
        if self._closed:
            return
        waiting = self._waiting.get(lane)
        if waiting is not None:
            waiting.append(job)
            return
        self._waiting[lane] = deque((job,))
        task = asyncio.create_task(self._drain(lane))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def close(self) -> None:
        """Cancel what runs, forget what waits, and return when nothing of it runs any more."""
        self._closed = True
        await end_tasks(self._tasks)
        self._waiting.clear()

    async def _drain(self, lane: str) -> None:
        waiting = self._waiting[lane]
        while waiting:
            await self._work(waiting[0])
            waiting.popleft()
        del self._waiting[lane]

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._failure.done():
            self._failure.set_exception(error)
