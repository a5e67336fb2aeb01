"""Publishing that returns only when the broker has the message safe."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import DeliveryError, PublishError
from aiormq.channel import Channel as ClientChannel
from pamqp.commands import Basic

from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.broker import Broker, close_channel
from ansinh_kit.messaging.client_errors import CLIENT_ERRORS, cancelled_by_client, ended_by_client
from ansinh_kit.messaging.errors import NotPublishedError, UnroutableError
from ansinh_kit.messaging.metrics import CONFIRMED, NOT_CONFIRMED, PUBLISHED

_PERSISTENT: Final = 2
EVENT_ID_HEADER: Final = "event_id"
STREAM_ID_HEADER: Final = "stream_id"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """`exchange` "" is the broker's own: there the routing key is the name of a queue.

    Args:
        life_milliseconds: After so long the broker drops the message; `None` for ever.
    """

    exchange: str
    routing_key: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    life_milliseconds: int | None = None


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
        self._client: ClientChannel | None = None
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
        channel, self._channel, self._client = self._channel, None, None
        if channel is not None:
            await close_channel(channel)

    async def _publish(self, message: OutgoingMessage) -> None:
        try:
            client = await self._open()
        except UnavailableError as error:
            raise NotPublishedError("no channel") from error
        self._published.inc()
        try:
            # Straight to the channel below: an exchange object would only wrap this one call. `wait=False` leaves
            # out the wait for the socket, which the confirm makes needless.
            await client.basic_publish(
                message.body,
                exchange=message.exchange,
                routing_key=message.routing_key,
                properties=_properties(message),
                mandatory=True,
                timeout=self._timeout_seconds,
                wait=False,
            )
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

    async def _open(self) -> ClientChannel:
        if self._client is not None and not self._client.is_closed:
            return self._client
        async with self._opening:
            if self._client is not None and not self._client.is_closed:
                return self._client
            await self.close()
            channel = await self._broker.channel()
            try:
                await self._prepare(channel)
            except BaseException:
                await close_channel(channel)
                raise
            self._channel = channel
            # Its abstract type leaves out `wait`, which the one implementation has.
            self._client = cast("ClientChannel", await channel.get_underlay_channel())
            return self._client


def _properties(message: OutgoingMessage) -> Basic.Properties:
    return Basic.Properties(
        content_type="application/json",
        delivery_mode=_PERSISTENT,
        # Fresh for every publish: the client finds the confirm of a returned message by it, and two publishes
        # in flight under one id mix theirs up. The event's own id is in a header.
        message_id=uuid.uuid4().hex,
        expiration=None if message.life_milliseconds is None else str(message.life_milliseconds),
        headers=dict(message.headers),
    )
