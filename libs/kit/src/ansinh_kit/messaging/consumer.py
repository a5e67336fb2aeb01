"""Events of one producer into the handlers of one service. Source: ADR-0003."""

from collections.abc import Callable
from functools import partial

import structlog
from aio_pika.abc import AbstractChannel

from ansinh_kit.messaging import topology
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.handling import Handling
from ansinh_kit.messaging.metrics import CONSUMER_READY, PARKED
from ansinh_kit.messaging.parking import Parking
from ansinh_kit.messaging.partition import Partition
from ansinh_kit.messaging.reading import Arrival, QueueReader, Worker
from ansinh_kit.messaging.retry import RetryPolicy
from ansinh_kit.messaging.sealing import FieldOpener
from ansinh_kit.messaging.subscription import Subscription

DELIVERY_LIMIT = "delivery_limit"

log = structlog.get_logger(__name__)


class Consumer:
    """Calls the subscription's handlers, each event at least once, those of one stream in order.

    Streams run side by side, up to `prefetch` of them in each partition. Of several processes with the same
    subscription one reads each partition; another takes over when it goes.
    """

    def __init__(
        self,
        broker: Broker,
        subscription: Subscription,
        *,
        parking: Parking,
        opener: FieldOpener,
        retry: RetryPolicy | None = None,
        prefetch: int = 32,
    ) -> None:
        self._broker = broker
        self._subscription = subscription
        self._parking = parking
        self._handling = Handling(subscription, opener)
        self._retry = retry or RetryPolicy()
        ready_gauge = CONSUMER_READY.labels(subscription.consumer, subscription.producer)
        self._reader = QueueReader(
            broker, queues=self._queues(), declare=self._declare, prefetch=prefetch, report=ready_gauge.set
        )

    @property
    def ready(self) -> bool:
        """Tell whether every partition is being read now; readiness fails without it."""
        return self._reader.ready

    async def run(self) -> None:
        """Consume until cancelled. What is not handled by then comes again to whoever reads next."""
        await self._parking.start()
        await self._reader.run()

    def _queues(self) -> dict[str, Callable[[], Worker]]:
        publication, consumer = self._subscription.publication, self._subscription.consumer
        queues: dict[str, Callable[[], Worker]] = {}
        for number in range(publication.partitions):
            name = topology.queue_name(self._broker, publication, consumer, number)
            queues[name] = partial(self._partition, name)
        queues[topology.dead_queue_name(self._broker, publication, consumer)] = self._dead_letters
        return queues

    def _partition(self, queue: str) -> Worker:
        return Partition(queue, self._subscription.consumer, self._handling, parking=self._parking, retry=self._retry)

    def _dead_letters(self) -> Worker:
        return DeadLetters(self._broker, self._subscription, self._parking)

    async def _declare(self, channel: AbstractChannel) -> None:
        await topology.declare_queues(
            channel, self._broker, self._subscription.publication, self._subscription.consumer
        )


class DeadLetters:
    """Parks what the broker gave up on: messages that were being worked on each time this process died.

    It is the one way in which an event can be overtaken by a later one of its stream: those go on meanwhile.
    """

    def __init__(self, broker: Broker, subscription: Subscription, parking: Parking) -> None:
        self._broker = broker
        self._subscription = subscription
        self._parking = parking

    async def settle(self, arrival: Arrival) -> None:
        """Return when the message is parked, to be replayed into the partition of its stream."""
        publication, consumer = self._subscription.publication, self._subscription.consumer
        partition = publication.partition_of(arrival.stream_id or "")
        queue = topology.queue_name(self._broker, publication, consumer, partition)
        parked = await self._parking.park(arrival.body, consumer=consumer, queue=queue, reason=DELIVERY_LIMIT)
        PARKED.labels(consumer, DELIVERY_LIMIT).inc()
        log.error("message_parked", parked_id=parked.parked_id, reason=DELIVERY_LIMIT)
