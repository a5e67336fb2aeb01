"""Reading queues for ever: subscribe, hand over, answer; start again when anything of it is lost."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

import structlog
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue

from ansinh_kit.backoff import Backoff
from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.broker import Broker, close_channel
from ansinh_kit.messaging.client_errors import client_errors
from ansinh_kit.messaging.lanes import Lanes
from ansinh_kit.messaging.publisher import STREAM_ID_HEADER
from ansinh_kit.messaging.subscription_loss import SubscriptionLostError, awaited_loss, tell_of_loss

_TIMEOUT_SECONDS: Final = 10.0
_LOOK_AFTER_SECONDS: Final = 3.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came, free of the client's types."""

    body: bytes
    headers: Mapping[str, object]

    @property
    def stream_id(self) -> str | None:
        return self.header(STREAM_ID_HEADER)

    def header(self, name: str) -> str | None:
        value = self.headers.get(name)
        return value if isinstance(value, str) else None


class Worker(Protocol):
    """Does the work of one queue, for as long as one subscription to it lasts."""

    async def settle(self, arrival: Arrival) -> None:
        """Return when the message is dealt with, durably: it is acknowledged then and gone.

        Raises:
            UnavailableError: It cannot be dealt with now; the subscription starts anew and the broker brings it again.
        """
        ...


class QueueReader:
    """Reads several queues over one channel. Messages of one stream are worked on one after the other.

    Nothing is acknowledged before its work is done, and nothing is sent back: what is interrupted stays unanswered,
    and the broker brings it again, in its old order, when the channel is gone.

    Args:
        queues: The names of the queues, each with what makes its worker; made anew with every subscription.
        declare: Declares those queues on a new channel.
        prefetch: Unanswered messages per queue.
        report: Told whether every queue is being read.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        queues: Mapping[str, Callable[[], Worker]],
        declare: Callable[[AbstractChannel], Awaitable[None]],
        prefetch: int,
        report: Callable[[bool], None] = lambda _: None,
        backoff: Backoff | None = None,
    ) -> None:
        self._broker = broker
        self._queues = queues
        self._declare = declare
        self._prefetch = prefetch
        self._report = report
        self._backoff = backoff or Backoff()
        self._ready = False
        self._was_ready = False

    @property
    def ready(self) -> bool:
        """Tell whether every queue is being read now."""
        return self._ready and self._broker.ready

    async def run(self) -> None:
        """Read until cancelled, through every loss of the connection, the channel or a queue."""
        attempt = 1
        while True:
            await asyncio.sleep(self._backoff.seconds_before(attempt))
            try:
                await self._subscribe_once()
            except (UnavailableError, SubscriptionLostError) as error:
                attempt = 2 if self._was_ready else attempt + 1
                log.warning("subscription_lost", queues=list(self._queues), error=type(error).__name__, attempt=attempt)

    async def _subscribe_once(self) -> None:
        self._was_ready = False
        failure = awaited_loss()
        async with self._channel(failure) as channel, _lanes(self._queues, failure) as lanes:
            subscriptions = [await self._consume(channel, name, lanes[name]) for name in self._queues]
            self._set_ready(ready=True)
            try:
                await self._hold(subscriptions, failure)
            finally:
                self._set_ready(ready=False)

    @asynccontextmanager
    async def _channel(self, failure: "asyncio.Future[None]") -> AsyncIterator[AbstractChannel]:
        channel = await self._broker.channel()
        try:
            with client_errors():
                await tell_of_loss(channel, failure)
                await channel.set_qos(prefetch_count=self._prefetch, timeout=_TIMEOUT_SECONDS)
            await self._declare(channel)
            yield channel
        finally:
            await close_channel(channel)

    async def _consume(
        self, channel: AbstractChannel, name: str, lanes: "Lanes[AbstractIncomingMessage]"
    ) -> AbstractQueue:
        async def deliver(message: AbstractIncomingMessage) -> None:
            lanes.put(_lane_of(message), message)

        with client_errors():
            queue = await channel.get_queue(name, ensure=False)
            await queue.consume(deliver, timeout=_TIMEOUT_SECONDS)
        return queue

    async def _hold(self, queues: Sequence[AbstractQueue], failure: "asyncio.Future[None]") -> None:
        """Return never: raise when the subscription is lost, also when the broker forgot it without a word."""
        while True:
            done, _ = await asyncio.wait((failure,), timeout=_LOOK_AFTER_SECONDS)
            if done:
                failure.result()
            for queue in queues:
                with client_errors():
                    declared = await queue.channel.declare_queue(queue.name, passive=True, timeout=_TIMEOUT_SECONDS)
                if not declared.declaration_result.consumer_count:
                    raise SubscriptionLostError(queue.name)

    def _set_ready(self, *, ready: bool) -> None:
        self._ready = ready
        self._was_ready = self._was_ready or ready
        self._report(ready)


@asynccontextmanager
async def _lanes(
    queues: Mapping[str, Callable[[], Worker]], failure: "asyncio.Future[None]"
) -> AsyncIterator[dict[str, "Lanes[AbstractIncomingMessage]"]]:
    lanes = {name: Lanes(partial(_answer, make_worker()), failure) for name, make_worker in queues.items()}
    try:
        yield lanes
    finally:
        for queue_lanes in lanes.values():
            await queue_lanes.close()


async def _answer(worker: Worker, message: AbstractIncomingMessage) -> None:
    await worker.settle(Arrival(message.body, message.headers))
    with client_errors():
        await message.ack()


def _lane_of(message: AbstractIncomingMessage) -> str:
    """Return the stream, or for a message that names none a lane of its own."""
    stream_id = message.headers.get(STREAM_ID_HEADER)
    return stream_id if isinstance(stream_id, str) else f"delivery {message.delivery_tag}"
