"""Sending parked messages to their handlers again, by an operator's command."""

from aio_pika.abc import AbstractChannel

from ansinh_kit.errors import NotFoundError, RefusedError
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.burst import OutgoingMessage
from ansinh_kit.messaging.parking import ParkedFilter, ParkedMessage, Parking
from ansinh_kit.messaging.partition import PARKED_ID_HEADER
from ansinh_kit.messaging.publisher import EVENT_ID_HEADER, STREAM_ID_HEADER, ConfirmedPublisher


class ParkedMessageNotFoundError(NotFoundError):
    code = "parked_message_not_found"

    def __init__(self, parked_id: str) -> None:
        super().__init__(f"nothing is parked as {parked_id}")
        self.parked_id = parked_id


class NotReplayableError(RefusedError):
    """The message was too large to keep, or was a secret, dead by now."""

    code = "not_replayable"

    def __init__(self, parked_id: str) -> None:
        super().__init__(f"{parked_id} cannot be replayed")
        self.parked_id = parked_id


class Replayer:
    """Puts parked messages back into the queue they came from; the consumer there does the rest, in order."""

    def __init__(self, broker: Broker, parking: Parking) -> None:
        self._parking = parking
        self._publisher = ConfirmedPublisher(broker, producer="replay", prepare=_declare_nothing)

    async def close(self) -> None:
        await self._publisher.close()

    async def replay(self, parked_id: str) -> str:
        """Send the message again, or the one that it waits behind. Returns the id of what was sent.

        It stays parked until it has been handled, so a replay may be repeated and a failure loses nothing.

        Raises:
            ParkedMessageNotFoundError: It was handled or removed meanwhile.
            NotReplayableError: There is nothing to send.
            NotPublishedError: The broker did not take it.
        """
        message = await self._parking.find(parked_id)
        if message is None:
            raise ParkedMessageNotFoundError(parked_id)
        if message.stream_id is not None:
            message = await self._parking.find_first(message.queue, message.stream_id) or message
        if not message.replayable:
            raise NotReplayableError(message.parked_id)
        await self._publisher.publish(_outgoing(message))
        return message.parked_id

    async def replay_all(self, matching: ParkedFilter | None = None, *, limit: int = 1000) -> list[str]:
        """Send all that match and can be, each stream's first. Returns the ids of what was sent.

        Raises:
            NotPublishedError: The broker did not take one; those before it are on their way.
        """
        sent: dict[tuple[str, str], str] = {}
        for message in await self._parking.list(matching, limit=limit):
            stream = (message.queue, message.stream_id or message.parked_id)
            if message.replayable and stream not in sent:
                try:
                    sent[stream] = await self.replay(message.parked_id)
                except ParkedMessageNotFoundError:
                    continue
        return list(sent.values())


def _outgoing(message: ParkedMessage) -> OutgoingMessage:
    headers = {PARKED_ID_HEADER: message.parked_id}
    if message.stream_id is not None and message.event_id is not None:
        headers |= {STREAM_ID_HEADER: message.stream_id, EVENT_ID_HEADER: message.event_id}
    return OutgoingMessage(exchange="", routing_key=message.queue, body=message.body, headers=headers)


async def _declare_nothing(_: AbstractChannel) -> None:
    """A queue that is gone must be declared by its consumer: here the message is returned, and that is told."""
