"""Secrets on their way to the service that sends them out: outside the log, sealed, and dead when they expire.

A one-time code must not be in an event (OTC-04, OTC-05). Its message has a queue of its own, so that it waits behind
no bulk; the broker drops it at the end of its life; what cannot be handled is parked without the secret.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from ansinh_kit.clock import Clock, SystemClock
from ansinh_kit.errors import UnavailableError
from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.burst import OutgoingMessage
from ansinh_kit.messaging.envelope import Envelope, UnreadableError, read_envelope, split
from ansinh_kit.messaging.errors import NotPublishedError
from ansinh_kit.messaging.handling import Failure, Handling
from ansinh_kit.messaging.incoming import Handler
from ansinh_kit.messaging.metrics import CONSUMER_READY, PARKED
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.publisher import EVENT_ID_HEADER, STREAM_ID_HEADER, ConfirmedPublisher
from ansinh_kit.messaging.reading import Arrival, QueueReader, Worker
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.messaging.sealing import FieldOpener, FieldSealer
from ansinh_kit.messaging.subscription import Subscription
from ansinh_kit.publication import Publication, SecretRoute

_EXPIRES_AT_HEADER: Final = "expires_at_milliseconds"

log = structlog.get_logger(__name__)


class SecretPublisher:
    """Hands secrets to the broker."""

    def __init__(
        self,
        broker: Broker,
        route: SecretRoute,
        *,
        sealer: FieldSealer,
        clock: Clock | None = None,
        timeout_seconds: float = 3.0,
    ) -> None:
        self._broker = broker
        self._route = route
        self._sealer = sealer
        self._clock = clock or SystemClock()
        self._timeout_seconds = timeout_seconds
        self._publisher = ConfirmedPublisher(
            broker,
            producer=route.message.producer(),
            prepare=partial(topology.declare_secret_queue, broker=broker, route=route),
        )

    async def publish(
        self,
        message: IntegrationEvent,
        *,
        message_id: str,
        correlation_id: str,
        expires_at: datetime,
        causation_id: str | None = None,
    ) -> None:
        """Return when the broker has it. It may arrive twice: `message_id` tells, and is bound into the seal.

        Raises:
            UnavailableError: Not confirmed in time: it may or may not be sent on. Show the person an honest wait.
        """
        sealed = self.seal(message, message_id=message_id, correlation_id=correlation_id, causation_id=causation_id)
        await self.publish_sealed(sealed, message_id=message_id, expires_at=expires_at)

    def seal(
        self, message: IntegrationEvent, *, message_id: str, correlation_id: str, causation_id: str | None = None
    ) -> bytes:
        """Return the message as it travels, its secrets for the recipient's eyes only: it may be stored until sent."""
        data, sealed = split(message, event_id=message_id, sealer=self._sealer)
        return Envelope(
            name=message.name,
            version=message.version,
            event_id=message_id,
            stream_id=message_id,
            stream_version=1,
            position=0,
            occurred_at=self._clock.now(),
            correlation_id=correlation_id,
            causation_id=causation_id,
            data=data,
            sealed=sealed,
        ).to_bytes()

    async def publish_sealed(self, sealed: bytes, *, message_id: str, expires_at: datetime) -> None:
        """Publish what `seal` returned; as `publish`."""
        life_milliseconds = int((expires_at - self._clock.now()).total_seconds() * 1000)
        if life_milliseconds <= 0:
            log.warning("secret_expired_before_publishing", message_id=message_id)
            return
        headers = {
            EVENT_ID_HEADER: message_id,
            STREAM_ID_HEADER: message_id,
            _EXPIRES_AT_HEADER: str(int(expires_at.timestamp() * 1000)),
        }
        queue = topology.secret_queue_name(self._broker, self._route)
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._publisher.publish(
                    OutgoingMessage("", queue, sealed, headers, life_milliseconds=life_milliseconds)
                )
        except (NotPublishedError, TimeoutError) as error:
            raise UnavailableError("rabbitmq") from error

    async def close(self) -> None:
        await self._publisher.close()


class SecretConsumer:
    """Gives secrets to one handler while they live; any number of processes may read side by side."""

    def __init__(
        self,
        broker: Broker,
        route: SecretRoute,
        handler: Handler,
        *,
        parking: Parking,
        opener: FieldOpener,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        prefetch: int = 16,
    ) -> None:
        producer = route.message.producer()
        publication = Publication(producer, {route.recipient: frozenset({route.message})}, partitions=1)
        handling = Handling(Subscription(publication, route.recipient, {route.message: handler}), opener)
        queue = topology.secret_queue_name(broker, route)
        self._parking = parking

        def worker() -> Worker:
            return _LivingSecrets(
                queue, route.recipient, handling, parking=parking, retry=retry or RetryPolicy(), clock=clock
            )

        self._reader = QueueReader(
            broker,
            queues={queue: worker},
            declare=partial(topology.declare_secret_queue, broker=broker, route=route),
            prefetch=prefetch,
            report=CONSUMER_READY.labels(route.recipient, f"{producer} secrets").set,
        )

    @property
    def ready(self) -> bool:
        return self._reader.ready

    async def run(self) -> None:
        """Consume until cancelled."""
        await self._parking.start()
        await self._reader.run()


class _LivingSecrets:
    def __init__(
        self,
        queue: str,
        consumer: str,
        handling: Handling,
        *,
        parking: Parking,
        retry: RetryPolicy,
        clock: Clock | None,
    ) -> None:
        self._queue = queue
        self._consumer = consumer
        self._handling = handling
        self._parking = parking
        self._retry = retry
        self._clock = clock or SystemClock()

    async def settle(self, arrival: Arrival) -> None:
        """Return when the secret is handled, dead, or parked without what is sealed in it."""
        try:
            envelope = read_envelope(arrival.body)
        except UnreadableError as error:
            await self._park(arrival, Failure(error.reason, None, final=True), attempts=0)
            return
        with structlog.contextvars.bound_contextvars(
            correlation_id=envelope.correlation_id, causation_id=envelope.event_id, event_id=envelope.event_id
        ):
            await self._handle(arrival, envelope)

    async def _handle(self, arrival: Arrival, envelope: Envelope) -> None:
        attempt = 1
        while self._alive(arrival):
            failure = await self._handling.attempt(envelope)
            if failure is None:
                self._handling.count(envelope, "handled")
                return
            if failure.final or attempt >= self._retry.attempts:
                await self._park(arrival, failure, attempts=attempt)
                self._handling.count(envelope, "parked")
                return
            attempt += 1
            self._handling.count_retry(envelope)
            await asyncio.sleep(self._retry.backoff.seconds_before(attempt))
        self._handling.count(envelope, "expired")
        log.warning("secret_expired", event_name=envelope.name, attempts=attempt - 1)

    def _alive(self, arrival: Arrival) -> bool:
        """Tell whether the secret is still of use; one that does not say so is taken for dead."""
        try:
            expires_at_milliseconds = int(arrival.header(_EXPIRES_AT_HEADER) or "")
        except ValueError:
            return False
        return self._clock.now().timestamp() * 1000 < expires_at_milliseconds

    async def _park(self, arrival: Arrival, failure: Failure, *, attempts: int) -> None:
        await self._parking.park(
            _told_of(arrival.body),
            consumer=self._consumer,
            queue=self._queue,
            reason=failure.reason,
            detail=failure.detail,
            attempts=attempts,
            replayable=False,
        )
        PARKED.labels(self._consumer, failure.reason).inc()


def _told_of(body: bytes) -> bytes:
    """Return what an operator is to see of a secret that is never sent again: all but the secret and its target."""
    try:
        return read_envelope(body).without_sealed_fields().to_bytes()
    except UnreadableError:
        return body
