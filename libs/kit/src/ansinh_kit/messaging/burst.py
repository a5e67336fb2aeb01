"""Many confirmed publishes in one write. Source: ADR-0003.

The client's own `basic_publish` takes a lock, a timer and a system call for every message: at thousands a second that
is half of what publishing costs. Here the messages published in one turn of the event loop go out together. It is the
one module that reaches into the client's channel (its delivery tags and pending confirms), so that a new version of
the client is checked in one place.
"""

import asyncio
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from aiormq.abc import ChannelFrame
from aiormq.channel import Channel as ClientChannel
from aiormq.exceptions import ChannelInvalidStateError
from pamqp.base import Frame
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.header import ContentHeader

_PERSISTENT: Final = 2


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


@dataclass(frozen=True, slots=True)
class _Publish:
    message_id: str
    payload: bytes
    confirmation: asyncio.Future[object]


class BurstChannel:
    """Publishes persistent, mandatory messages over a channel that nothing else publishes on."""

    def __init__(self, channel: ClientChannel, *, timeout_seconds: float) -> None:
        self._channel = channel
        self._timeout_seconds = timeout_seconds
        self._gathered: list[_Publish] = []
        self._writing: asyncio.Task[None] | None = None

    @property
    def is_closed(self) -> bool:
        return self._channel.is_closed

    async def publish(self, message: OutgoingMessage) -> None:
        """Return when the broker has confirmed.

        Raises:
            PublishError: No queue takes it.
            DeliveryError: The broker refused it.
            TimeoutError: No confirm in time; later ones of this channel can no longer be trusted to come either.
            Exception: The channel was lost, as the client tells it: see `client_errors`.
        """
        # Fresh for every publish: the client finds the confirm of a returned message by it, and two publishes
        # in flight under one id mix theirs up. The event's own id is in a header.
        message_id = uuid.uuid4().hex
        payload = self._payload(message, message_id)
        self._refuse_when_closed()
        confirmation: asyncio.Future[object] = self._channel.create_future()
        self._gathered.append(_Publish(message_id, payload, confirmation))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_gathered())
        await confirmation

    def _refuse_when_closed(self) -> None:
        # The client would keep a confirm asked of a closed channel waiting for ever.
        if self._channel.is_closed:
            raise ChannelInvalidStateError(f"{self._channel} closed")

    def _payload(self, message: OutgoingMessage, message_id: str) -> bytes:
        method = Basic.Publish(exchange=message.exchange, routing_key=message.routing_key, mandatory=True)
        header = ContentHeader(properties=_properties(message, message_id), body_size=len(message.body))
        frames: list[Frame | ContentHeader | ContentBody] = [method, header, *self._body_frames(message.body)]
        return ChannelFrame.marshall(channel_number=self._channel.number, frames=frames).payload

    def _body_frames(self, body: bytes) -> Iterator[ContentBody]:
        size = self._channel.max_content_size
        return (ContentBody(body[start : start + size]) for start in range(0, len(body), size))

    async def _write_gathered(self) -> None:
        while self._gathered:
            burst, self._gathered = self._gathered, []
            # Those whose caller has gone meanwhile, or whose channel has, are answered already.
            await self._write([publish for publish in burst if not publish.confirmation.done()])

    async def _write(self, burst: Sequence[_Publish]) -> None:
        """Number the messages in the order in which they go out: the broker counts along."""
        for publish in burst:
            self._channel.delivery_tag += 1
            self._channel.confirmations[self._channel.delivery_tag] = publish.confirmation
            self._remember(publish, self._channel.delivery_tag)
        asyncio.get_running_loop().call_later(self._timeout_seconds, self._expire, self._channel.delivery_tag)
        payload = b"".join(publish.payload for publish in burst)
        # A blocked connection takes nothing; then the confirms run out of time, all the same.
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout_seconds):
                await self._channel.write_queue.put(ChannelFrame(payload=payload, should_close=False))

    def _remember(self, publish: _Publish, delivery_tag: int) -> None:
        tags = self._channel.message_id_delivery_tag
        tags[publish.message_id] = delivery_tag
        publish.confirmation.add_done_callback(lambda _: tags.pop(publish.message_id, None))

    def _expire(self, last_tag: int) -> None:
        pending = self._channel.confirmations
        for tag in list(takewhile(lambda tag: tag <= last_tag, pending)):
            if not pending[tag].done():
                pending[tag].set_exception(TimeoutError())


def _properties(message: OutgoingMessage, message_id: str) -> Basic.Properties:
    return Basic.Properties(
        content_type="application/json",
        delivery_mode=_PERSISTENT,
        message_id=message_id,
        expiration=None if message.life_milliseconds is None else str(message.life_milliseconds),
        headers=dict(message.headers),
    )
