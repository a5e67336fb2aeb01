"""Exchanges, queues and bindings, with every behaviour stated: the broker's defaults differ between 3.10 and 4.x.

One topic exchange per producer; per subscriber and partition one quorum queue with a single active consumer, and per
subscriber one queue for what the broker gave up on. Producer and consumer declare the same queues, whoever comes
first; bindings are the producer's alone. Source: ADR-0003.
"""

from typing import Any, Final

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel

from ansinh_kit.integration_event import IntegrationEvent
from ansinh_kit.messaging.broker import Broker
from ansinh_kit.messaging.client_errors import client_errors
from ansinh_kit.publication import Publication, SecretRoute

_DELIVERY_LIMIT: Final = 20
# 4.x drops a message after 20 returns unless told otherwise, and 3.10 refuses the -1 that would tell it "never".
_NO_DELIVERY_LIMIT: Final = 1_000_000
_DECLARE_TIMEOUT_SECONDS: Final = 10.0

_QUORUM: Final[dict[str, Any]] = {
    "x-queue-type": "quorum",
    "x-quorum-initial-group-size": 3,
    "x-queue-leader-locator": "balanced",
    # At-least-once dead-lettering asks for it. No length is limited: publishers are held back by the disk alarm.
    "x-overflow": "reject-publish",
}


def exchange_name(broker: Broker, producer: str) -> str:
    return broker.named(producer, "events")


def routing_key(event: type[IntegrationEvent], partition: int) -> str:
    """Return `registration.declaration_valid.v1.p3`."""
    return f"{event.name}.v{event.version}.p{partition}"


def queue_name(broker: Broker, publication: Publication, consumer: str, partition: int) -> str:
    return broker.named(consumer, "from", publication.producer, f"p{partition}")


def dead_queue_name(broker: Broker, publication: Publication, consumer: str) -> str:
    return broker.named(consumer, "from", publication.producer, "dead")


def secret_queue_name(broker: Broker, route: SecretRoute) -> str:
    return broker.named(route.recipient, "secrets", "from", route.message.producer())


async def declare_exchange(channel: AbstractChannel, broker: Broker, producer: str) -> None:
    with client_errors():
        await channel.declare_exchange(
            exchange_name(broker, producer), ExchangeType.TOPIC, durable=True, timeout=_DECLARE_TIMEOUT_SECONDS
        )


async def declare_queues(channel: AbstractChannel, broker: Broker, publication: Publication, consumer: str) -> None:
    """Declare the consumer's partition queues and its queue of dead letters.

    Raises:
        UnavailableError: Not now; or a queue of that name stands there with other arguments (see the cause).
    """
    dead = dead_queue_name(broker, publication, consumer)
    await _declare_queue(channel, dead, {"x-delivery-limit": _NO_DELIVERY_LIMIT})
    for partition in range(publication.partitions):
        await _declare_queue(
            channel,
            queue_name(broker, publication, consumer, partition),
            {
                "x-single-active-consumer": True,
                "x-delivery-limit": _DELIVERY_LIMIT,
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": dead,
                "x-dead-letter-strategy": "at-least-once",
            },
        )


async def declare_secret_queue(channel: AbstractChannel, broker: Broker, route: SecretRoute) -> None:
    """Declare the queue of secrets. Nothing of it is dead-lettered: what expires, or kills every reader, is dropped."""
    await _declare_queue(channel, secret_queue_name(broker, route), {"x-delivery-limit": _DELIVERY_LIMIT})


async def _declare_queue(channel: AbstractChannel, name: str, arguments: dict[str, Any]) -> None:
    with client_errors():
        await channel.declare_queue(name, durable=True, arguments=_QUORUM | arguments, timeout=_DECLARE_TIMEOUT_SECONDS)


async def bind(
    channel: AbstractChannel, broker: Broker, publication: Publication, consumer: str, event_name: str
) -> None:
    """Let events of this name, in any version, flow to the consumer; a version it does not know yet parks there."""
    underlay = await channel.get_underlay_channel()
    with client_errors():
        for queue, key in _bindings(broker, publication, consumer, event_name):
            await underlay.queue_bind(
                queue, exchange_name(broker, publication.producer), key, timeout=_DECLARE_TIMEOUT_SECONDS
            )


async def unbind(
    channel: AbstractChannel, broker: Broker, publication: Publication, consumer: str, event_name: str
) -> None:
    """Stop events of this name from flowing to the consumer; it is no error if they never did."""
    underlay = await channel.get_underlay_channel()
    with client_errors():
        for queue, key in _bindings(broker, publication, consumer, event_name):
            await underlay.queue_unbind(
                queue, exchange_name(broker, publication.producer), key, timeout=_DECLARE_TIMEOUT_SECONDS
            )


def _bindings(broker: Broker, publication: Publication, consumer: str, event_name: str) -> list[tuple[str, str]]:
    return [
        (queue_name(broker, publication, consumer, partition), f"{event_name}.*.p{partition}")
        for partition in range(publication.partitions)
    ]
