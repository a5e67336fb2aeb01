"""Work that must not be cut in two: a send that began is finished and written down, also while the process ends."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class Unfinished:
    """Runs coroutines that outlive the cancellation of whoever waits for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def finish(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Return the work's result; cancelled, leave it running."""
        return await asyncio.shield(self.start(work))

    async def drain(self, *, within_seconds: float) -> None:
        """Wait for what runs; cancel what is still running then."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=within_seconds)
            for task in late:
                task.cancel()

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # fetched here: the one who waited for it may be gone
