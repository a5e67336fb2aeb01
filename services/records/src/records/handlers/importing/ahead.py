"""One item ahead: the next is being made while the present one is worked on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from ansinh_kit.cancellation import end_tasks

Item = TypeVar("Item")


@asynccontextmanager
async def one_ahead(items: AsyncIterator[Item]) -> AsyncIterator["OneAhead[Item]"]:
    """Give `items` in their order, never more than one of them waiting. Nothing is being made any more afterwards."""
    ahead = OneAhead(items)
    try:
        yield ahead
    finally:
        await ahead.close()


class OneAhead(Generic[Item]):
    """Iterate over it. What making an item raises is raised in its place."""

    def __init__(self, items: AsyncIterator[Item]) -> None:
        self._items = items
        self._next = self._make()

    def __aiter__(self) -> "OneAhead[Item]":
        return self

    async def __anext__(self) -> Item:
        made = await self._next
        if made is None:
            raise StopAsyncIteration
        self._next = self._make()
        return made[0]

    async def close(self) -> None:
        await end_tasks([self._next])

    def _make(self) -> "asyncio.Task[tuple[Item] | None]":
        return asyncio.create_task(self._made(), name="one-ahead")

    async def _made(self) -> tuple[Item] | None:
        """Return the next item, `None` at the end: a task cannot raise `StopAsyncIteration`."""
        async for item in self._items:
            return (item,)
        return None
