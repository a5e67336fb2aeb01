"""Publishing that returns only when the broker has the message safe."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, cast

from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import DeliveryError, PublishError
from aiormq.channel import Channel as ClientChannel

from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.broker import Broker, close_channel
from ansinh_kit.messaging.burst import BurstChannel, OutgoingMessage
from ansinh_kit.messaging.client_errors import CLIENT_ERRORS, cancelled_by_client, ended_by_client
from ansinh_kit.messaging.errors import NotPublishedError, UnroutableError
from ansinh_kit.messaging.metrics import CONFIRMED, NOT_CONFIRMED, PUBLISHED

EVENT_ID_HEADER: Final = "event_id"
STREAM_ID_HEADER: Final = "stream_id"


class ConfirmedPublisher:
    """Publishes persistent, mandatory messages over one channel, many at once; opens a new one when it is lost.

    Args:
        prepare: Called with every new channel before the first publish: declares what is published to.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        producer: str,
        prepare: Callable[[AbstractChannel], Awaitable[None]],
        timeout_seconds: float = 10.0,
    ) -> None:
        self._broker = broker
        self._prepare = prepare
        self._timeout_seconds = timeout_seconds
        self._channel: AbstractChannel | None = None
        self._burst: BurstChannel | None = None
        self._opening = asyncio.Lock()
        self._published = PUBLISHED.labels(producer)
        self._confirmed = CONFIRMED.labels(producer)
        self._producer = producer

    async def publish(self, message: OutgoingMessage) -> None:
        """Return when the broker has confirmed; the message then survives any restart of it.

        Raises:
            UnroutableError: No queue takes it.
            NotPublishedError: Refused, or no confirm in time: it may or may not stand in a queue.
        """
        try:
            await self._publish(message)
        except NotPublishedError as error:
            NOT_CONFIRMED.labels(self._producer, error.outcome).inc()
            raise
        self._confirmed.inc()

    async def open(self) -> None:
        """Return when there is a channel and `prepare` has had it.

        Raises:
            UnavailableError: The connection was lost meanwhile.
        """
        await self._open()

    async def close(self) -> None:
        """Give up the channel; publishes still waiting for their confirm fail."""
        channel, self._channel, self._burst = self._channel, None, None
        if channel is not None:
            await close_channel(channel)

    async def _publish(self, message: OutgoingMessage) -> None:
        try:
            burst = await self._open()
        except UnavailableError as error:
            raise NotPublishedError("no channel") from error
        self._published.inc()
        try:
            await burst.publish(message)
        except PublishError as error:
            raise UnroutableError(message.routing_key) from error
        except DeliveryError as error:
            raise NotPublishedError("refused") from error
        except TimeoutError as error:
            # Later confirms of this channel can no longer be trusted to come either.
            await self.close()
            raise NotPublishedError("no confirm in time") from error
        except CLIENT_ERRORS as error:
            raise NotPublishedError("connection lost") from error
        except asyncio.CancelledError as error:
            if cancelled_by_client():
                raise NotPublishedError("connection lost") from error
            raise
        except Exception as error:
            if ended_by_client(error):
                raise NotPublishedError("connection lost") from error
            raise

    async def _open(self) -> BurstChannel:
        if self._burst is not None and not self._burst.is_closed:
            return self._burst
        async with self._opening:
            if self._burst is not None and not self._burst.is_closed:
                return self._burst
            await self.close()
            channel = await self._broker.channel()
            try:
                await self._prepare(channel)
            except BaseException:
                await close_channel(channel)
                raise
            self._channel = channel
            # Its abstract type leaves out what the one implementation has.
            client = cast("ClientChannel", await channel.get_underlay_channel())
            self._burst = BurstChannel(client, timeout_seconds=self._timeout_seconds)
            return self._burst
