"""Waiting on a condition with a deadline, the only way a test here waits."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

POLL_SECONDS = 0.02

Value = TypeVar("Value")


class NotYetError(AssertionError):
    """The condition did not come true in time."""


@overload
async def eventually(
    condition: Callable[[], Awaitable[Value]], within_seconds: float = ..., *, says: str = ...
) -> Value: ...


@overload
async def eventually(condition: Callable[[], Value], within_seconds: float = ..., *, says: str = ...) -> Value: ...


async def eventually(
    condition: Callable[[], Value | Awaitable[Value]], within_seconds: float = 10.0, *, says: str = "the condition"
) -> Value:
    """Return the condition's first true value, asking again until the time is over.

    An `AssertionError` of the condition means "not yet" and is shown if it never passes; any other error is raised.
    """
    deadline = time.monotonic() + within_seconds
    while True:
        value, refusal = await _ask(condition)
        if value:
            return value
        if time.monotonic() > deadline:
            raise NotYetError(f"{says} did not hold within {within_seconds} s; last: {value!r}") from refusal
        await asyncio.sleep(POLL_SECONDS)


async def _ask(condition: Callable[[], Value | Awaitable[Value]]) -> tuple[Value | None, AssertionError | None]:
    try:
        answer = condition()
        return (await answer if inspect.isawaitable(answer) else answer), None
    except AssertionError as refusal:
        return None, refusal
