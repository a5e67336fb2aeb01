"""What a consumer does with the messages of one partition: handle, try again, park. Source: ADR-0003."""

import asyncio
from typing import Final

import structlog

from ansinh_kit.errors import UnavailableError
from ansinh_kit.messaging.envelope import Envelope, UnreadableError, read_envelope
from ansinh_kit.messaging.handling import Failure, Handling
from ansinh_kit.messaging.metrics import PARKED
from ansinh_kit.messaging.parking import BEHIND, Parking
from ansinh_kit.messaging.reading import Arrival
from ansinh_kit.messaging.retry import RetryPolicy

PARKED_ID_HEADER: Final = "parked_id"

log = structlog.get_logger(__name__)


class Partition:
    """Handles one queue's messages, for one subscription to it. Those of one stream come one after the other.

    A message that fails is tried again right here, while the later ones of its stream wait behind it and other
    streams go on. Sent back or aside, it would be overtaken.
    """

    def __init__(self, queue: str, consumer: str, handling: Handling, *, parking: Parking, retry: RetryPolicy) -> None:
        self._queue = queue
        self._consumer = consumer
        self._handling = handling
        self._parking = parking
        self._retry = retry
        self._blocked: set[str] | None = None
        self._loading = asyncio.Lock()

    async def settle(self, arrival: Arrival) -> None:
        """Return when the message is handled or parked."""
        try:
            envelope = read_envelope(arrival.body)
        except UnreadableError as error:
            await self._park(arrival.body, Failure(error.reason, None, final=True), attempts=0)
            return
        with structlog.contextvars.bound_contextvars(
            correlation_id=envelope.correlation_id, causation_id=envelope.event_id, event_id=envelope.event_id
        ):
            await self._settle_event(arrival, envelope)

    async def _settle_event(self, arrival: Arrival, envelope: Envelope) -> None:
        parked_id = arrival.header(PARKED_ID_HEADER)
        parked = None if parked_id is None else await self._parking.find(parked_id)
        if parked_id is not None and (parked is None or parked.stream_id is not None):
            await self._go_on(envelope.stream_id)
            return
        await self._handle_in_order(arrival.body, envelope)
        if parked_id is not None:
            # It could not be read when it was parked, and now it can: it is an arrival like any other.
            await self._parking.remove(parked_id)

    async def _handle_in_order(self, body: bytes, envelope: Envelope) -> None:
        if envelope.stream_id in await self._blocked_streams():
            await self._parking.park_behind(body, consumer=self._consumer, queue=self._queue)
            self._handling.count(envelope, "parked")
            PARKED.labels(self._consumer, BEHIND).inc()
        else:
            await self._handle_or_park(body, envelope)

    async def _go_on(self, stream_id: str) -> None:
        """Handle what is parked of the stream, oldest first, as far as it goes: an operator asked for it.

        Also after a crash half-way: what was handled is no longer parked, and the rest is found here again.
        """
        while (first := await self._parking.find_first(self._queue, stream_id)) is not None:
            if not await self._handle_or_park(first.body, read_envelope(first.body)):
                return
            await self._parking.remove(first.parked_id)
        (await self._blocked_streams()).discard(stream_id)

    async def _blocked_streams(self) -> set[str]:
        """Return the streams that wait for an operator, read when the first message comes.

        Not before: until then another process may be the queue's one active consumer and may park. From then on
        it is this one until its subscription ends, so the set in memory stays right.
        """
        async with self._loading:
            if self._blocked is None:
                self._blocked = await self._parking.blocked_streams(self._queue)
            return self._blocked

    async def _handle_or_park(self, body: bytes, envelope: Envelope) -> bool:
        """Tell whether the message was handled; if not, it is parked and holds its stream back."""
        attempt = 1
        while (failure := await self._handling.attempt(envelope)) is not None:
            if (failure.final or attempt >= self._retry.attempts) and await self._try_park(body, failure, attempt):
                (await self._blocked_streams()).add(envelope.stream_id)
                self._handling.count(envelope, "parked")
                return False
            attempt += 1
            self._handling.count_retry(envelope)
            await asyncio.sleep(self._retry.backoff.seconds_before(attempt))
        self._handling.count(envelope, "handled")
        return True

    async def _try_park(self, body: bytes, failure: Failure, attempts: int) -> bool:
        """Tell whether the message is parked. With the database away the handler is rather tried again.

        Most handlers fail for that very reason then, and need no operator once it is back.
        """
        try:
            await self._park(body, failure, attempts=attempts)
        except UnavailableError:
            log.warning("parking_unavailable", reason=failure.reason)
            return False
        return True

    async def _park(self, body: bytes, failure: Failure, *, attempts: int) -> None:
        parked = await self._parking.park(
            body,
            consumer=self._consumer,
            queue=self._queue,
            reason=failure.reason,
            detail=failure.detail,
            attempts=attempts,
        )
        PARKED.labels(self._consumer, failure.reason).inc()
        log.error("message_parked", parked_id=parked.parked_id, reason=failure.reason, detail=failure.detail)
