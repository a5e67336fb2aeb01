"""Many publishes at once, and yet each stream in order."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

import structlog

from ansinh_kit.backoff import Backoff
from ansinh_kit.messaging.burst import OutgoingMessage
from ansinh_kit.messaging.errors import NotPublishedError
from ansinh_kit.messaging.lease import Lease, LeaseLostError
from ansinh_kit.messaging.publisher import ConfirmedPublisher

_IN_FLIGHT: Final = 100
# How many may wait, in memory, for an earlier message of their own stream.
_TAKEN_UP: Final = 400

log = structlog.get_logger(__name__)


class StreamSender:
    """Publishes until confirmed, for ever. A message is sent when the one before it in its stream is confirmed.

    So a publish that has to be repeated is never overtaken within its stream. Use it as an async context manager: it
    returns when everything is confirmed.

    Raises:
        LeaseLostError: Another process sends now. (In an exception group, when the context ends.)
    """

    def __init__(self, publisher: ConfirmedPublisher, lease: Lease, *, backoff: Backoff) -> None:
        self._publisher = publisher
        self._lease = lease
        self._backoff = backoff
        self._in_flight = asyncio.Semaphore(_IN_FLIGHT)
        self._taken_up = asyncio.Semaphore(_TAKEN_UP)
        self._last_of: dict[str, asyncio.Task[None]] = {}
        self._tasks = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.__aexit__(error_type, error, trace)

    async def send(self, stream_id: str, message: OutgoingMessage, confirmed: Callable[[], None]) -> None:
        """Take the message up; `confirmed` is called once the broker has it. Waits while too many are under way."""
        await self._taken_up.acquire()
        task = self._tasks.create_task(self._send(message, self._last_of.get(stream_id), confirmed))
        self._last_of[stream_id] = task
        task.add_done_callback(lambda done: self._forget(stream_id, done))

    async def _send(
        self, message: OutgoingMessage, before: "asyncio.Task[None] | None", confirmed: Callable[[], None]
    ) -> None:
        if before is not None:
            await before
        attempt = 1
        while not await self._try_publish(message, attempt):
            attempt += 1
            await asyncio.sleep(self._backoff.seconds_before(attempt))
        confirmed()

    async def _try_publish(self, message: OutgoingMessage, attempt: int) -> bool:
        async with self._in_flight:
            if not self._lease.held:
                raise LeaseLostError
            try:
                await self._publisher.publish(message)
            except NotPublishedError as error:
                log.warning("publish_failed", routing_key=message.routing_key, outcome=error.outcome, attempt=attempt)
                return False
        return True

    def _forget(self, stream_id: str, done: "asyncio.Task[None]") -> None:
        self._taken_up.release()
        if self._last_of.get(stream_id) is done:
            del self._last_of[stream_id]
