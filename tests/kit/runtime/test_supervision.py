import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from ansinh_kit.backoff import Backoff
from ansinh_kit.cancellation import end_tasks
from ansinh_kit.errors import UnavailableError
from ansinh_kit.http.health import NotReadyError
from ansinh_kit.observability.metrics import Metrics, TaskMetrics
from ansinh_kit.supervision import SupervisedTask, run_together

from tests.eventually import eventually


class Work:
    """Fails as often as it is told, then runs until cancelled."""

    def __init__(self, *failures: Exception | None) -> None:
        self._failures = list(failures)
        self.starts = 0
        self.settled = asyncio.Event()

    async def __call__(self) -> None:
        self.starts += 1
        if self._failures:
            failure = self._failures.pop(0)
            if failure is None:
                return
            raise failure
        self.settled.set()
        await asyncio.Event().wait()


@asynccontextmanager
async def supervised(work: Callable[[], Awaitable[None]], metrics: Metrics) -> AsyncIterator[SupervisedTask]:
    backoff = Backoff(first_seconds=0.001, longest_seconds=0.002)
    task = SupervisedTask("relay", work, metrics=TaskMetrics(metrics), backoff=backoff)
    running = asyncio.create_task(task.run())
    yield task
    running.cancel()
    await asyncio.wait([running])


def crashes(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("background_task_crashes_total", {"task": "relay"})


def running(metrics: Metrics) -> float | None:
    return metrics.registry.get_sample_value("background_task_running", {"task": "relay"})


async def test_work_that_crashes_is_started_again_and_counted() -> None:
    metrics = Metrics("example")
    work = Work(ValueError("a"), UnavailableError("mongodb"), None)
    async with supervised(work, metrics):
        await eventually(work.settled.is_set)
        assert (work.starts, crashes(metrics), running(metrics)) == (4, 3, 1)


async def test_readiness_follows_the_work() -> None:
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()
        raise ValueError

    metrics = Metrics("example")
    backoff = Backoff(first_seconds=100, longest_seconds=100)
    task = SupervisedTask("relay", work, metrics=TaskMetrics(metrics), backoff=backoff)
    with pytest.raises(NotReadyError, match="relay is not running"):
        await task.check()
    running_task = asyncio.create_task(task.run())
    await eventually(lambda: running(metrics) == 1)
    await task.check()
    gate.set()
    await eventually(lambda: running(metrics) == 0)
    with pytest.raises(NotReadyError):
        await task.check()
    running_task.cancel()


async def test_a_cancelled_task_ends_and_is_no_crash() -> None:
    metrics = Metrics("example")
    work = Work()
    async with supervised(work, metrics):
        await eventually(work.settled.is_set)
    assert (crashes(metrics) or 0, running(metrics)) == (0, 0)


async def test_tasks_that_lose_a_cancellation_are_cancelled_again() -> None:
    """What `asyncio.wait_for` of Python 3.11 does to a cancellation that comes together with the result."""
    metrics, begun, lost = TaskMetrics(Metrics("example")), asyncio.Event(), asyncio.Event()

    async def losing_one() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            lost.set()
        await asyncio.Event().wait()

    tasks = [SupervisedTask("relay", work, metrics=metrics) for work in (losing_one, Work())]
    together = asyncio.create_task(run_together(tasks, cancel_again_seconds=0.01))
    await begun.wait()
    together.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([together])
    assert lost.is_set()
    assert together.cancelled()


async def test_tasks_are_ended_whatever_they_do_with_the_first_cancellation() -> None:
    async def losing_one() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    async def failing() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise ValueError

    tasks = [asyncio.create_task(work()) for work in (losing_one, failing)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end_tasks(tasks, cancel_again_seconds=0.01)
    assert tasks[0].cancelled()
    assert isinstance(tasks[1].exception(), ValueError)
