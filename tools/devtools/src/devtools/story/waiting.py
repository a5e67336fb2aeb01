"""Looking again until a read model shows what was done: it follows within a second."""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus

from devtools.story.browser import Answer, Device
from devtools.story.report import expect

_PATIENCE_SECONDS = 5
_LOOK_SECONDS = 0.1


async def see(device: Device, path: str, told: str, shows: Callable[[Answer], bool]) -> Answer:
    """Read `path`, and again until it is answered 200 and `shows` holds; return that answer.

    Raises:
        NotAsToldError: It does not show within five seconds; `told` says what.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        answer = await device.look(path)
        if answer.status == HTTPStatus.OK and shows(answer):
            return answer
        expect(time.monotonic() < deadline, told)
        await asyncio.sleep(_LOOK_SECONDS)
