"""Background work that is meant to run for ever: started again after a crash, counted, and shown in readiness."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from ansinh_kit.backoff import Backoff
from ansinh_kit.cancellation import CANCEL_AGAIN_SECONDS, end_tasks
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.health import NotReadyError
from ansinh_kit.observability.metrics import TaskMetrics

log = structlog.get_logger(__name__)

_HEALTHY_AFTER_SECONDS: Final = 60.0
_START_AGAIN: Final = Backoff(first_seconds=0.5, longest_seconds=30.0)

Work = Callable[[], Awaitable[None]]


async def repeatedly(work: Work, *, every_seconds: float) -> None:
    """Call `work` until cancelled, with a pause after each call. A dependency that is down is waited for."""
    while True:
        try:
            await work()
        except UnavailableError as error:
            log.warning("repeated_work_waits", dependency=error.dependency)
        await asyncio.sleep(every_seconds)


class SupervisedTask:
    """Runs `work` until cancelled; whenever it raises or returns it is started again after a growing wait."""

    def __init__(self, name: str, work: Work, *, metrics: TaskMetrics, backoff: Backoff = _START_AGAIN) -> None:
        self.name = name
        self._work = work
        self._metrics = metrics
        self._backoff = backoff
        self._failures = 0
        self._running = False

    async def run(self) -> None:
        while True:
            await self._once()
            await asyncio.sleep(self._backoff.seconds_before(self._failures + 1))

    async def check(self) -> None:
        """Raise `NotReadyError` while the work is not running."""
        if not self._running:
            raise NotReadyError(f"{self.name} is not running")

    async def _once(self) -> None:
        begun = time.monotonic()
        self._running = True
        self._metrics.started(self.name)
        try:
            await self._work()
            log.error("background_task_returned", task=self.name)
        except UnavailableError as error:
            log.warning("background_task_interrupted", task=self.name, dependency=error.dependency)
        except Exception:
            # Whatever it was, the process goes on; the counter and the log say that and where it happened.
            log.exception("background_task_crashed", task=self.name)
        finally:
            self._running = False
            self._metrics.ended(self.name)
        self._metrics.crashed(self.name)
        healthy = time.monotonic() - begun >= _HEALTHY_AFTER_SECONDS
        self._failures = 1 if healthy else self._failures + 1


async def run_together(tasks: Sequence[SupervisedTask], *, cancel_again_seconds: float = CANCEL_AGAIN_SECONDS) -> None:
    """Run all of them until cancelled; when this ends, none is running any more (`end_tasks`)."""
    running = [asyncio.create_task(task.run(), name=task.name) for task in tasks]
    try:
        await asyncio.gather(*running)
    finally:
        await end_tasks(running, cancel_again_seconds=cancel_again_seconds)
