"""Ending tasks for good. One call of `Task.cancel` is not always enough."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final

# Longer than what a task does at its end: closing a channel, giving back a lease. That is not to be interrupted.
CANCEL_AGAIN_SECONDS: Final = 5.0


async def end_tasks(
    tasks: "Iterable[asyncio.Task[Any]]", *, cancel_again_seconds: float = CANCEL_AGAIN_SECONDS
) -> None:
    """Cancel the tasks and return when none of them runs any more; what they raised is left in them.

    A task that is still there so long after it was cancelled is cancelled again. A cancellation can get lost: on Python
    3.11 `asyncio.wait_for` swallows one that comes together with the result, and a task group one that comes together
    with the failure of a child. Libraries below us use both.
    """
    asked = list(tasks)
    while pending := [task for task in asked if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=cancel_again_seconds)
    await asyncio.gather(*asked, return_exceptions=True)
