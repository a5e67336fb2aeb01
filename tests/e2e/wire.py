"""Looking at, and meddling with, every message that goes over the broker."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from tests.plugins.system import RunningSystem

_PRODUCERS = ("auth", "registration", "notifications", "records")
_DOUBLED = "x-test-doubled"


@dataclass
class Tapped:
    """Bodies and headers of all messages seen, published or delivered, on whatever exchange."""

    bodies: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def tapped(system: RunningSystem) -> AsyncIterator[Tapped]:
    """See every message of the broker while inside, by its own tracing: secrets' queues have no exchange to bind to."""
    system.broker_control("trace_on")
    seen = Tapped()
    connection = await aio_pika.connect(system.amqp_url)
    try:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind("amq.rabbitmq.trace", "#")

        async def keep(message: AbstractIncomingMessage) -> None:
            seen.bodies.append(message.body + repr(message.headers).encode())

        await queue.consume(keep, no_ack=True)
        yield seen
    finally:
        await connection.close()
        system.broker_control("trace_off")


@dataclass
class Doubled:
    """How many messages were sent a second time."""

    count: int = 0


@asynccontextmanager
async def doubled(system: RunningSystem, *, window: int) -> AsyncIterator[Doubled]:
    """Publish every integration event a second time, later and in another order: each window of them backwards."""
    tally = Doubled()
    connection = await aio_pika.connect(system.amqp_url)
    try:
        channel = await connection.channel()
        held: list[tuple[aio_pika.abc.AbstractExchange, AbstractIncomingMessage]] = []
        flushing = asyncio.Lock()

        async def again(exchange: aio_pika.abc.AbstractExchange, message: AbstractIncomingMessage) -> None:
            if _DOUBLED in message.headers:
                return
            held.append((exchange, message))
            if len(held) >= window:
                await flush()

        async def flush() -> None:
            async with flushing:
                batch, held[:] = held[::-1], []
                for exchange, message in batch:
                    copy = aio_pika.Message(message.body, headers={**message.headers, _DOUBLED: 1})
                    await exchange.publish(copy, message.routing_key or "")
                    tally.count += 1

        for producer in _PRODUCERS:
            exchange = await channel.get_exchange(f"{system.layout.namespace}.{producer}.events")
            queue = await channel.declare_queue(exclusive=True)
            await queue.bind(exchange, "#")
            await queue.consume(partial(again, exchange), no_ack=True)
        yield tally
        await flush()
    finally:
        await connection.close()
