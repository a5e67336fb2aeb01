"""One item ahead: in order, no further, and whatever goes wrong in its place."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from records.handlers.importing.ahead import one_ahead


class Maker:
    """Makes the numbers 0 to 4, and notes how far it has come."""

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.made = list[int]()
        self._fails_at = fails_at

    async def items(self) -> AsyncIterator[int]:
        for number in range(5):
            await asyncio.sleep(0)
            if number == self._fails_at:
                raise ValueError(number)
            self.made.append(number)
            yield number


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_next_one_is_made_meanwhile_and_no_further() -> None:
    maker, got = Maker(), list[int]()
    async with one_ahead(maker.items()) as items:
        async for item in items:
            await turns()
            got.append(item)
            assert len(maker.made) == min(5, len(got) + 1)
    assert got == [0, 1, 2, 3, 4]


async def test_what_goes_wrong_is_told_after_those_before_it() -> None:
    got = list[int]()

    async def work() -> None:
        async with one_ahead(Maker(fails_at=2).items()) as items:
            async for item in items:
                got.append(item)

    with pytest.raises(ValueError, match="2"):
        await work()
    assert got == [0, 1]


async def test_nothing_goes_on_after_whoever_worked_on_the_items_failed() -> None:
    maker = Maker()

    async def work() -> None:
        async with one_ahead(maker.items()) as items:
            async for _ in items:
                raise RuntimeError

    with pytest.raises(RuntimeError):
        await work()
    await turns()
    assert maker.made == [0]
