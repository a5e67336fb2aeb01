"""Requests that are sent when they are due, whatever became of those before: no answer that is late hides another.

Every time is measured from the moment the request was due, not from when it could be sent: a client that waits for
its answers measures only how fast the system is when it is fast ("coordinated omission").
"""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def at_rate(per_second: float, seconds: float, call: Callable[[int], Awaitable[object]]) -> list[float]:
    """Begin `call(0)`, `call(1)`, … at an even rate; return the milliseconds from when each was due to its end.

    Raises:
        ExceptionGroup: A call failed: a figure with failures among its samples means nothing.
    """
    milliseconds: list[float] = []

    async def one(number: int, due: float) -> None:
        await call(number)
        milliseconds.append((time.perf_counter() - due) * 1000)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as calls:
        for number in range(round(per_second * seconds)):
            due = began + number / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            calls.create_task(one(number, due))
    return milliseconds
