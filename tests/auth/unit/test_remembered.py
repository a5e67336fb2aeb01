"""What is fetched from a provider now and then: once for all who ask, and not again at once when it failed."""

import asyncio

import pytest
from auth.providers.port import EIdUnavailableError
from auth.providers.remembered import Remembered


class Source:
    def __init__(self) -> None:
        self.fetched = 0
        self.down = False
        self.now = 0.0
        self.gate = asyncio.Event()
        self.gate.set()

    async def fetch(self) -> list[int]:
        self.fetched += 1
        await self.gate.wait()
        if self.down:
            raise EIdUnavailableError("late")
        return [self.fetched]

    def remembered(self) -> Remembered[list[int]]:
        return Remembered(self.fetch, life_seconds=600, pause_seconds=5, monotonic=lambda: self.now)


async def test_what_was_fetched_is_kept_for_its_time() -> None:
    source = Source()
    kept = source.remembered()
    assert [await kept.get(), await kept.get()] == [[1], [1]]
    source.now = 599.9
    assert await kept.get() == [1]
    source.now = 600
    assert await kept.get() == [2]


async def test_many_at_once_fetch_once() -> None:
    source = Source()
    kept = source.remembered()
    source.gate.clear()
    asking = [asyncio.create_task(kept.get()) for _ in range(10)]
    await asyncio.sleep(0)
    source.gate.set()
    assert await asyncio.gather(*asking) == [[1]] * 10
    assert source.fetched == 1


@pytest.mark.req("U-13")
async def test_a_provider_that_is_down_costs_one_of_many_the_wait() -> None:
    source = Source()
    source.down = True
    kept = source.remembered()
    for _ in range(3):
        with pytest.raises(EIdUnavailableError):
            await kept.get()
    assert source.fetched == 1
    source.now, source.down = 5, False
    assert await kept.get() == [2]


async def test_what_is_found_wanting_is_fetched_anew_once_for_all_who_found_it_so() -> None:
    source = Source()
    kept = source.remembered()
    old = await kept.get()
    assert await asyncio.gather(*(kept.anew(unlike=old) for _ in range(5))) == [[2]] * 5
    assert source.fetched == 2
