"""Short-lived news from each process to all of its kind: nothing stored, no loss made up for. Source: ADR-0028.

For what is worthless a few seconds later. One fan-out exchange, and for each process a queue that is its own: both go
with those who use them, and messages are transient. What a process sends comes back to itself, too: that is how it
knows that it would hear the others.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

import structlog
from aio_pika import DeliveryMode, ExchangeType, Message
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage

from ansinh_kit.backoff import Backoff
from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.broker import Broker, close_channel
from ansinh_kit.messaging.client_errors import client_errors
from ansinh_kit.messaging.subscription_loss import SubscriptionLostError, awaited_loss, tell_of_loss

_TIMEOUT_SECONDS: Final = 10.0
# Longer than a healthy broker takes; what could not be sent by then is worth nothing.
_SEND_TIMEOUT_SECONDS: Final = 2.0
_LOOK_AFTER_SECONDS: Final = 1.0
# A reader that stands still costs the broker no more than this; the oldest goes first.
_BACKLOG: Final[dict[str, Any]] = {
    "x-message-ttl": 2_000,
    "x-max-length": 1_000,
    "x-max-length-bytes": 16 * 1024 * 1024,
    "x-overflow": "drop-head",
}

log = structlog.get_logger(__name__)

Hear = Callable[[bytes], None]


class FanOut:
    """One process's place among those that tell each other.

    Args:
        name: Of the exchange, in the broker's namespace; the queue's begins with it.
        member: Names this process and no other one.
        silent_seconds: Who has sent and hears nothing for so long, not even itself, takes its place anew.
    """

    def __init__(
        self,
        broker: Broker,
        name: str,
        *,
        member: str,
        silent_seconds: float = 5.0,
        backoff: Backoff | None = None,
    ) -> None:
        self._broker = broker
        self._name = broker.named(name)
        self.queue = broker.named(name, member)
        self._silent_seconds = silent_seconds
        self._backoff = backoff or Backoff()
        self._exchange: AbstractExchange | None = None
        self._unheard_since: float | None = None
        self._had_place = False

    @property
    def ready(self) -> bool:
        """Tell whether this process can send and hear."""
        return self._exchange is not None and self._broker.ready

    async def send(self, body: bytes) -> bool:
        """Send to all who listen now. Return whether the broker took it; never wait for a connection."""
        if self._exchange is None:
            return False
        message = Message(body, delivery_mode=DeliveryMode.NOT_PERSISTENT)
        # Before it goes out: it may be back before the broker's word that it has it.
        self._unheard_since = self._unheard_since or time.monotonic()
        try:
            with client_errors():
                await self._exchange.publish(message, "", mandatory=False, timeout=_SEND_TIMEOUT_SECONDS)
        except UnavailableError:
            return False
        return True

    async def run(self, hear: Hear) -> None:
        """Hand over what is sent, until cancelled, through every loss of the connection, the queue or the exchange.

        Args:
            hear: Called with each message, of any author and any content; it bears them all.
        """
        attempt = 1
        while True:
            await asyncio.sleep(self._backoff.seconds_before(attempt))
            self._had_place = False
            try:
                await self._take_part(hear)
            except (UnavailableError, SubscriptionLostError) as error:
                attempt = 2 if self._had_place else attempt + 1
                log.warning("fan_out_lost", queue=self.queue, error=type(error).__name__, attempt=attempt)

    async def _take_part(self, hear: Hear) -> None:
        loss = awaited_loss()
        channel = await self._broker.channel()
        try:
            await tell_of_loss(channel, loss)
            self._exchange = await self._listen(channel, hear, loss)
            self._unheard_since, self._had_place = None, True
            await self._hold(loss)
        finally:
            self._exchange = None
            await close_channel(channel)

    async def _listen(self, channel: AbstractChannel, hear: Hear, loss: "asyncio.Future[None]") -> AbstractExchange:
        async def deliver(message: AbstractIncomingMessage) -> None:
            self._unheard_since = None
            try:
                hear(message.body)
            except Exception as error:  # noqa: BLE001 - handed on to whoever runs this; the client would only log it
                if not loss.done():
                    loss.set_exception(error)

        with client_errors():
            exchange = await channel.declare_exchange(
                self._name, ExchangeType.FANOUT, auto_delete=True, timeout=_TIMEOUT_SECONDS
            )
            queue = await channel.declare_queue(
                self.queue, exclusive=True, auto_delete=True, arguments=_BACKLOG, timeout=_TIMEOUT_SECONDS
            )
            await queue.bind(exchange, timeout=_TIMEOUT_SECONDS)
            await queue.consume(deliver, no_ack=True, timeout=_TIMEOUT_SECONDS)
        return exchange

    async def _hold(self, loss: "asyncio.Future[None]") -> None:
        """Return never: raise when the place is lost, also when the broker took it away without a word."""
        look_after = min(_LOOK_AFTER_SECONDS, self._silent_seconds)
        while True:
            done, _ = await asyncio.wait((loss,), timeout=look_after)
            if done:
                loss.result()
            if self._unheard_since is not None and time.monotonic() - self._unheard_since > self._silent_seconds:
                raise SubscriptionLostError(self.queue)
