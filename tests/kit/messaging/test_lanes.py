import asyncio

import pytest
from ansinh_kit.messaging.lanes import Lanes

from tests.eventually import eventually


class Work:
    """Every job waits until it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def __call__(self, job: str) -> None:
        self.begun.append(job)
        await self.gates.setdefault(job, asyncio.Event()).wait()

    def let_go(self, job: str) -> None:
        self.gates[job].set()


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
async def failure() -> "asyncio.Future[None]":
    return asyncio.get_running_loop().create_future()


async def test_jobs_of_one_lane_wait_for_each_other_and_other_lanes_do_not(
    work: Work, failure: "asyncio.Future[None]"
) -> None:
    lanes = Lanes(work, failure)
    for job in ("a1", "a2", "b1"):
        lanes.put(job[0], job)
    await eventually(lambda: work.begun == ["a1", "b1"])
    work.let_go("a1")
    await eventually(lambda: work.begun == ["a1", "b1", "a2"])
    await lanes.close()


async def test_a_lane_can_be_used_again_when_it_was_empty(work: Work, failure: "asyncio.Future[None]") -> None:
    lanes = Lanes(work, failure)
    lanes.put("a", "a1")
    await eventually(lambda: work.begun == ["a1"])
    work.let_go("a1")
    await eventually(lambda: not lanes._tasks)
    lanes.put("a", "a2")
    await eventually(lambda: work.begun == ["a1", "a2"])
    await lanes.close()


async def test_closing_leaves_nothing_running_and_takes_nothing_more(
    work: Work, failure: "asyncio.Future[None]"
) -> None:
    lanes = Lanes(work, failure)
    lanes.put("a", "a1")
    lanes.put("a", "a2")
    await eventually(lambda: work.begun == ["a1"])
    await lanes.close()
    lanes.put("a", "a3")
    assert not lanes._tasks
    assert work.begun == ["a1"]


async def test_what_the_work_lets_out_is_told_to_the_owner(failure: "asyncio.Future[None]") -> None:
    async def fail(job: str) -> None:
        raise LookupError(job)

    lanes = Lanes(fail, failure)
    lanes.put("a", "a1")
    with pytest.raises(LookupError, match="a1"):
        await failure
    await lanes.close()
