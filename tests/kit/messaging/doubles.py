"""Handlers and clients that tests can look into."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from ansinh_kit.cancellation import end_tasks
from ansinh_kit.messaging.incoming import IncomingEvent

from tests.kit.messaging.orders import OrderPaidV1, OrderPlacedV1


class Recorder:
    """Remembers what it was given; fails first, as often and with what it was told, for one number."""

    def __init__(self) -> None:
        self.seen: list[IncomingEvent] = []
        self.failures: dict[int, list[Exception]] = defaultdict(list)
        self.calls = 0

    async def __call__(self, incoming: IncomingEvent) -> None:
        self.calls += 1
        number = number_of(incoming)
        if self.failures[number]:
            raise self.failures[number].pop(0)
        self.seen.append(incoming)

    def numbers(self, stream_id: str | None = None) -> list[int]:
        """Return the numbers handled so far, of one stream or of all, in the order of handling."""
        return [number_of(event) for event in self.seen if stream_id in {None, event.stream_id}]


def number_of(incoming: IncomingEvent) -> int:
    assert isinstance(incoming.event, OrderPlacedV1 | OrderPaidV1)
    return incoming.event.number


@asynccontextmanager
async def running(*coroutines: Coroutine[Any, Any, None]) -> AsyncIterator[list["asyncio.Task[None]"]]:
    """Run them beside the test. One that ends by itself with an error fails the test."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        yield tasks
    finally:
        await end_tasks(tasks)
        for task in tasks:
            if not task.cancelled():
                task.result()
